// Makes pages quicker to use; every one of them works without it.
"use strict";

// --- suggestions while one types: a combobox with a list (ARIA 1.2)

class Suggestions {
  constructor(input) {
    this.input = input;
    this.list = document.getElementById(input.getAttribute("aria-controls"));
    this.asked = "";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("autocomplete", "off");
    this.close();
    input.addEventListener("input", () => this.soon());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get current() {
    return this.list.querySelector("[aria-selected=true]");
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 120);
  }

  async ask() {
    const typed = this.input.value.trim();
    this.asked = typed;
    if (typed.length < 2) return this.close();
    const answer = await fetch(`${this.input.dataset.suggest}?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (this.asked !== typed || document.activeElement !== this.input) return;
    if (!answer || !answer.ok) return this.close();
    this.list.innerHTML = await answer.text();
    if (!this.options.length) return this.close();
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.asked = "";
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.current) {
      event.preventDefault();
      this.choose(this.current);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  move(step) {
    const options = this.options;
    const at = options.indexOf(this.current);
    const next = options[(at + step + (at < 0 && step < 0 ? 1 : 0) + options.length) % options.length];
    for (const option of options) option.setAttribute("aria-selected", String(option === next));
    this.input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  choose(option) {
    if (!option) return;
    const address = option.dataset.address;
    if (address) {
      location.assign(address);
      return;
    }
    this.input.value = option.dataset.text;
    this.close();
    this.input.form.requestSubmit();
  }
}

for (const input of document.querySelectorAll("[data-suggest]")) new Suggestions(input);

// --- results that htmx brings

const opened = new Set();

function restoreOpened() {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
}

document.addEventListener("toggle", ({ target }) => {
  if (target.id && target.matches("details")) opened[target.open ? "add" : "delete"](target.id);
}, true);

document.addEventListener("htmx:afterSettle", () => {
  restoreOpened();
  const found = document.getElementById("found");
  const said = document.getElementById("said");
  if (found && said) {
    said.textContent = "";
    setTimeout(() => { said.textContent = found.dataset.said; }, 50);
    document.title = found.dataset.title || document.title;
    // The link that was followed is gone: go on from the heading of the results.
    if (document.activeElement === document.body) found.querySelector("h2[tabindex]")?.focus({ preventScroll: true });
  }
});

// Fields that say nothing stay out of the address.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const parameters = detail.parameters;
  for (const [name, value] of [...parameters.entries()]) if (value === "") parameters.delete(name);
});

// A page that the server refuses to draw in part is shown whole.
document.addEventListener("htmx:responseError", ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));

// The same for a form that is sent without htmx.
document.addEventListener("submit", (event) => {
  const target = event.target;
  if (event.defaultPrevented || target.method !== "get") return;
  for (const field of target.elements) if (field.name && field.value === "" && field.type !== "submit") field.disabled = true;
  setTimeout(() => { for (const field of target.elements) field.disabled = false; });
});

// --- one view of a resource

const viewed = document.querySelector("[data-viewed]");
if (viewed && crypto.randomUUID) {
  navigator.sendBeacon(viewed.dataset.viewed, new URLSearchParams({ event: crypto.randomUUID() }));
}

// --- a form that only leads on; not for those who come back from there

const leading = document.querySelector("form[data-send]");
if (leading && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") leading.submit();

// --- an order that waits to be confirmed: shown anew once its state is another

const waiting = document.querySelector("[data-waits]");

async function lookAgain() {
  const answer = await fetch(waiting.dataset.waits).catch(() => null);
  if (answer?.ok && (await answer.json()).state !== "pending") return location.reload();
  setTimeout(lookAgain, 3000);
}
if (waiting) setTimeout(lookAgain, 3000);
