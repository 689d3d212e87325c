// Names and keyboard access for what the theme leaves without: its search, the copy buttons that it
// adds while one scrolls, the cells of labs, and what is too wide for the screen.
let named = 0;
function mend() {
  document.querySelector(".md-search:not([aria-label])")?.setAttribute("aria-label", "Search");
  for (const nav of document.querySelectorAll(".md-code__nav:not([aria-label])")) {
    nav.setAttribute("aria-label", `Code block ${++named}`);
  }
  for (const cell of document.querySelectorAll(".highlight-ipynb:not([tabindex])")) {
    cell.tabIndex = 0;
  }
  const wide = ".formula, .snippet-table, .md-typeset__scrollwrap";
  for (const box of document.querySelectorAll(`:is(${wide}):not([tabindex])`)) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
addEventListener("resize", mend);
document.addEventListener("toggle", mend, true); // a fold that opens may hold something wide
mend();
