/* Typing a passage against a clock of its own.

   Characters count when the input method has settled them (compositionend); what still stands in it when the time
   is over is kept apart as `composing`. The response is { text, ms, composing, pastes, resumes, started, over }: ms is
   measured with performance.now() and goes on from the last saved value after a reload; `started` is the device's
   clock, for people to compare. It is handed to the player every two seconds at most, at the end and on leaving. */

import { make, one } from "../page.js";

const TICK = 200;
const SAVE_EVERY = 2000;
const IDLE_SAVE_EVERY = 5000;
const SOON = 10000;
const LINE = 26;
const SHORT_LINE = 16;
const BREAKS = "，。；：？！、）”";
const FOREIGN = ["insertFromPaste", "insertFromDrop", "insertFromYank", "insertFromPasteAsQuotation"];

const sheets = new WeakMap();
const sheet = (form) => sheets.get(form);
const counted = (text) => Array.from(text.normalize("NFC").replace(/\s/g, "")).length;

/* The passage in lines of about the same length, ended at punctuation where there is some. */
function lines(passage) {
  const found = [];
  let line = "";
  Array.from(passage.replace(/\s+/g, " ").trim()).forEach((character) => {
    line += character;
    const length = Array.from(line).length;
    if (length >= LINE || (length >= SHORT_LINE && BREAKS.includes(character))) {
      found.push(line);
      line = "";
    }
  });
  if (line) found.push(line);
  return found;
}

class Sheet {
  constructor(form) {
    const box = one("[data-typing]", form);
    this.form = form;
    this.words = JSON.parse(box.dataset.words);
    this.limit = Number(box.dataset.seconds) * 1000;
    this.parts = {};
    ["passage", "clock", "count", "typed", "begin", "done", "said", "pasted"].forEach((name) => {
      this.parts[name] = one(`[data-${name}]`, box);
    });
    this.locked = false;
    this.inMethod = false;
    this.spread();
    this.restore(null);
    this.listen();
  }

  /* Puts the passage up line by line. */
  spread() {
    const { passage } = this.parts;
    const texts = lines(passage.textContent);
    let end = 0;
    this.lines = texts.map((text) => {
      end += counted(text);
      return { end, node: make("span", "typing-line", text) };
    });
    this.length = end;
    passage.textContent = "";
    this.lines.forEach(({ node }) => passage.append(node));
  }

  restore(value) {
    const held = value && typeof value === "object" ? value : {};
    this.text = held.text || "";
    this.composing = held.composing || "";
    this.ms = Number(held.ms) || 0;
    this.pastes = held.pastes || 0;
    this.resumes = held.resumes || 0;
    this.started = held.started || "";
    this.over = Boolean(held.over) || this.ms >= this.limit;
    this.response = value || null;
    this.since = null;
    this.fresh = false;
    this.savedAt = 0;
    clearInterval(this.ticking);
    this.parts.typed.value = this.text;
    if (this.started && !this.over) this.say("paused", { n: Math.round(this.ms / 1000) });
    if (this.over) this.say("ended", { n: counted(this.text) });
    this.draw();
  }

  listen() {
    const { begin, done, typed } = this.parts;
    begin.addEventListener("click", () => this.begin());
    done.addEventListener("click", () => this.end("ended"));
    typed.addEventListener("compositionstart", () => { this.inMethod = true; });
    typed.addEventListener("compositionupdate", (event) => { this.composing = event.data || ""; });
    typed.addEventListener("compositionend", () => {
      if (!this.running) return;
      this.inMethod = false;
      this.composing = "";
      setTimeout(() => this.settle(), 0);
    });
    typed.addEventListener("input", (event) => { if (!event.isComposing) this.settle(); });
    typed.addEventListener("beforeinput", (event) => { if (FOREIGN.includes(event.inputType)) this.refuse(event); });
    ["paste", "drop"].forEach((kind) => typed.addEventListener(kind, (event) => this.refuse(event)));
    typed.addEventListener("dragover", (event) => event.preventDefault());
    window.addEventListener("pagehide", () => this.keep(true));
    document.addEventListener("visibilitychange", () => this.keep(true));
  }

  get running() {
    return this.since !== null;
  }

  elapsed() {
    const more = this.running ? performance.now() - this.since : 0;
    return Math.min(this.limit, Math.round(this.ms + more));
  }

