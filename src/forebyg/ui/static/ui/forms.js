// Forms are sent once, and drafts are kept on the server while the worker writes.
(() => {
  "use strict";
  const WAIT = 2000; // milliseconds after the last change

  // A second click does not send again. Forms that answer with a file to download carry data-repeatable.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog" || form.hasAttribute("data-repeatable")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => form.querySelectorAll("[type=submit]").forEach((button) => { button.disabled = true; }));
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelectorAll("[type=submit]").forEach((button) => { button.disabled = false; });
    }
  });

  const waiting = new Map();

  async function keep(form, leaving) {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    const status = form.querySelector("[data-draft-status]");
    const content = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") content.append(name, value);
    let kept = false;
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: content, credentials: "same-origin", keepalive: leaving });
      kept = answer.ok && !answer.redirected;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // TypeError: no connection
    }
    if (kept) document.dispatchEvent(new Event("app:session-used"));
    if (!status) return;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    status.textContent = kept ? status.dataset.draftSaved.replace("{tid}", time) : status.dataset.draftFailed;
    status.classList.toggle("is-failed", !kept);
  }

  function changed(event) {
    const form = event.target.closest?.("form[data-draft-url]");
    if (!form || form.dataset.sent) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keep(form, false), WAIT));
  }
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("submit", (event) => {
    clearTimeout(waiting.get(event.target));
    waiting.delete(event.target);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const form of [...waiting.keys()]) keep(form, true);
  });
})();
