// Starts the design system's components, also on what htmx swaps in, and keeps the focus where the worker is.
// DKFDS.init() is not used: called twice it binds everything twice, and its texts are Danish only.
(() => {
  "use strict";
  const { DKFDS } = window;
  const body = document.body;
  const started = new WeakSet();
  const texts = {
    character_remaining: body.dataset.appLeft,
    characters_remaining: body.dataset.appLeft,
    character_too_many: body.dataset.appOver,
    characters_too_many: body.dataset.appOver,
  };
  const components = [
    [".form-limit", (element) => new DKFDS.CharacterLimit(element, texts).init()],
    ["table.table--selectable", (element) => new DKFDS.TableSelectableRows(element).init()],
    ["[data-module='error-summary']", (element) => new DKFDS.ErrorSummary(element).init()],
    [".accordion", (element) => new DKFDS.Accordion(element).init()],
    [".app-fold[data-app-open-from]", foldOnNarrowScreens],
    [".app-bulk[data-app-counts]", countMarkedRows],
  ];

  function foldOnNarrowScreens(fold) {
    if (window.innerWidth < Number(fold.dataset.appOpenFrom)) fold.open = false;
  }

  function countMarkedRows(bar) {
    const table = document.getElementById(bar.dataset.appCounts);
    const count = bar.querySelector("p");
    if (!table) return;
    const update = () => {
      const marked = table.querySelectorAll("tbody .form-checkbox:checked").length;
      const words = marked === 0 ? bar.dataset.appNone : marked === 1 ? bar.dataset.appOne : bar.dataset.appMany;
      count.textContent = words.replace("{antal}", String(marked));
      bar.classList.toggle("is-used", marked > 0);
    };
    table.addEventListener("change", () => setTimeout(update));
    update();
  }

  function start(root) {
    for (const [selector, construct] of components) {
      const found = [...root.querySelectorAll(selector)];
      if (root instanceof Element && root.matches(selector)) found.push(root);
      for (const element of found) {
        if (started.has(element)) continue;
        started.add(element);
        construct(element);
      }
    }
  }

  function startMenu() {
    if (!document.querySelector(".mobile-drawer")) return;
    new DKFDS.Navigation().init();
    const more = document.querySelector(".more-button span");
    if (more) more.textContent = body.dataset.appMore;
  }

  // A fold-out menu closes by Escape and by a click outside it.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".app-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(".app-menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // After a swap: new components start; the focus goes to the errors, or, when what had it is gone, to the new heading.
  document.addEventListener("htmx:after:swap", (event) => {
    let swapped = event.detail?.ctx?.target;
    if (typeof swapped === "string") swapped = document.querySelector(swapped); // as HX-Retarget leaves it
    if (swapped && !swapped.isConnected) swapped = document.getElementById(swapped.id); // it was exchanged as a whole
    const root = swapped ?? document.getElementById("main-content");
    start(root);
    const errors = root.querySelector("[data-module='error-summary']");
    if (errors) return; // it took the focus when it started
    if (root.id === "status") {
      root.scrollIntoView({ block: "nearest" });
      return;
    }
    if (document.activeElement && document.activeElement !== body) return;
    const heading = root.querySelector("h1, h2, h3");
    if (!heading) return;
    if (!heading.hasAttribute("tabindex")) heading.setAttribute("tabindex", "-1");
    heading.focus();
  });

  function say(words) {
    const status = document.getElementById("status");
    if (status) status.textContent = words;
  }
  document.addEventListener("htmx:error", () => say(body.dataset.appOffline));

  startMenu();
  start(document);
})();
