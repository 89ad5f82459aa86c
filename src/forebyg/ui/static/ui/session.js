// Warns two minutes before the session ends, and clears the screen when it has ended.
// Every window of the same browser shares the session, so they tell one another when it was used.
(() => {
  "use strict";
  const { sessionEnds, sessionNow, sessionExtend } = document.body.dataset;
  const dialog = document.getElementById("app-session");
  if (!sessionEnds || !dialog) return;

  const length = Date.parse(sessionEnds) - Date.parse(sessionNow || new Date().toISOString());
  const WARNING = Math.min(120_000, length / 2);
  const windows = new BroadcastChannel("forebyg-session");
  const failed = dialog.querySelector("[data-app-session-failed]");
  let ends = Date.now() + length;

  function used() {
    ends = Date.now() + length;
    failed.hidden = true;
    if (dialog.open) dialog.close();
  }
  function usedHere() {
    used();
    windows.postMessage("used");
  }
  windows.addEventListener("message", used);
  document.addEventListener("app:session-used", usedHere);
  document.addEventListener("htmx:after:request", (event) => {
    if ((event.detail?.ctx?.response?.status ?? 500) < 400) usedHere();
  });

  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    let extended = false;
    try {
      const answer = await fetch(sessionExtend, { method: "POST", body: new URLSearchParams(new FormData(event.target)), credentials: "same-origin" });
      extended = answer.ok && !answer.redirected;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // TypeError: no connection
    }
    if (extended) usedHere();
    else failed.hidden = false;
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault()); // Escape must not read as "I am here"

  setInterval(() => {
    const left = ends - Date.now();
    if (left <= 0) window.location.reload(); // the server answers with the sign-in page
    else if (left <= WARNING && !dialog.open) dialog.showModal();
  }, 1000);

  windows.postMessage("used"); // this page was just fetched
})();
