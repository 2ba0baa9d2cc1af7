/* Bars above the question: what happened, what is safe, what to do. Each is known by a key and said once. */

import { all, icon, make, say } from "./page.js";

export class Bars {
  constructor() {
    this.places = all("[data-bars]");
    this.shown = new Map();
  }

  /* buttons: [{ label, act }] or [{ label, href }]; `alert` interrupts a screen reader when the bar appears. */
  show(key, { kind = "warn", head, text = "", buttons = [], alert = false }) {
    const signature = JSON.stringify([kind, head, buttons.map((button) => button.label)]);
    const held = this.shown.get(key);
    if (held && held.signature === signature) {
      held.nodes.forEach((node) => { node.querySelector("[data-text]").textContent = text; });
      return;
    }
    this.hide(key);
    const nodes = this.places.map((place) => {
      const node = this.build({ kind, head, text, buttons, alert });
      place.append(node);
      return node;
    });
    this.shown.set(key, { signature, nodes });
  }

  build({ kind, head, text, buttons, alert }) {
    const node = make("div", `note ${kind}`);
    if (alert) node.setAttribute("role", "alert");
    const body = make("div");
    const words = make("p");
    words.append(make("span", "strong", head), make("span", "", ""));
    words.lastChild.setAttribute("data-text", "");
    words.lastChild.textContent = text;
    body.append(words);
    if (buttons.length) body.append(this.row(buttons));
    node.append(icon(kind === "bad" ? "bad" : "warn"), body);
    return node;
  }

  row(buttons) {
    const row = make("div", "btn-row");
    buttons.forEach(({ label, act, href }) => {
      const button = make(href ? "a" : "button", "btn", say(label));
      if (href) {
        button.href = href;
        button.target = "_blank";
        button.rel = "noopener";
      } else {
        button.type = "button";
        button.addEventListener("click", act);
      }
      row.append(button);
    });
    return row;
  }

  hide(key) {
    const held = this.shown.get(key);
    if (!held) return;
    held.nodes.forEach((node) => node.remove());
    this.shown.delete(key);
  }

  toggle(key, wanted, bar) {
    if (wanted) this.show(key, bar());
    else this.hide(key);
  }
}
