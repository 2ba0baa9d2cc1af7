/* What is seen: the question, the palette, the review before handing in. Knows nothing of the network. */

import { all, icon, one, say } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";

export class Board {
  constructor({ onMove, onFlag }) {
    this.onMove = onMove;
    this.onFlag = onFlag;
    this.forms = new Map(all("form[data-slot]").map((form) => [Number(form.dataset.slot), form]));
    this.slots = Array.from(this.forms.keys());
    this.current = this.slots[0];
    this.flags = new Set();
    this.reviewing = false;
    this.corner = one("use[href$='#i-corner']").getAttribute("href");
  }

  form(slot = this.current) {
    return this.forms.get(slot);
  }

  /* Shows a question; `focus` moves a screen reader and the keyboard to its head. */
  go(slot, { focus = true, push = true } = {}) {
    if (!this.forms.has(slot)) return;
    this.current = slot;
    this.switchTo(false);
    this.forms.forEach((form, number) => { form.hidden = number !== slot; });
    if (push) history.replaceState(null, "", `#q${slot}`);
    if (focus) one("h2", this.form()).focus({ preventScroll: true });
    window.scrollTo(0, 0);
    this.onMove();
  }

  review() {
    this.switchTo(true);
    history.pushState(null, "", "#review");
    one("[data-review-head]").focus({ preventScroll: true });
    window.scrollTo(0, 0);
    this.onMove();
  }

  switchTo(reviewing) {
    this.reviewing = reviewing;
    all("[data-view]").forEach((part) => { part.hidden = (part.dataset.view === "review") !== reviewing; });
    one(".exam-page").classList.toggle("reviewing", reviewing);
  }

  step(by) {
    const next = this.slots[this.slots.indexOf(this.current) + by];
    if (next !== undefined) this.go(next);
    else if (by > 0 && !this.reviewing) this.review();
  }

  flag(slot = this.current) {
    if (this.flags.has(slot)) this.flags.delete(slot);
    else this.flags.add(slot);
    this.onFlag();
  }

  /* answered: set of slots with an answer; local: set of slots the server has not confirmed. */
  render({ answered, local, confirmedAt, stillWords }) {
    const open = this.slots.filter((slot) => !answered.has(slot));
    const counts = { answered: answered.size, local: local.size, open: open.length, flagged: this.flags.size };
    Object.entries(counts).forEach(([name, number]) => {
      all(`[data-count="${name}"]`).forEach((place) => { place.textContent = String(number); });
    });
    all('[data-legend="local"]').forEach((item) => { item.hidden = local.size === 0; });
    all("a.cell").forEach((cell) => this.cell(cell, answered, local));
    this.forms.forEach((form, slot) => {
      one("[data-flag]", form).setAttribute("aria-pressed", String(this.flags.has(slot)));
    });
    this.feet();
    this.check({ open, answered, local, confirmedAt, stillWords });
  }

  cell(cell, answered, local) {
    const slot = Number(cell.dataset.number);
    const current = slot === this.current;
    const state = local.has(slot) ? "local" : answered.has(slot) ? "answered" : "";
    const said = [say({ local: "local_cell", answered: "answered" }[state] || "open")];
    if (this.flags.has(slot)) said.push(say("flagged"));
    if (current) said.push(say("current"));
    const words = say("cell", { n: slot, state: said.join(say("comma")) });
    cell.className = `cell ${state}${current ? " current" : ""}`;
    if (current) cell.setAttribute("aria-current", "true");
    else cell.removeAttribute("aria-current");
    const spoken = one(".vh", cell);
    if (spoken.textContent !== words) spoken.textContent = words;
    this.mark(cell, this.flags.has(slot));
  }

  mark(cell, flagged) {
    const held = one(".corner", cell);
    if (held && !flagged) held.remove();
    if (held || !flagged) return;
    const corner = document.createElementNS(SVG, "svg");
    corner.setAttribute("class", "corner");
    corner.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", this.corner);
    corner.append(use);
    cell.insertBefore(corner, one(".vh", cell));
  }

  feet() {
    const place = this.slots.indexOf(this.current);
    const where = one("[data-where]");
    where.textContent = `${place + 1}/${this.slots.length}`;
    where.parentElement.setAttribute("aria-label", say("where", { n: place + 1, of: this.slots.length }));
    one("[data-prev]").setAttribute("aria-disabled", String(place === 0));
  }

  check({ open, answered, local, confirmedAt, stillWords }) {
    one("[data-review-lead]").textContent = open.length ? say("missing", { n: open.length }) : say("complete");
    this.row("open", open, "open_n", "answer_from");
    this.row("flagged", this.slots.filter((slot) => this.flags.has(slot)), "flagged_n", "look_at");
    const kept = one('[data-row="kept"]');
    const number = Array.from(answered).filter((slot) => !local.has(slot)).length;
    one("[data-words]", kept).textContent = say("kept_n", { n: number });
    one("[data-list]", kept).textContent = confirmedAt ? say("confirmed", { at: confirmedAt }) : say("not_confirmed");
    one("[data-still]").textContent = stillWords;
    one("[data-go-on]").classList.toggle("btn-main", open.length > 0);
    one("[data-submit]").classList.toggle("btn-main", open.length === 0);
  }

  row(name, slots, words, label) {
    const row = one(`[data-row="${name}"]`);
    row.hidden = slots.length === 0;
    if (!slots.length) return;
    one("[data-words]", row).textContent = say(words, { n: slots.length });
    one("[data-list]", row).textContent = say("numbers", { list: ranges(slots) });
    const link = one("[data-go]", row);
    link.textContent = say(label, { n: slots[0] });
    link.href = `#q${slots[0]}`;
    link.dataset.to = String(slots[0]);
  }
}

/* Numbers as a reader says them: 7, 13, 19–40. */
export function ranges(numbers) {
  const runs = [];
  numbers.forEach((number) => {
    const last = runs[runs.length - 1];
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  });
  const words = runs.map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}${say("list_comma")}${to}` : `${from}–${to}`));
  return words.join(say("list_comma"));
}

const BADGES = {
  saved: ["", "ok"], busy: ["busy", "sync"], local: ["local", "device"], memory: ["local", "warn"],
  lost: ["lost", "bad"], none: ["none", "todo"],
};

/* The save badge: class, glyph and words change together, and only when something changed. */
export function showBadge(state, words) {
  const badge = one("[data-save]");
  const [look, glyph] = BADGES[state];
  if (one("span", badge).textContent === words && badge.className === `save ${look}`) return;
  badge.className = `save ${look}`;
  one("svg", badge).replaceWith(icon(glyph));
  one("span", badge).textContent = words;
}
