// The calculator of the capacity page: the arithmetic of snippets/inference/capacity_parts.py, on
// the facts of the tables of the page. Without this script, the tables are what there is.
const number = (text) => Number(text.replaceAll(",", ""));

function factsOf(heading) {
  for (const table of document.querySelectorAll(".md-content table")) {
    const titles = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
    if (!titles.includes(heading)) continue;
    return [...table.querySelectorAll("tbody tr")].map((row) =>
      Object.fromEntries([...row.children].map((cell, i) => [titles[i], cell.textContent.trim()])),
    );
  }
  throw new Error(`the page has no table with a column "${heading}"`);
}

function readFacts() {
  const named = (rows, key) => new Map(rows.map((row) => [row[key], row]));
  const model = named(factsOf("longest context"), "model");
  for (const row of factsOf("head width")) Object.assign(model.get(row.model), row);
  const assumed = factsOf("assumption").map((row) => number(row.value));
  return {
    model,
    device: named(factsOf("fp8 TFLOP/s"), "device"),
    precision: named(factsOf("bytes per note"), "precision"),
    page: assumed[0], reserve: assumed[1], chunk: assumed[2], widths: assumed[3], sync: assumed[4] / 1e6,
  };
}

function refuse(facts, asked) {
  for (const kind of ["model", "device", "precision"]) {
    if (!facts[kind].has(asked[kind])) {
      return `unknown ${kind} '${asked[kind]}'; known: ${[...facts[kind].keys()].join(", ")}`;
    }
  }
  if (asked.precision === "fp8" && !number(facts.device.get(asked.device)["fp8 TFLOP/s"])) {
    return `${asked.device} has no hardware for fp8; take bf16 or int4-weights`;
  }
  for (const name of ["n_devices", "context", "batch"]) {
    const given = asked[name];
    if (!/^\d+$/.test(given) || !(Number(given) >= 1 && Number.isSafeInteger(Number(given)))) {
      return `${name} must be a whole number of at least 1, got ${given || "nothing"}`;
    }
  }
  const model = facts.model.get(asked.model);
  const most = number(model["longest context"]), heads = number(model["stored heads"]);
  if (Number(asked.context) > most) return `${asked.model} reads ${most} tokens at most, got ${asked.context}`;
  if (heads % Number(asked.n_devices)) return `${heads} stored heads do not divide over ${asked.n_devices} devices`;
  return "";
}

function talkTime(facts, layers, width, tokens, cards, link) {
  if (cards === 1) return 0;
  const moved = (8 * layers * width * tokens * (cards - 1)) / cards;
  return Math.max(4 * layers * facts.sync, moved / link);
}

function capacityPlan(facts, asked) {
  const wrong = refuse(facts, asked);
  if (wrong) throw new RangeError(wrong);
  const m = facts.model.get(asked.model), card = facts.device.get(asked.device);
  const kind = facts.precision.get(asked.precision);
  const n = Number(asked.n_devices), tokens = Number(asked.context), batch = Number(asked.batch);
  const [params, layers, width] = [number(m.weights), number(m.layers), number(m.width)];
  const [heads, stored, head] = [number(m.heads), number(m["stored heads"]), number(m["head width"])];
  const memory = number(card.GB) * 1e9, link = number(card["link GB/s"]) * 1e9;
  const bandwidth = n * number(card["TB/s"]) * 1e12;
  const rate = n * number(card[asked.precision === "fp8" ? "fp8 TFLOP/s" : "TFLOP/s"]) * 1e12;
  const perToken = 2 * layers * stored * head * number(kind["bytes per note"]);

  const weights = params * number(kind["bytes per weight"]);
  const notes = Math.ceil(tokens / facts.page) * facts.page * perToken;
  const alive = facts.widths * 2 * width * Math.min(facts.chunk, batch * tokens);
  const usable = memory * (1 - facts.reserve);
  let needed = 0;
  for (let k = stored; k >= 1; k--) {
    if (stored % k === 0 && weights + batch * notes + alive <= k * usable) needed = k;
  }
  const pairs = 2 * layers * heads * head;
  const reading = Math.max(weights / bandwidth, (2 * params * tokens + pairs * tokens ** 2) / rate);
  const parts = {
    weights: weights / bandwidth,
    notes: (batch * tokens * perToken) / bandwidth,
    math: (batch * (2 * params + 2 * pairs * tokens)) / rate,
    talk: talkTime(facts, layers, width, batch, n, link),
  };
  const fetch = parts.weights + parts.notes, slower = Math.max(fetch, parts.math);
  const step = slower + parts.talk, hop = Math.max(facts.sync, (2 * batch * width) / link);
  let binds = parts.math >= fetch ? "math" : parts.notes > parts.weights ? "notes" : "weights";
  if (parts.talk > slower) binds = "talk";
  return {
    weight_bytes: weights,
    note_bytes_per_user: notes,
    activation_bytes: alive,
    reserved_bytes: n * memory * facts.reserve,
    fits: weights + batch * notes + alive <= n * usable,
    devices_needed: needed,
    users_that_fit: Math.max(0, Math.floor((n * usable - weights - alive) / notes)),
    prefill_seconds: reading + talkTime(facts, layers, width, tokens, n, link),
    fetch_seconds: fetch,
    math_seconds: parts.math,
    talk_seconds: parts.talk,
    decode_seconds: step,
    tokens_per_second: batch / step,
    tokens_per_second_per_device: batch / step / n,
    pipeline_seconds: n * slower + (n - 1) * hop,
    binds,
  };
}

