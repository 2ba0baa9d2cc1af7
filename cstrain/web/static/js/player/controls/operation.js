/* A simulated back office: a list of records, the open record's form, buttons. The response is { steps }: each step
   with its milliseconds since the first one (performance.now(); the gap of a reload is left out). A field is a step
   when it is left, not at every key. What the page shows is always the replay of the steps. */

import { all, fill, one } from "../page.js";
import { ONLY, compact, fits, replay, startOf, take } from "./operation_steps.js";

const desks = new WeakMap();
const desk = (form) => desks.get(form);
const TICKED = "1";

const valueOf = (field) => (field.type === "checkbox" ? (field.checked && TICKED) || "" : field.value);

class Desk {
  constructor(form) {
    const box = one("[data-operation]", form);
    this.form = form;
    this.office = JSON.parse(box.dataset.office);
    this.words = JSON.parse(box.dataset.words);
    this.fields = all("[data-field]", box);
    this.cells = all("[data-cell]", box);
    this.parts = {};
    ["record", "title", "none", "state", "told", "done"].forEach((name) => {
      this.parts[name] = one(`[data-${name}]`, box);
    });
    this.opens = all("[data-open]", box);
    this.locked = false;
    this.restore(null);
    box.addEventListener("click", (event) => this.clicked(event.target.closest("button")));
    box.addEventListener("change", () => this.sweep()); /* the event goes on to the player after this */
    window.addEventListener("pagehide", () => this.settle());
    document.addEventListener("visibilitychange", () => this.settle());
  }

  restore(value) {
    const held = value && typeof value === "object" && Array.isArray(value.steps) ? value.steps : [];
    this.steps = held;
    this.since = performance.now() - (held.length ? held[held.length - 1][0] : 0);
    this.state = replay(this.office, held);
    this.parts.told.textContent = "";
    this.draw();
  }

  response() {
    return this.steps.length ? { steps: this.steps } : null;
  }

  get record() {
    return this.state.open === null ? null : this.state.records[this.state.open];
  }

  /* Takes a step and hands the answer to the player; false when no more steps fit. */
  step(...step) {
    if (!this.steps.length) this.since = performance.now();
    const ms = Math.max(0, Math.round(performance.now() - this.since));
    const steps = compact([...this.steps, [ms, ...step]]);
    if (!fits(steps)) {
      this.full = true;
      this.tell("full");
      return false;
    }
    this.steps = steps;
    this.state = take(this.office, this.state, [ms, ...step]);
    return true;
  }

  changed() {
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* Records every field that says something else than the record; true when there was one. */
  sweep() {
    if (this.locked || !this.record) return false;
    const typed = this.fields.filter((field) => !field.matches("[data-fixed]")
      && this.record.draft[field.dataset.field] !== valueOf(field));
    if (!typed.length) return false;
    this.parts.told.textContent = "";
    typed.forEach((field) => this.step("set", field.dataset.field, valueOf(field)));
    this.draw();
    return true;
  }

  /* A field that is still being typed in counts when the page is left or locked. */
  settle() {
    if (this.sweep()) this.changed();
  }

  clicked(button) {
    if (!button || this.locked) return;
    const { open, press } = button.dataset;
    if (button.matches("[data-reset]")) {
      this.reset();
      return;
    }
    this.full = false;
    this.sweep();
    if (this.full) return; /* what was typed did not fit: no button may store the record without it */
    if (open !== undefined) this.open(open);
    else if (press) this.press(press, button.textContent.trim());
  }

  open(name) {
    if (this.state.open !== name && !this.step("open", name)) return;
    this.draw();
    this.tell("opened", { what: this.name(name) });
    this.changed();
    this.parts.record.focus();
  }

  press(name, label) {
    if (!this.step("press", name)) return;
    this.draw();
    const { does } = this.office.buttons.find((button) => button.id === name);
    this.tell(does, { button: label });
    this.changed();
  }

  reset() {
    if (!this.steps.length || !this.step("reset")) return;
    this.draw();
    this.tell("reset");
    this.changed();
  }

  tell(key, values = {}) {
    this.parts.told.textContent = fill(this.words[key], values);
  }

  name(row) {
    return row === ONLY ? this.office.system : startOf(this.office, row)[this.office.columns[0]];
  }

  /* What is in the simulated system: nothing new, a draft that is not kept yet, or what a button kept. */
  told(record, name) {
    const base = record.last ? record.kept[record.last] : startOf(this.office, name);
    const open = Object.keys(base).some((field) => base[field] !== record.draft[field]);
    if (open) return { key: "open", words: this.words.state_open };
    if (!record.last) return { key: "", words: this.words.state_none };
    const { label } = this.office.buttons.find((button) => button.id === record.last);
    return { key: "kept", words: fill(this.words.state_kept, { button: label }) };
  }

  draw() {
    const { record, parts } = this;
    this.drawList();
    parts.record.hidden = record === null;
    if (parts.none) parts.none.hidden = record !== null;
    if (record === null) return;
    if (parts.title) parts.title.textContent = fill(this.words.record, { what: this.name(this.state.open) });
    this.fields.forEach((field) => {
      const value = record.draft[field.dataset.field];
      if (field.type === "checkbox") field.checked = value === TICKED;
      else if (field.matches("[data-fixed]")) field.textContent = value || "—";
      else if (field.value !== value) field.value = value;
    });
    const told = this.told(record, this.state.open);
    parts.state.textContent = told.words;
    parts.state.className = `office-state ${told.key}`;
    const acts = this.office.buttons.filter((button) => button.does === "act" && record.pressed.includes(button.id));
    parts.done.hidden = !acts.length;
    parts.done.textContent = fill(this.words.done, { what: acts.map((button) => button.label).join(this.words.and) });
  }

  drawList() {
    this.opens.forEach((button) => {
      const here = button.dataset.open === this.state.open;
      button.setAttribute("aria-pressed", String(here));
      button.closest("tr").classList.toggle("here", here);
    });
    this.cells.forEach((cell) => {
      const record = this.state.records[cell.dataset.row];
      const values = record.last ? record.kept[record.last] : startOf(this.office, cell.dataset.row);
      const field = this.office.fields.find((each) => each.id === cell.dataset.cell);
      cell.textContent = this.shown(field, values[field.id]);
    });
    all("[data-record-state]", this.form).forEach((cell) => {
      const { recordState } = cell.dataset;
      cell.textContent = this.told(this.state.records[recordState], recordState).words;
    });
  }

  shown(field, value) {
    if (field.kind === "check") return this.words[value === TICKED ? "yes" : "no"];
    return value === "" ? "—" : value;
  }

  lock(locked) {
    if (locked) this.settle();
    this.locked = locked;
  }
}

export const operation = {
  start: (form) => desks.set(form, new Desk(form)),
  read: (form) => (desk(form) ? desk(form).response() : null),
  write: (form, value) => desk(form).restore(value),
  lock: (form, locked) => desk(form).lock(locked),
};
