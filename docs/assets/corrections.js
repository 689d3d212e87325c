// Find in the corrections: entries that lack the typed words are hidden, and chapters without any.
const filter = document.querySelector(".filter"), lists = document.querySelectorAll(".corrections");
filter.hidden = false;
filter.querySelector("input").addEventListener("input", ({ target }) => {
  const words = target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const list of lists) {
    const items = [...list.querySelectorAll(":scope > ul > li")];
    for (const item of items) {
      const text = item.textContent.toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
    }
    list.hidden = items.every((item) => item.hidden);
    const heading = list.previousElementSibling;
    if (heading?.matches("h2")) heading.hidden = list.hidden;
  }
});
