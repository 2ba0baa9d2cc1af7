/* The page shows the server that it is there, and tells what people may want to look at: that it was left, that
   something was pasted into a typing task, that the network was away. Nothing is decided here; the candidate is told
   that it is noted. Every span is measured with performance.now(). */

import { config, uuid } from "./page.js";

const LEAST = 1000;
const LEAST_OFFLINE = 5000;
const MOST_BATCH = 20;
const MOST_WAITING = 200;

export class Signals {
  constructor({ wire, url }) {
    this.wire = wire;
    this.url = url;
    this.waiting = [];
    this.left = null; /* since when the page has not been looked at */
    this.going = false;
  }

  listen() {
    const look = () => setTimeout(() => this.look(), 0);
    document.addEventListener("visibilitychange", () => this.look());
    window.addEventListener("blur", look);
    window.addEventListener("focus", look);
    ["paste", "drop"].forEach((kind) => document.addEventListener(kind, (event) => this.pasted(event), true));
  }

  look() {
    const away = document.visibilityState !== "visible" || !document.hasFocus();
    if (away && this.left === null) this.left = performance.now();
    if (away || this.left === null) return;
    const since = this.left;
    this.left = null;
    if (performance.now() - since >= LEAST) this.note("leave", since);
  }

  pasted(event) {
    const form = event.target instanceof Element && event.target.closest("form[data-control=typing]");
    if (form) this.note("paste", performance.now(), Number(form.dataset.slot));
  }

  /* The server was not reached since then, and some try failed. */
  offline(since) {
    if (performance.now() - since >= LEAST_OFFLINE) this.note("offline", since);
  }

  note(kind, began, slot = null) {
    if (this.waiting.length >= MOST_WAITING) return;
    this.waiting.push({ id: uuid(), kind, began, ended: performance.now(), slot });
  }

  body(batch) {
    const now = performance.now();
    return {
      signals: batch.map(({ id, kind, began, ended, slot }) => ({
        id, kind, ago: Math.round(now - began), lasted: Math.round(ended - began), slot,
      })),
    };
  }

  /* Returns what the server says of the attempt, or null while another call is on its way. */
  async send() {
    if (this.going) return null;
    this.going = true;
    const batch = this.waiting.slice(0, MOST_BATCH);
    const answer = await this.wire.send(this.url, this.body(batch));
    this.going = false;
    const mine = answer.kind === "ok" && answer.body.person === config.person;
    if (mine) this.waiting = this.waiting.filter((one) => !batch.includes(one));
    return answer;
  }

  farewell() {
    if (this.left !== null && performance.now() - this.left >= LEAST) {
      this.note("leave", this.left);
      this.left = performance.now();
    }
    if (this.waiting.length) this.wire.send(this.url, this.body(this.waiting.slice(0, MOST_BATCH)), { keepalive: true });
  }
}