  begin() {
    if (this.running || this.over || this.locked) return;
    const again = Boolean(this.started);
    if (again) this.resumes += 1;
    else this.started = new Date().toISOString();
    this.since = performance.now();
    this.told = new Set(this.elapsed() >= this.limit / 2 ? ["half"] : []);
    const left = Math.round((this.limit - this.elapsed()) / 1000);
    this.say(again ? "resumed" : "begun", { n: left });
    this.ticking = setInterval(() => this.tick(), TICK);
    this.fresh = true;
    this.draw();
    this.keep();
    this.parts.typed.focus();
  }

  tick() {
    const used = this.elapsed();
    if (used >= this.limit) {
      this.end("over");
      return;
    }
    this.announce("half", used >= this.limit / 2, used);
    this.announce("soon", this.limit - used <= SOON, used);
    this.clock();
    const waited = performance.now() - this.savedAt;
    if (waited >= (this.fresh ? SAVE_EVERY : IDLE_SAVE_EVERY)) this.keep(true);
  }

  announce(key, due, used) {
    if (!due || this.told.has(key)) return;
    this.told.add(key);
    this.say(key, { n: Math.round((this.limit - used) / 1000) });
  }

  /* The clock stands still: out of time, finished, handed in, or another page writes now. */
  halt() {
    this.ms = this.elapsed();
    this.since = null;
    clearInterval(this.ticking);
  }

  end(words) {
    if (!this.running) return;
    this.halt();
    this.over = true;
    this.inMethod = false;
    this.fresh = true;
    this.parts.typed.value = this.text;
    this.say(words, { n: counted(this.text) });
    if (this.composing) this.parts.said.textContent += this.words.kept;
    this.draw();
    this.keep();
  }

  settle() {
    if (this.inMethod || !this.running) return;
    if (this.text === this.parts.typed.value) return;
    this.text = this.parts.typed.value;
    this.fresh = true;
    this.follow();
  }

  refuse(event) {
    event.preventDefault();
    this.pastes += 1;
    this.parts.pasted.hidden = false;
    this.fresh = true;
  }

  /* Hands the answer to the player when something is new. */
  keep(always) {
    if (!this.started || !(this.fresh || (always && this.running))) return;
    this.response = {
      text: this.text,
      ms: this.elapsed(),
      composing: this.composing,
      pastes: this.pastes,
      resumes: this.resumes,
      started: this.started,
      over: this.over,
    };
    this.fresh = false;
    this.savedAt = performance.now();
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  lock(locked) {
    this.locked = locked;
    if (locked && this.running) {
      this.halt();
      this.fresh = true;
      this.keep();
      this.say("paused", { n: Math.round(this.ms / 1000) });
    }
    this.draw();
  }

  say(key, values = {}) {
    this.parts.said.textContent = this.fill(key, values);
  }

  fill(key, values) {
    return this.words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  draw() {
    const { begin, done, typed } = this.parts;
    begin.hidden = this.running || this.over;
    begin.disabled = this.locked;
    begin.textContent = this.words[this.started ? "go_on" : "begin"];
    done.hidden = !this.running;
    typed.disabled = !this.running || this.locked;
    this.clock();
    this.follow();
  }

  clock() {
    const left = Math.ceil((this.limit - this.elapsed()) / 1000);
    const words = this.fill("left", { m: Math.floor(left / 60), s: String(left % 60).padStart(2, "0") });
    if (this.parts.clock.textContent !== words) this.parts.clock.textContent = words;
    this.parts.clock.classList.toggle("soon", this.running && left * 1000 <= SOON);
  }

  /* Marks the lines that are typed and the one that is being typed, and keeps that one in view. */
  follow() {
    const typed = counted(this.text);
    this.parts.count.textContent = this.fill("count", { n: typed, of: this.length });
    const here = this.over ? undefined : this.lines.find(({ end }) => typed < end);
    this.lines.forEach((line) => {
      line.node.classList.toggle("typed", typed >= line.end);
      line.node.classList.toggle("now", line === here);
    });
    if (!here || !this.running) return;
    this.parts.passage.scrollTop = Math.max(0, here.node.offsetTop - here.node.offsetHeight);
  }
}

export const typing = {
  start: (form) => sheets.set(form, new Sheet(form)),
  read: (form) => (sheet(form) ? sheet(form).response : null),
  write: (form, value) => sheet(form).restore(value),
  lock: (form, locked) => sheet(form).lock(locked),
};
