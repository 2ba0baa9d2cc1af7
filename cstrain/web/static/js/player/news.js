/* Hears within a second or so that something has changed: another device took the lease, time was given, the attempt
   was paused or handed in. The server holds the question back until it is so, half a minute at most; one that does not
   hold it back is asked seldom. Only a page that is looked at asks: the others ask for the state when they come back. */

import { config } from "./page.js";

const RETRY = 1000;
const MOST_PAUSE = 8000;
const SELDOM = 20000;
const HELD = 1000;

export class News {
  constructor(player) {
    this.player = player;
    this.mark = "";
    this.timer = null;
    this.control = null;
    this.failures = 0;
    this.reading = false; /* the state is on its way; `again`: something happened since it was asked for */
    this.again = false;
  }

  listen() {
    if (typeof AbortController === "undefined") return;
    document.addEventListener("visibilitychange", () => this.look());
    window.addEventListener("online", () => this.anew());
    this.look();
  }

  look() {
    clearTimeout(this.timer);
    if (document.visibilityState !== "visible") this.stop();
    else if (this.control === null) this.ask();
  }

  stop() {
    if (this.control !== null) this.control.abort();
    this.control = null;
  }

  /* What was asked on the network of before may never be answered. */
  anew() {
    this.stop();
    this.look();
  }

  later(pause) {
    clearTimeout(this.timer);
    if (!this.player.finish.done) this.timer = setTimeout(() => this.look(), pause);
  }

  async ask() {
    const control = new AbortController();
    this.control = control;
    const asked = performance.now();
    const answer = await this.player.wire.wait(`${config.urls.news}?than=${encodeURIComponent(this.mark)}`, control);
    if (this.control !== control) return;
    this.control = null;
    this.later(this.take(answer, performance.now() - asked));
  }

  /* Returns when to ask again. The first mark is news only where another page has become the writer meanwhile. */
  take(answer, took) {
    this.failures = answer.kind === "ok" ? 0 : this.failures + 1;
    if (this.failures) return Math.min(MOST_PAUSE, RETRY * 2 ** (this.failures - 1));
    const { mark, lease } = answer.body;
    const { sync, writing } = this.player;
    const fresh = this.mark === "" ? writing && lease !== sync.lease : mark !== this.mark;
    const held = this.mark === "" || mark !== this.mark || took >= HELD;
    this.mark = mark;
    if (fresh) this.player.ask();
    return held ? 0 : SELDOM;
  }

  /* Returns what the server holds as of now or later, or null while another call brings it. */
  async state() {
    this.again = true;
    if (this.reading) return null;
    this.reading = true;
    let answer = null;
    while (this.again) {
      this.again = false;
      answer = await this.player.wire.read(config.urls.state);
    }
    this.reading = false;
    return answer;
  }
}
