/* Steps in order: buttons, or the arrow keys on them, move an item up and down. The response is the list of ids;
   null until something was moved, or the order was taken as it stands. */

import { all, fill, one } from "../page.js";

const lists = new WeakMap();
const list = (form) => lists.get(form);

class List {
  constructor(form) {
    const box = one("[data-order]", form);
    this.form = form;
    this.words = JSON.parse(box.dataset.words);
    this.items = one("ol", box);
    this.settle = one("[data-settle]", box);
    this.state = one("[data-state]", box);
    this.told = one("[data-told]", box);
    this.first = this.ids();
    this.given = false;
    box.addEventListener("click", (event) => this.clicked(event.target.closest("button")));
    box.addEventListener("keydown", (event) => this.pressed(event));
    this.draw();
  }

  ids() {
    return all("[data-item]", this.items).map((item) => item.dataset.item);
  }

  clicked(button) {
    if (!button) return;
    if (button === this.settle) this.changed();
    else if (button.dataset.move) this.move(button, Number(button.dataset.move));
  }

  pressed(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const button = event.target.closest("[data-move]");
    if (!by || !button || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.move(button, by);
  }

  move(button, by) {
    const item = button.closest("[data-item]");
    const next = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!next) {
      this.told.textContent = this.words[by < 0 ? "first" : "last"];
      return;
    }
    this.items.insertBefore(item, by < 0 ? next : next.nextElementSibling);
    button.focus(); /* a node that is moved loses the focus */
    this.changed();
    const ids = this.ids();
    const values = { what: one("[data-text]", item).textContent, n: ids.indexOf(item.dataset.item) + 1, of: ids.length };
    this.told.textContent = fill(this.words.moved, values);
  }

  changed() {
    const had = document.activeElement === this.settle;
    this.given = true;
    this.draw();
    if (had) one("[data-move='1']", this.items).focus(); /* the button that had it is gone */
    this.told.textContent = this.words.given;
    ["input", "change"].forEach((kind) => this.form.dispatchEvent(new Event(kind, { bubbles: true })));
  }

  write(value) {
    const ids = Array.isArray(value) && value.length === this.first.length ? value : null;
    const items = new Map(all("[data-item]", this.items).map((item) => [item.dataset.item, item]));
    (ids || this.first).forEach((id) => items.has(id) && this.items.append(items.get(id)));
    this.given = ids !== null;
    this.draw();
  }

  draw() {
    const items = all("[data-item]", this.items);
    items.forEach((item, index) => {
      one("[data-place]", item).textContent = String(index + 1);
      one("[data-move='-1']", item).setAttribute("aria-disabled", String(index === 0));
      one("[data-move='1']", item).setAttribute("aria-disabled", String(index === items.length - 1));
    });
    this.settle.hidden = this.given;
    this.state.textContent = this.words[this.given ? "given" : "open"];
  }
}

export const order = {
  start: (form) => lists.set(form, new List(form)),
  read: (form) => (list(form).given ? list(form).ids() : null),
  write: (form, value) => list(form).write(value),
};
