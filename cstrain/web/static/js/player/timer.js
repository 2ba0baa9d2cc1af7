/* The time left. The server says how much; performance.now() counts down, so that the device's clock is not asked. */

import { one, say } from "./page.js";

const SOON = 5 * 60 * 1000;
const ANNOUNCED = [10, 5, 1];

export class Timer {
  constructor({ onZero, announce }) {
    this.onZero = onZero;
    this.announce = announce;
    this.box = one("[data-timer]");
    this.said = new Set();
    this.ended = false;
    this.text = "";
    this.frozen = null; /* what is left while the exam is paused */
    this.end = performance.now();
  }

  /* Takes over what the server says is left, as of `asOf` (performance.now() then). */
  sync(remaining, asOf = performance.now(), paused = false) {
    this.end = asOf + remaining;
    this.frozen = paused ? remaining : null;
    const left = this.left();
    if (left > 0 || paused) this.ended = false;
    ANNOUNCED.filter((minutes) => left > minutes * 60000).forEach((minutes) => this.said.delete(minutes));
    if (!this.ticking) this.ticking = setInterval(() => this.tick(), 250);
    this.tick();
  }

  left() {
    return this.frozen === null ? Math.max(0, this.end - performance.now()) : this.frozen;
  }

  tick() {
    const left = this.left();
    this.show(left);
    if (this.frozen !== null) return;
    const due = ANNOUNCED.filter((minutes) => left <= minutes * 60000 && !this.said.has(minutes));
    if (due.length && left > 0) {
      if (left > (due[due.length - 1] - 1) * 60000) this.announce(say("announce", { m: due[due.length - 1] }));
      due.forEach((minutes) => this.said.add(minutes));
    }
    if (left === 0 && !this.ended && this.frozen === null) {
      this.ended = true;
      this.onZero();
    }
  }

  show(left) {
    const text = words(left);
    if (text === this.text) return;
    this.text = text;
    one("[data-left]", this.box).textContent = text;
    this.box.classList.toggle("soon", left < SOON);
  }

  still() {
    one(".meta", this.box).textContent = say("standing");
  }

  until(clock) {
    one(".meta", this.box).textContent = say("until", { at: clock });
  }
}

/* Minutes; under five minutes with seconds. */
export function words(left) {
  if (left < SOON) {
    const seconds = Math.ceil(left / 1000);
    return say("left_ms", { m: Math.floor(seconds / 60), s: String(seconds % 60).padStart(2, "0") });
  }
  const minutes = Math.floor(left / 60000);
  if (minutes < 60) return say("left_m", { m: minutes });
  return say("left_hm", { h: Math.floor(minutes / 60), m: minutes % 60 });
}