const STYLE = `
capacity-calculator { display: block; border: 1px solid var(--md-default-fg-color--lighter); padding: .8rem; }
capacity-calculator form { display: grid; gap: .6rem; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); }
capacity-calculator label { display: grid; gap: .2rem; }
capacity-calculator :is(input, select) { box-sizing: border-box; width: 100%; min-height: 2.2rem; padding: .3rem;
  font: inherit; color: inherit; background: var(--md-default-bg-color);
  border: 1px solid var(--md-default-fg-color--light); border-radius: .2rem; }
capacity-calculator option { color: #000; background: #fff; }
capacity-calculator :is(input, select):focus-visible { outline: 2px solid; outline-offset: 2px; }
.md-typeset capacity-calculator dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 1rem 0 0; }
.md-typeset capacity-calculator dd { margin: 0; font-variant-numeric: tabular-nums; }
capacity-calculator p { margin: .8rem 0 0; font-weight: 700; }
@media (max-width: 30em) { .md-typeset capacity-calculator dl { grid-template-columns: 1fr; gap: 0; }
  .md-typeset capacity-calculator dd { margin-bottom: .5rem; } }`;

const FIELDS = [
  ["model", "Model", "Llama-3-70B"],
  ["device", "Card", "H100 SXM"],
  ["n_devices", "Cards", "4"],
  ["context", "Tokens per user", "8192"],
  ["batch", "Users at once", "16"],
  ["precision", "Precision", "bf16"],
];

const make = (tag, text = "", attributes = {}) => {
  const element = Object.assign(document.createElement(tag), { textContent: text });
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};
const short = (value, digits = 1) => value.toLocaleString("en", { maximumFractionDigits: digits });
const gb = (bytes) => `${short(bytes / 1e9, 2)} GB (${short(bytes / 2 ** 30, 2)} GiB)`;
const ms = (seconds) => `${short(1e3 * seconds, 2)} ms`;

class CapacityCalculator extends HTMLElement {
  connectedCallback() {
    if (this.form) return;
    this.facts = readFacts();
    const url = new URLSearchParams(location.search);
    this.form = make("form", "", { "aria-label": "Capacity calculator" });
    for (const [name, title, usual] of FIELDS) this.form.append(this.field(name, title, url.get(name) ?? usual));
    this.said = make("p", "", { role: "status" });
    this.list = make("dl");
    this.replaceChildren(make("style", STYLE), this.form, this.said, this.list);
    this.form.addEventListener("input", () => this.update(true));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.update(false);
  }

  field(name, title, value) {
    const label = make("label", title);
    const known = this.facts[name];
    const control = make(known instanceof Map ? "select" : "input", "", { name });
    if (known instanceof Map) {
      const names = [...known.keys()];
      if (!names.includes(value)) names.push(value); // an address may say anything: it is refused
      for (const one of names) control.append(make("option", one, { value: one }));
    } else {
      control.inputMode = "numeric";
      control.autocomplete = "off";
    }
    control.value = value;
    label.append(control);
    return label;
  }

  asked() {
    const typed = Object.fromEntries(new FormData(this.form));
    return Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, text.trim()]));
  }

  plan(asked) {
    return capacityPlan(this.facts, asked);
  }

  update(keep) {
    const asked = this.asked();
    if (keep) history.replaceState(null, "", `?${new URLSearchParams(asked)}${location.hash}`);
    this.list.replaceChildren();
    const wrong = refuse(this.facts, asked);
    this.toggleAttribute("data-refused", Boolean(wrong));
    if (wrong) {
      this.said.textContent = `Not possible: ${wrong}.`;
      return;
    }
    this.show(this.plan(asked), asked);
  }

  show(p, asked) {
    const enough = p.devices_needed ? `${p.devices_needed} needed` : "more needed than the heads allow";
    this.said.textContent = `${p.fits ? "It fits" : "It does not fit"}: room for ${short(p.users_that_fit)} users, ${enough} for ${short(Number(asked.batch))}. What binds: ${p.binds}.`;
    const rows = [
      ["Weights", gb(p.weight_bytes)],
      ["Notes of one user", gb(p.note_bytes_per_user)],
      ["In flight", gb(p.activation_bytes)],
      ["Kept in reserve", gb(p.reserved_bytes)],
      ["One prompt", ms(p.prefill_seconds)],
      ["One step", `${ms(p.decode_seconds)} (fetch ${ms(p.fetch_seconds)}, math ${ms(p.math_seconds)}, talk ${ms(p.talk_seconds)})`],
      ["As a pipeline", ms(p.pipeline_seconds)],
      ["Tokens per second", `${short(p.tokens_per_second)}, ${short(p.tokens_per_second_per_device)} per card`],
    ];
    for (const [name, value] of rows) this.list.append(make("dt", name), make("dd", value));
  }
}

customElements.define("capacity-calculator", CapacityCalculator);
