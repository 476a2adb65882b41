// Passkeys need scripts: what asks for one is shown where there are some, and says so when it fails.
"use strict";

if (window.PublicKeyCredential) for (const form of document.querySelectorAll(".passkey")) form.hidden = false;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const place of document.querySelectorAll("[data-passkey-failed]")) place.hidden = false;
});
