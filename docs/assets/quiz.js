// The self-test: options become buttons, and the page grades itself. What is right stands in the
// folds already, so without this script they are what there is.
const plain = (element) => element.textContent.trim().replace(/\s+/g, " ");

function question(item, number) {
  const options = item.querySelector("ul"), fold = item.querySelector("details");
  const right = plain(fold.querySelector("strong"));
  const set = document.createElement("fieldset"), legend = document.createElement("legend");
  const asked = item.querySelector("p") ?? item.firstChild;
  legend.append(`${number + 1}. `, ...(asked.nodeType === Node.ELEMENT_NODE ? asked.childNodes : [asked]));
  set.append(legend);
  for (const option of options.children) {
    const label = document.createElement("label"), box = document.createElement("input");
    Object.assign(box, { type: "radio", name: `q${number}`, value: plain(option) });
    label.append(box, ` ${plain(option)}`); // the mark of a computed number would give it away
    set.append(label);
  }
  if (asked.nodeType === Node.ELEMENT_NODE) asked.remove();
  options.replaceWith(set);
  fold.hidden = true;
  return { item, set, fold, right };
}

function grade(questions, said) {
  let good = 0, open = 0;
  for (const { item, set, fold, right } of questions) {
    const chosen = set.querySelector("input:checked");
    item.classList.toggle("right", chosen?.value === right);
    item.classList.toggle("wrong", Boolean(chosen) && chosen.value !== right);
    good += chosen?.value === right;
    open += !chosen;
    fold.hidden = !chosen;
    fold.open = Boolean(chosen) && chosen.value !== right;
  }
  const rest = open ? ` ${open} not answered yet.` : "";
  said.textContent = `${good} of ${questions.length} right.${rest} Answers to what went wrong are open above.`;
}

for (const quiz of document.querySelectorAll(".quiz")) {
  const questions = [...quiz.querySelectorAll(":scope > ol > li")].map(question);
  quiz.classList.add("graded");
  const button = document.createElement("button"), said = document.createElement("p");
  Object.assign(button, { type: "button", className: "md-button", textContent: "Grade me" });
  said.setAttribute("role", "status");
  button.addEventListener("click", () => grade(questions, said));
  quiz.append(button, said);
}
