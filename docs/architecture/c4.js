"use strict";
// Pan, zoom, filter, and the evidence of arrows. Everything that it shows stands in the tables of the page too.

const STEP = 1.25;
const NEAREST = 0.1; // of the picture's width
const FARTHEST = 4;
const HIGHEST = 0.8; // of the window
const LOWEST = 240; // pixels
const DRAG = 4; // pixels, from which a press is no click
const SEARCHED = 12; // rows of a table, from which it can be searched
const NEAR_EDGE = 60; // pixels left of the present page in a row of pages that scrolls
const NARROW = 600; // pixels of a window, up to which the tables beside a picture are open at first

class View {
  constructor(figure) {
    this.figure = figure;
    this.frame = figure.querySelector(".view");
    this.picture = figure.querySelector(".picture");
    const box = this.picture.viewBox.baseVal;
    this.full = { x: box.x, y: box.y, width: box.width, height: box.height };
    figure.classList.add("live");
    this.fit();
    this.listen();
  }

  // The whole picture, in the middle, no larger than it was drawn.
  fit() {
    const wide = this.frame.clientWidth;
    const high = document.fullscreenElement ? this.frame.clientHeight : Math.min(HIGHEST * window.innerHeight, this.full.height * Math.min(1, wide / this.full.width));
    if (!document.fullscreenElement) this.frame.style.height = `${Math.max(high, LOWEST)}px`;
    const scale = Math.min(1, wide / this.full.width, this.frame.clientHeight / this.full.height);
    const width = wide / scale, height = this.frame.clientHeight / scale;
    this.show({ x: (this.full.width - width) / 2, y: (this.full.height - height) / 2, width, height });
  }

  show(part) {
    this.part = part;
    this.picture.setAttribute("viewBox", [part.x, part.y, part.width, part.height].map((n) => n.toFixed(2)).join(" "));
  }

  scale() { return 1 / this.picture.getScreenCTM().a; }

  zoom(factor, at) {
    const width = Math.min(this.full.width * FARTHEST, Math.max(this.full.width * NEAREST, this.part.width * factor));
    const change = width / this.part.width;
    const point = at || { x: this.part.x + this.part.width / 2, y: this.part.y + this.part.height / 2 };
    this.show({
      x: point.x - (point.x - this.part.x) * change,
      y: point.y - (point.y - this.part.y) * change,
      width,
      height: this.part.height * change,
    });
  }

  move(x, y) { this.show({ ...this.part, x: this.part.x + x, y: this.part.y + y }); }

  place(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.picture.getScreenCTM().inverse());
    return { x: point.x, y: point.y };
  }

  listen() {
    this.frame.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY > 0 ? STEP : 1 / STEP, this.place(event));
    }, { passive: false });
    this.frame.addEventListener("keydown", (event) => this.press(event));
    window.addEventListener("resize", () => this.fit());
    this.figure.addEventListener("fullscreenchange", () => this.fit());
    this.drag();
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = this.part.width / 10;
    const keys = {
      ArrowLeft: () => this.move(-far, 0), ArrowRight: () => this.move(far, 0),
      ArrowUp: () => this.move(0, -far), ArrowDown: () => this.move(0, far),
      "+": () => this.zoom(1 / STEP), "=": () => this.zoom(1 / STEP), "-": () => this.zoom(STEP), "0": () => this.fit(),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  drag() {
    const fingers = new Map();
    let moved = 0;
    const spread = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a.x - b.x, a.y - b.y); };
    this.frame.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (fingers.size === 1) moved = 0;
    });
    this.frame.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const far = fingers.size > 1 ? spread() : 0;
      const x = event.clientX - before.x, y = event.clientY - before.y;
      moved += Math.abs(x) + Math.abs(y);
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (fingers.size > 1) this.zoom(far / Math.max(spread(), 1), this.place(event));
      else if (moved > DRAG) {
        this.frame.setPointerCapture(event.pointerId);
        this.frame.classList.add("moving");
        const scale = this.scale();
        this.move(-x * scale, -y * scale);
      }
    });
    const end = (event) => { fingers.delete(event.pointerId); this.frame.classList.remove("moving"); };
    this.frame.addEventListener("pointerup", end);
    this.frame.addEventListener("pointercancel", end);
    this.frame.addEventListener("click", (event) => {
      if (moved > DRAG) { event.preventDefault(); event.stopPropagation(); moved = 0; }
    }, true);
    this.frame.addEventListener("dragstart", (event) => event.preventDefault());
  }
}

