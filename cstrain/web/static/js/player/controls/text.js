/* An answer in writing. A character is a code point, as for the server; the field's line ends are one each.

   The field is never cut or changed while one types, so that input methods are left in peace: what is beyond the
   limit stays to be seen, is said so, and is left out of the response. */

import { fill, one } from "../page.js";

const NEAR = 50;

const sheets = new WeakMap();
const sheet = (form) => sheets.get(form);

class Sheet {
  constructor(form) {
    const box = one("[data-written]", form);
    this.words = JSON.parse(box.dataset.words);
    this.most = Number(box.dataset.most);
    this.field = one("textarea", box);
    this.count = one("[data-count]", box);
    this.told = one("[data-told]", box);
    this.stage = "free";
    this.field.addEventListener("input", (event) => this.draw(!event.isComposing));
    this.field.addEventListener("compositionend", () => this.draw(true));
    this.draw(false);
  }

  characters() {
    return Array.from(this.field.value);
  }

  read() {
    return this.characters().slice(0, this.most).join("");
  }

  write(value) {
    this.field.value = typeof value === "string" ? value : "";
    this.draw(false);
  }

  draw(aloud) {
    const written = this.characters().length;
    const left = this.most - written;
    const over = left < 0;
    this.count.textContent = over ? this.say("over", -left) : this.say("count", written);
    this.count.classList.toggle("over", over);
    if (over) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
    if (aloud) this.announce(left, over);
  }

  /* Said once on coming near the limit, on passing it and on coming back; not at each character. */
  announce(left, over) {
    const stage = over ? "over" : left <= NEAR ? "left" : "free";
    if (stage === this.stage) return;
    if (stage === "over") this.told.textContent = this.say("over", -left);
    else if (this.stage === "over") this.told.textContent = this.words.within;
    else if (stage === "left") this.told.textContent = this.say("left", left);
    this.stage = stage;
  }

  say(key, n) {
    return fill(this.words[key], { n, of: this.most });
  }
}

export const text = {
  typed: true,
  start: (form) => sheets.set(form, new Sheet(form)),
  read: (form) => sheet(form).read(),
  write: (form, value) => sheet(form).write(value),
};
