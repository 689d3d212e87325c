// Names and keyboard access for what the theme leaves without: its search, the copy buttons that it
// adds while one scrolls, and the cells of labs.
let named = 0;
function mend() {
  document.querySelector(".md-search:not([aria-label])")?.setAttribute("aria-label", "Search");
  for (const nav of document.querySelectorAll(".md-code__nav:not([aria-label])")) {
    nav.setAttribute("aria-label", `Code block ${++named}`);
  }
  for (const cell of document.querySelectorAll(".highlight-ipynb:not([tabindex])")) {
    cell.tabIndex = 0;
  }
}
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
mend();