class Card {
  constructor(figure) {
    this.figure = figure;
    this.card = figure.querySelector(".card");
    this.pinned = null;
    for (const edge of figure.querySelectorAll(".edge[data-edge]")) {
      edge.setAttribute("tabindex", "0");
      edge.setAttribute("role", "button");
      edge.querySelector("title").remove();
      edge.addEventListener("mouseenter", () => this.pinned || this.open(edge));
      edge.addEventListener("mouseleave", () => this.pinned || this.close());
      edge.addEventListener("focus", () => this.open(edge));
      edge.addEventListener("blur", () => this.pinned || this.close());
      edge.addEventListener("click", (event) => { event.stopPropagation(); this.pinned = edge; this.open(edge); });
      edge.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); this.pinned = edge; this.open(edge); }
      });
    }
    figure.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    figure.querySelector(".view").addEventListener("click", () => this.close());
  }

  open(edge) {
    const row = document.getElementById(`${this.figure.id}.${edge.dataset.edge}`);
    if (!row) return;
    const [from, to, what, call, why] = row.cells;
    const title = document.createElement("h3");
    title.textContent = `${from.textContent} → ${to.textContent} (${call.textContent})`;
    const parts = [what, why].map((cell) => {
      const part = document.createElement("div");
      part.append(...[...cell.childNodes].map((child) => child.cloneNode(true)));
      return part;
    });
    this.card.replaceChildren(title, ...parts);
    this.card.hidden = false;
    this.figure.querySelectorAll(".chosen").forEach((other) => other.classList.remove("chosen"));
    edge.classList.add("chosen");
    this.put(edge);
  }

  put(edge) {
    const around = this.figure.getBoundingClientRect(), frame = this.figure.querySelector(".view").getBoundingClientRect();
    const line = edge.getBoundingClientRect();
    const x = Math.min(Math.max(line.left + line.width / 2, frame.left + 8), frame.right - this.card.offsetWidth - 8) - around.left;
    const y = Math.min(Math.max(line.top + line.height / 2 + 14, frame.top + 8), frame.bottom - this.card.offsetHeight - 8) - around.top;
    this.card.style.left = `${Math.max(x, 0)}px`;
    this.card.style.top = `${Math.max(y, 0)}px`;
  }

  close() {
    this.pinned = null;
    this.card.hidden = true;
    this.figure.querySelectorAll(".chosen").forEach((edge) => edge.classList.remove("chosen"));
  }
}

class Filters {
  constructor(figure, tools) {
    this.figure = figure;
    this.calls = [...tools.querySelectorAll("input[data-sync]")];
    this.around = tools.querySelector("select[data-around]");
    this.tag = tools.querySelector("select[data-tag]");
    tools.addEventListener("change", () => this.apply());
  }

  shows(edge) {
    const { sync, source, target, tags } = edge.dataset;
    const called = this.calls.some((box) => box.checked && (sync === box.dataset.sync || sync === "mixed"));
    const near = !this.around.value || source === this.around.value || target === this.around.value;
    return called && near && (!this.tag || !this.tag.value || JSON.parse(tags || "[]").includes(this.tag.value));
  }

  apply() {
    const used = new Set(), shown = new Set();
    for (const edge of this.figure.querySelectorAll(".edge[data-edge]")) {
      const on = this.shows(edge);
      edge.classList.toggle("off", !on);
      edge.setAttribute("tabindex", on ? "0" : "-1");
      if (on) { shown.add(edge.dataset.edge); used.add(edge.dataset.source); used.add(edge.dataset.target); }
    }
    const all = !this.figure.querySelector(".edge.off");
    for (const label of this.figure.querySelectorAll(".label[data-edge]")) label.classList.toggle("off", !shown.has(label.dataset.edge));
    for (const node of this.figure.querySelectorAll(".node[data-node]")) node.classList.toggle("off", !all && !used.has(node.dataset.node));
  }
}

// Finds rows of a long table. Groups without a row that fits are hidden with it.
class Search {
  constructor(frame) {
    this.rows = [...frame.querySelectorAll("tbody tr:not(.group)")];
    if (this.rows.length < SEARCHED) return;
    const field = document.createElement("input"), label = document.createElement("label"), count = document.createElement("span");
    field.type = "search";
    label.className = "search";
    count.setAttribute("role", "status");
    label.append(`Search in ${frame.getAttribute("aria-label")} `, field, " ", count);
    frame.before(label);
    this.bodies = [...frame.querySelectorAll("tbody")];
    field.addEventListener("input", () => { count.textContent = this.apply(field.value); });
  }

  apply(asked) {
    const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const body of this.bodies) {
      const head = body.querySelector("tr.group"), named = head ? head.textContent.toLowerCase() : "";
      let shown = 0;
      for (const row of body.querySelectorAll("tr:not(.group)")) {
        const text = `${named} ${row.textContent.toLowerCase()}`;
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown += 1;
      }
      if (head) head.hidden = !shown;
      found += shown;
    }
    return words.length ? `${found} of ${this.rows.length}` : "";
  }
}

for (const frame of document.querySelectorAll(".wide")) new Search(frame);
const here = document.querySelector("header nav [aria-current]");
if (here) here.closest("nav").scrollLeft = here.offsetLeft - NEAR_EDGE;
for (const figure of document.querySelectorAll(".map")) {
  const view = new View(figure), tools = figure.querySelector(".tools");
  new Card(figure);
  new Filters(figure, tools);
  if (window.innerWidth <= NARROW) figure.querySelector(".twin").open = true;
  const doings = {
    in: () => view.zoom(1 / STEP), out: () => view.zoom(STEP), fit: () => view.fit(),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : figure.requestFullscreen()),
  };
  for (const button of tools.querySelectorAll("button")) button.addEventListener("click", doings[button.dataset.do]);
  tools.hidden = false;
}
