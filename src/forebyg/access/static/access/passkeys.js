// Starts allauth's script on the page's form with data-passkey, and says it on the page when the browser gives no passkey.
(() => {
  "use strict";
  const { forms } = window.allauth.webauthn;
  const start = { add: forms.addForm, authenticate: forms.authenticateForm, login: forms.loginForm };
  const ids = { credential: "passkey-credential", passwordless: "id_passwordless" };

  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const kind = form.dataset.passkey;
  const options = form.dataset.passkeyOptions;
  const data = { creation_options: options && JSON.parse(options), request_options: options && JSON.parse(options) };
  start[kind]({ ids: { ...ids, [kind]: "passkey-button" }, data });

  const failed = document.getElementById("passkey-failed");
  document.getElementById("passkey-button").addEventListener("click", () => (failed.hidden = true));
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    failed.hidden = false;
  });
})();
