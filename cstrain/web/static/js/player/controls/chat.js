/* A chat with a simulated customer. The response is { lines: [{ seen, ms, reply, text }] }: what the candidate sent;
   null before the first line.

   A line is saved like any answer; then the server is asked what the customer says to it. So nothing of the script is
   here before it was earned, and a reload, another device or an outage loses nothing: the transcript is told anew from
   the saved lines. `seen` and `ms` are offsets since the chat began, of the customer's words and of the line; the tab
   remembers the beginning over a reload, elsewhere the gap is left out. Beginning one chat begins all of the paper. */

import { all, config, fill, make, one } from "../page.js";

const MOST_CHARACTERS = 300;
const MOST_BYTES = 15500;
const LOOK = 250;
const THINKING = 1200;
const PATIENCE = 3000;
const AGAIN = 2000;
const APART = 15000;

const chats = new WeakMap();
const open = [];
const chatOf = (form) => chats.get(form);
const bytes = (value) => new TextEncoder().encode(JSON.stringify(value)).length;
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

class Chat {
  constructor(form, desk) {
    const box = one("[data-chat]", form);
    this.form = form;
    this.desk = desk;
    this.slot = Number(form.dataset.slot);
    this.words = JSON.parse(box.dataset.words);
    this.parts = {};
    ["log", "waiting", "begin", "begin-box", "reply", "ways", "text", "send", "said"].forEach((name) => {
      this.parts[name] = one(`[data-chat-${name}]`, box);
    });
    this.locked = false;
    this.round = 0;
    this.restore(null);
    this.listen();
  }

  get name() {
    return `cstrain-chat-${config.attempt}-${this.slot}`;
  }

  /* What this tab knows of the clock: when the chat began and when the customer's last words were seen. */
  remembered() {
    try {
      return JSON.parse(sessionStorage.getItem(this.name)) || {};
    } catch (error) {
      return {};
    }
  }

  remember() {
    try {
      const known = { origin: this.origin, seen: this.seen, count: this.lines.length };
      if (config.attempt) sessionStorage.setItem(this.name, JSON.stringify(known));
    } catch (error) {
      /* A browser that keeps nothing: the gap of a reload is left out then. */
    }
  }

  restore(value) {
    const held = value && Array.isArray(value.lines) ? value.lines : [];
    const { origin, seen, count } = this.remembered();
    const last = held.length ? Number(held[held.length - 1].ms) || 0 : 0;
    this.lines = held;
    this.heard = [];
    this.replies = [];
    this.chosen = null;
    this.ended = false;
    this.over = "";
    this.origin = origin || (held.length ? Date.now() - last : 0);
    this.seen = origin && count === held.length ? seen : null;
    this.waiting = false;
    if (this.begun) this.follow(0);
    this.draw();
  }

  get begun() {
    return this.origin > 0;
  }

  now() {
    return Math.max(0, Date.now() - this.origin);
  }

  listen() {
    const { begin, send, text, ways } = this.parts;
    begin.addEventListener("click", () => this.beginAll());
    send.addEventListener("click", () => this.send());
    ways.addEventListener("click", (event) => this.choose(event.target.closest("button")));
    text.addEventListener("keydown", (event) => this.pressed(event));
    text.addEventListener("input", () => { if (!text.value.trim()) this.mark(null); });
    new MutationObserver(() => this.looked()).observe(this.form, { attributeFilter: ["hidden"] });
  }

  beginAll() {
    if (this.begun || this.locked) return;
    const others = open.filter((chat) => chat !== this && !chat.begun);
    [this, ...others].forEach((chat, index) => chat.begin(index * APART));
    this.parts.text.focus();
  }

  begin(delay) {
    this.origin = Date.now() + delay;
    this.remember();
    this.follow(0);
    this.draw();
  }

