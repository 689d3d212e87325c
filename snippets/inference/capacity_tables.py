"""Tables for packing: all the facts, some plans, and a prediction beside what was measured.

Source: the measured times: Carol Chen (kipply), "Transformer Inference Arithmetic", 30 March 2022,
section "comparing against real benchmarks", https://kipp.ly/transformer-inference-arithmetic/
"""

from dataclasses import asdict

from snippets.inference.capacity import PRECISIONS, plan
from snippets.inference.capacity_parts import (
    CHUNK_TOKENS,
    PAGE_TOKENS,
    RESERVED_SHARE,
    SYNC_SECONDS,
    WIDTHS_IN_FLIGHT,
)
from snippets.inference.facts_capacity import CARD_LINKS, MODEL_SIZES, TIMED_TOKENS
from snippets.inference.facts_devices import ACCELERATORS
from snippets.inference.facts_models import LLAMA_2_13B, MODEL_SHAPES

CAPACITY_CASES = (  # model, device, n_devices, context, batch, precision: the page must agree
    ("Llama-3-8B", "A100 40 GB", 1, 8192, 1, "bf16"),
    ("Llama-3-8B", "H100 SXM", 1, 8192, 32, "fp8"),
    ("Anthropic 52B", "A100 40 GB", 4, 8192, 1, "bf16"),
    ("Anthropic 52B", "A100 40 GB", 4, 2048, 8, "bf16"),
    ("Llama-3-70B", "H100 SXM", 2, 8192, 1, "bf16"),
    ("Llama-3-70B", "H100 SXM", 4, 8192, 16, "bf16"),
    ("Llama-3-70B", "A100 80 GB SXM", 1, 8192, 4, "int4-weights"),
    ("Llama-3.1-405B", "H100 SXM", 8, 8192, 1, "bf16"),
    ("Llama-3.1-405B", "H200 SXM", 8, 131_072, 8, "fp8"),
    ("SmolLM2-135M", "A100 40 GB", 3, 100, 2000, "bf16"),
    ("Qwen3-4B", "H200 SXM", 1, 1001, 512, "bf16"),
    ("Llama-2-13B", "A100 40 GB", 40, 1, 1, "bf16"),
)


def benchmark_rows() -> list[dict[str, float]]:
    """Predict kipply's 13B times from 12 L d^2 weights and 1.5e12 byte/s, as she did."""
    weights = 2 * 12 * LLAMA_2_13B.n_layers * LLAMA_2_13B.d_model**2
    rows = []
    for timed in TIMED_TOKENS:
        floor = 1e3 * weights / timed.cards / 1.5e12
        share = 100 * floor / timed.measured_ms
        rows.append({"cards": timed.cards, "floor": floor, "measured": timed.measured_ms})
        rows[-1]["share"] = share
    return rows


if __name__ == "__main__":
    shapes, chips = {s.name: s for s in MODEL_SHAPES}, {c.name: c for c in ACCELERATORS}
    models = [{**asdict(shapes[m.name]), **asdict(m)} for m in MODEL_SIZES]
    devices = []
    for way in CARD_LINKS:
        chip, fp8 = chips[way.name], way.fp8_flops / 1e12
        rates = {"teraflops": chip.flops / 1e12, "terabytes": chip.bandwidth / 1e12}
        rates |= {"fp8": round(fp8, 1), "link": way.link / 1e9, "gb": chip.memory_bytes / 1e9}
        devices.append({"name": way.name, **rates})
    precisions = [{"name": k, "weight": w, "note": n} for k, (w, n) in PRECISIONS.items()]
    assumptions = [
        {"what": "tokens in a page", "value": PAGE_TOKENS},
        {"what": "share of a card kept in reserve", "value": RESERVED_SHARE},
        {"what": "tokens in one pass of a prompt, at most", "value": CHUNK_TOKENS},
        {"what": "numbers in flight, per token and unit of width", "value": WIDTHS_IN_FLIGHT},
        {"what": "microseconds for one short exchange", "value": round(1e6 * SYNC_SECONDS)},
    ]

    names = ("model", "device", "n_devices", "context", "batch", "precision")
    cases = [dict(zip(names, c, strict=True)) | asdict(plan(*c)) for c in CAPACITY_CASES]
    table = []
    for case in cases:
        row = {k: case[k] for k in ("model", "context", "batch", "binds")}
        row["cards"] = f"{case['n_devices']} x {case['device']}, {case['precision']}"
        row["fits"] = "yes" if case["fits"] else "no"
        row["needed"] = case["devices_needed"] or "none is enough"
        row["users"] = case["users_that_fit"]
        row["prompt"] = 1e3 * case["prefill_seconds"]
        row["step"] = 1e3 * case["decode_seconds"]
        row["rate"] = case["tokens_per_second"]
        table.append(row)
        print(f"{row['model']:15} on {row['cards']:31} fits: {row['fits']}")
    benchmark = benchmark_rows()
    for bench in benchmark:
        print(f"13B on {bench['cards']}: floor {bench['floor']:.1f} ms, {bench['share']:.0f} %")

    four = plan("Llama-3-70B", "H100 SXM", 4, 8192, 16)
    eight = plan("Llama-3-70B", "H100 SXM", 8, 8192, 16)
    faster = four.decode_seconds / eight.decode_seconds
    small4 = plan("Llama-3-8B", "H100 SXM", 1, 8192, 1, "int4-weights")
    small16 = plan("Llama-3-8B", "H100 SXM", 1, 8192, 1)
    users = {"four": four.users_that_fit, "eight": eight.users_that_fit}
    more_users = users["eight"] / users["four"]
    answers = {
        "one_card": asdict(plan("Llama-3-70B", "A100 80 GB SXM", 1, 8192, 1, "int4-weights")),
        "talk_share": 100 * eight.talk_seconds / eight.decode_seconds,
        "int4_faster": small16.decode_seconds / small4.decode_seconds,
        "pipeline_slower": four.pipeline_seconds / four.decode_seconds,
        "left_gb": 2 * 80 - four.weight_bytes / 1e9,
        "four_ms": 1e3 * four.decode_seconds,
        "eight_ms": 1e3 * eight.decode_seconds,
        "notes_gb": four.note_bytes_per_user / 1e9,
        "alive_gb": four.activation_bytes / 1e9,
        "reserved_gb": four.reserved_bytes / 2e9,
        "pipeline_ms": 1e3 * four.pipeline_seconds,
        "page_waste_percent": 100 * 15 / 8192,
    }
    answers["still_free_gb"] = answers["left_gb"] - answers["reserved_gb"] - answers["alive_gb"]
    million_tokens = 4 * 2 / (four.tokens_per_second * 3600) * 1e6
    hand = asdict(plan("Anthropic 52B", "A100 40 GB", 4, 8192, 1))
    hand_gb = {name: value / 1e9 for name, value in hand.items() if "_byte" in name}
    hand_ms = {name: 1e3 * value for name, value in hand.items() if name.endswith("_seconds")}
    hand_left_gb = 4 * 40 - hand_gb["weight_bytes"]
    hand_free_gb = hand_left_gb - hand_gb["reserved_bytes"] - hand_gb["activation_bytes"]
