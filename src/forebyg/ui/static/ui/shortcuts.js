// j and k go to the next and previous row of a list with data-shortcuts, Enter opens it. Off when the worker has said so (WCAG 2.1.4).
(() => {
  "use strict";
  if (document.body.hasAttribute("data-shortcuts-off")) return;

  const links = () => [...document.querySelectorAll("[data-shortcuts] [data-shortcut-row] a[href], [data-shortcuts] tbody tr a[href]")]
    .filter((link, index, all) => all.findIndex((other) => row(other) === row(link)) === index);
  const row = (link) => link.closest("[data-shortcut-row], tr");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "j" && event.key !== "k") return;
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const all = links();
    if (all.length === 0) return;
    const here = all.findIndex((link) => row(link).contains(document.activeElement));
    const there = event.key === "j" ? Math.min(here + 1, all.length - 1) : Math.max(here - 1, 0);
    all[there].focus(); // Enter then opens it: that is what a link does
    event.preventDefault();
  });
})();