  /* Enter sends, unless it settles what stands in an input method (keyCode 229: Safari says so after its end). */
  pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.send();
  }

  choose(button) {
    if (!button || this.locked) return;
    const reply = this.replies.find((each) => each.id === button.dataset.way);
    const again = this.chosen === reply.id;
    this.mark(again ? null : reply.id);
    if (!again) this.parts.text.value = reply.text;
    this.parts.text.focus();
  }

  mark(reply) {
    this.chosen = reply;
    all("[data-way]", this.parts.ways).forEach((way) => {
      way.setAttribute("aria-pressed", String(way.dataset.way === reply));
    });
  }

  send() {
    const { text } = this.parts;
    const words = text.value.trim();
    const length = Array.from(words).length;
    const line = { seen: this.seen || 0, ms: this.now(), reply: this.chosen, text: words };
    if (this.locked || this.ended) return;
    if (this.waiting) this.say(this.words.patience);
    else if (!words) this.say(this.words.empty);
    else if (length > MOST_CHARACTERS) this.say(fill(this.words.long, { of: MOST_CHARACTERS, n: length }));
    else if (bytes([...this.lines, line]) > MOST_BYTES) this.say(this.words.full);
    else this.put(line);
  }

  put(line) {
    this.lines = [...this.lines, line];
    this.parts.text.value = "";
    this.replies = [];
    this.chosen = null;
    this.seen = null;
    this.say("");
    this.follow(THINKING);
    this.draw();
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* Waits until the lines are saved and asks what the customer says to them. A newer round ends an older one. */
  async follow(thinking) {
    this.round += 1;
    this.waiting = true;
    const { round } = this;
    const since = Date.now();
    let body = null;
    while (body === null) {
      await pause(Math.max(LOOK, this.origin - Date.now()));
      if (round !== this.round) return;
      if (this.desk.saved(this.slot)) {
        body = await this.ask();
        if (round !== this.round) return;
        if (body === null) await pause(AGAIN);
      } else if (Date.now() - since > PATIENCE || navigator.onLine === false) this.say(this.words.keep);
    }
    await pause(Math.max(0, thinking - (Date.now() - since)));
    if (round === this.round) this.take(body);
  }

  /* The customer's part, as far as the saved lines have earned it; null: to be asked again. */
  async ask() {
    const answer = await this.desk.turn(this.slot);
    if (answer.kind === "refused") return { refused: true };
    if (answer.kind !== "ok") return null;
    const { body } = answer;
    return body.ended || body.heard.length === this.lines.length + 1 ? body : null;
  }

  take(body) {
    this.waiting = false;
    if (body.refused) {
      this.over = config.attempt ? this.words.refused : this.words.preview;
      this.say(this.over);
      this.draw();
      return;
    }
    this.heard = body.heard;
    this.replies = body.replies;
    this.ended = body.ended;
    if (this.seen === null) this.seen = this.now();
    this.remember();
    this.say(this.ended ? this.words.ended : "");
    this.draw();
    if (this.form.hidden) this.notice();
  }

  /* A dot on the palette, and on the button that leads to it, while a customer waits on a question not shown. */
  notice() {
    all(`a.cell[data-number="${this.slot}"], button.show-narrow[data-review]`).forEach((place) => {
      if (one(`.unread[data-of="${this.slot}"]`, place)) return;
      const dot = make("span", "unread");
      dot.dataset.of = this.slot;
      dot.append(make("span", "vh", this.words.dot));
      place.append(dot);
    });
    const place = one("[data-announce]");
    if (place) place.textContent = fill(this.words.unread, { n: this.slot });
  }

  looked() {
    if (this.form.hidden) return;
    all(`.unread[data-of="${this.slot}"]`).forEach((dot) => dot.remove());
    this.parts.log.scrollTop = this.parts.log.scrollHeight;
  }

  say(words) {
    if (this.parts.said.textContent !== words) this.parts.said.textContent = words;
  }

  bubbles() {
    const found = [];
    const rounds = Math.max(this.heard.length, this.lines.length);
    for (let at = 0; at < rounds; at += 1) {
      (this.heard[at] || []).forEach((text) => found.push(["they", text]));
      if (this.lines[at]) found.push(["me", this.lines[at].text]);
    }
    return found;
  }

  draw() {
    const { begin, log, reply, send, text, waiting, ways } = this.parts;
    this.parts["begin-box"].hidden = this.begun;
    begin.disabled = this.locked;
    reply.hidden = !this.begun || this.ended || this.over !== "";
    log.hidden = !this.begun;
    waiting.hidden = !this.waiting;
    waiting.textContent = this.origin > Date.now() ? this.words.coming : this.words.waiting;
    text.disabled = this.locked;
    send.disabled = this.locked;
    send.setAttribute("aria-disabled", String(this.waiting));
    this.drawLog(log);
    this.drawWays(ways);
  }

  /* Adds what is new at the end, so that a screen reader says only that; draws anew where something else changed. */
  drawLog(log) {
    const wanted = this.bubbles();
    const shown = all(".bubble", log);
    const fits = shown.every((node, at) => wanted[at] && node.dataset.text === wanted[at].join("|"));
    if (!fits) log.textContent = "";
    wanted.slice(fits ? shown.length : 0).forEach(([who, text]) => {
      const bubble = make("p", `bubble ${who}`);
      bubble.dataset.text = `${who}|${text}`;
      bubble.append(make("span", "vh", this.words[who]), make("span", "", text));
      log.append(bubble);
    });
    log.scrollTop = log.scrollHeight;
  }

  drawWays(ways) {
    const ids = this.replies.map((each) => `${this.lines.length}${each.id}`).join();
    if (ways.dataset.ids !== ids) {
      ways.textContent = "";
      this.replies.forEach((each) => {
        const way = make("button", "btn chat-way", each.label);
        way.type = "button";
        way.dataset.way = each.id;
        ways.append(way);
      });
      ways.dataset.ids = ids;
    }
    all("button", ways).forEach((way) => { way.disabled = this.locked; });
    this.mark(this.chosen);
  }

  lock(locked) {
    this.locked = locked;
    this.draw();
  }
}

export const chat = {
  start: (form, desk) => {
    const made = new Chat(form, desk);
    chats.set(form, made);
    open.push(made);
  },
  read: (form) => (chatOf(form).lines.length ? { lines: chatOf(form).lines } : null),
  write: (form, value) => chatOf(form).restore(value),
  lock: (form, locked) => chatOf(form).lock(locked),
};
