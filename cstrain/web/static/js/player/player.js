/* The exam player: ties the page, the device's store, the queue and the clock together. */

import { Board } from "./board.js";
import { isTyped, lock, read, start, write } from "./controls.js";
import { Finish } from "./finish.js";
import { listen } from "./keys.js";
import { News } from "./news.js";
import { clockTime, config, isBlank, one, same, say } from "./page.js";
import { pause, show } from "./presence.js";
import { Signals } from "./signals.js";
import { Signs } from "./signs.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";
import { channel, writer } from "./tab.js";
import { Timer } from "./timer.js";
import { Wire } from "./wire.js";

const TYPING_PAUSE = 800;
const HEARTBEAT = 20000;
const BEAT = 5000;

class Player {
  constructor(store, tab) {
    this.store = store;
    this.tab = tab;
    this.wire = new Wire(config);
    this.held = new Map(); /* slot -> what the server holds */
    this.given = new Map(); /* slot -> the newest answer that has an event */
    this.typing = new Map();
    this.writing = false;
    this.contact = performance.now();
    this.away = false;
    this.skew = 0;
    this.refusal = "";
    this.paused = false;
    this.lapsed = false; /* some try since the last contact has failed */
    this.signals = new Signals({ wire: this.wire, url: config.urls.signals });
    this.signs = new Signs(this);
    this.news = new News(this);
    this.board = new Board({ onMove: () => this.moved(), onFlag: () => this.flagged() });
    this.sync = new Sync({
      store,
      wire: this.wire,
      urls: config.urls,
      seq: config.state.seq,
      base: config.state.lease,
      onChange: () => this.render(),
      onState: (body, asOf) => this.heard(body, asOf),
    });
    this.timer = new Timer({ onZero: () => this.finish.begin(true), announce: (text) => this.announce(text) });
    this.finish = new Finish(this);
    this.tell = channel(config.attempt, () => this.ask());
  }

  start() {
    this.board.forms.forEach((form) => start(form, this.desk()));
    this.takeIn(config.state.answers);
    if (Object.keys(config.state.answers).length) this.sync.savedAt = newest(config.state.answers);
    this.sync.newest().forEach((event, slot) => this.put(slot, event.value));
    (this.store.meta.flags || []).forEach((slot) => this.board.flags.add(slot));
    this.attend();
    this.heard(config.state, performance.now());
    this.board.go(this.whereToBegin(), { focus: false });
    this.claim(this.tab.force).then(() => this.news.listen());
    setInterval(() => this.beat(), BEAT);
  }

  /* What a control may ask of the player. */
  desk() {
    return {
      say,
      config,
      saved: (slot) => !this.sync.waitingSlots().has(slot),
      turn: (slot) => this.wire.read(config.urls.turn.replace("/0/", `/${slot}/`)),
    };
  }

  whereToBegin() {
    const named = Number((location.hash.match(/^#q(\d+)$/) || [])[1]);
    const wanted = named || this.store.meta.current;
    return this.board.forms.has(wanted) ? wanted : this.board.slots[0];
  }

  /* Shows the server's answers where this device has none that still wait. */
  takeIn(answers) {
    Object.entries(answers).forEach(([slot, { value }]) => this.held.set(Number(slot), value));
    const waiting = this.sync.waitingSlots();
    this.held.forEach((value, slot) => {
      if (!waiting.has(slot) && !this.typing.has(slot)) this.put(slot, value);
    });
  }

  put(slot, value) {
    const form = this.board.form(slot);
    if (!form) return;
    this.given.set(slot, value);
    if (!same(read(form), value)) write(form, value);
  }

  attend() {
    const column = one(".q-col");
    column.addEventListener("submit", (event) => event.preventDefault());
    column.addEventListener("change", (event) => this.changed(event.target.closest("form[data-slot]")));
    column.addEventListener("input", (event) => this.typed(event.target.closest("form[data-slot]")));
    column.addEventListener("compositionend", (event) => this.typed(event.target.closest("form[data-slot]")));
    column.addEventListener("focusout", () => this.commit());
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("visibilitychange", () => this.looked());
    window.addEventListener("online", () => this.wake());
    window.addEventListener("offline", () => this.render());
    window.addEventListener("focus", () => this.wake());
    window.addEventListener("pagehide", () => this.leaving());
    window.addEventListener("pageshow", (event) => event.persisted && this.wake());
    window.addEventListener("popstate", () => this.back());
    window.addEventListener("beforeunload", (event) => this.warn(event));
    listen(this.board);
    this.signals.listen();
  }

  clicked(event) {
    const target = event.target.closest("button, a");
    if (!target) return;
    const cell = target.matches("a.cell") ? target.dataset.number : target.matches("[data-go]") && target.dataset.to;
    if (cell) {
      event.preventDefault();
      this.board.go(Number(cell));
    } else if (target.matches("[data-flag]")) this.board.flag();
    else if (target.matches("[data-prev]")) this.board.step(-1);
    else if (target.matches("[data-next]")) this.board.step(1);
    else if (target.matches("[data-review]")) this.board.review();
    else if (target.matches("[data-go-on]")) this.board.go(this.board.current);
    else if (target.matches("[data-submit]")) this.finish.begin(false);
  }

  back() {
    const slot = Number((location.hash.match(/^#q(\d+)$/) || [])[1]);
    if (slot) this.board.go(slot, { push: false });
  }

  /* A choice is recorded at once; typing after a short pause, on leaving the field and on leaving the page. */
  changed(form) {
    if (!form) return;
    if (isTyped(form)) this.commit();
    else this.give(form);
  }

  typed(form) {
    if (!form || !isTyped(form)) return;
    const slot = Number(form.dataset.slot);
    clearTimeout(this.typing.get(slot));
    this.typing.set(slot, setTimeout(() => this.commit(slot), TYPING_PAUSE));
    this.render();
  }

  commit(only) {
    if (!this.typing.size) return;
    Array.from(this.typing.keys()).forEach((slot) => {
      if (only !== undefined && slot !== only) return;
      clearTimeout(this.typing.get(slot));
      this.typing.delete(slot);
      this.give(this.board.form(slot));
    });
    this.render();
  }

  give(form) {
    const slot = Number(form.dataset.slot);
    const value = read(form);
    if (same(value, this.given.get(slot)) || (isBlank(value) && !this.given.has(slot))) return;
    this.given.set(slot, value);
    this.sync.record(slot, value);
  }

  /* The writer's lease. Until it is known answers are taken and kept here; they are sent once it is ours. */
  async claim(force, mine) {
    if (this.claiming) return;
    this.claiming = true;
    const told = new Map(this.differing().map((slot) => [slot, this.held.get(slot)]));
    const answer = await this.wire.send(config.urls.lease, { holder: this.tab.holder, force });
    this.claiming = false;
    if (answer.kind !== "ok") {
      this.trouble(answer);
      return;
    }
    this.reached();
    this.heard(answer.body, answer.asOf);
    if (answer.body.mine) await this.becomeWriter(answer.body, { force, mine, told });
    else this.standAside(answer.body);
  }

  async becomeWriter(body, { force, mine, told }) {
    this.takeIn(body.answers); /* before anything is sent: what is acknowledged meanwhile is newer than this */
    if (this.unseen(body.lease, mine, told)) {
      this.standAside(body);
      return;
    }
    if (mine !== undefined) {
      const local = Array.from(this.sync.waitingSlots());
      const kept = local.filter((slot) => mine || !this.held.has(slot));
      const failed = await this.sync.adopt(body.lease, new Set(kept));
      if (failed) {
        this.trouble(failed);
        return;
      }
      local.filter((slot) => !kept.includes(slot)).forEach((slot) => this.put(slot, this.held.get(slot)));
    }
    this.writing = true;
    this.store.remember({ holder: this.tab.holder });
    this.sync.lease = body.lease;
    this.sync.block = null;
    if (!this.finish.going) this.lockAll(false);
    if (force) this.tell("lease");
    await this.sync.pump();
    this.render();
  }

  /* Whether what waits here would replace an answer the candidate does not know of: one that the bar did not name
     (`told`), or, where no bar was shown, one that may have come under another lease. */
  unseen(lease, mine, told) {
    if (mine === false) return false;
    const newest = this.sync.newest();
    const known = this.tab.force ? [lease, config.state.lease] : [lease];
    return this.differing().some((slot) => (
      mine ? !told.has(slot) || !same(told.get(slot), this.held.get(slot)) : !known.includes(newest.get(slot).under)
    ));
  }

  standAside(body) {
    this.commit();
    this.writing = false;
    this.sync.lease = null;
    this.sync.block = "stale";
    if (body.answers) this.takeIn(body.answers);
    this.finish.cancel();
    this.lockAll(true);
    this.render();
  }

  differing() {
    return Array.from(this.sync.newest().values())
      .filter((event) => this.held.has(event.slot) && !same(this.held.get(event.slot), event.value))
      .map((event) => event.slot)
      .sort((a, b) => a - b);
  }

  lockAll(locked) {
    this.board.forms.forEach((form) => lock(form, locked || this.paused));
  }

  /* Whatever the server says of the attempt: time left, answers, whether it is over. */
  heard(body, asOf) {
    if (body.answers) this.remember(body.answers);
    if (body.dispositions) this.acknowledged(body.dispositions);
    if (body.stale && !body.over) this.standAside(body);
    pause(this, Boolean(body.paused));
    this.timer.sync(body.remaining_ms, asOf, this.paused);
    if (this.paused || body.remaining_ms > 0) this.finish.reopen();
    const at = body.at || body.saved_at;
    this.skew = Date.parse(at) - Date.now(); /* the device's clock is shown to nobody */
    if (body.remaining_ms > 0) {
      const ends = Math.round((Date.parse(at) + body.remaining_ms) / 1000) * 1000;
      this.until = clockTime(new Date(ends), false);
      this.timer.until(this.until);
    }
    if (this.paused) this.timer.still();
    if (body.submitted) this.finish.closed();
    else if (body.over && body.dispositions) this.ask();
  }

  remember(answers) {
    Object.entries(answers).forEach(([slot, { value }]) => this.held.set(Number(slot), value));
  }

  acknowledged(dispositions) {
    this.reached();
    if (Object.values(dispositions).includes("accepted")) {
      this.given.forEach((value, slot) => {
        if (!this.sync.waitingSlots().has(slot)) this.held.set(slot, value);
      });
    }
  }

  async ask() {
    if (this.finish.done) return;
    const answer = await this.news.state();
    if (answer === null) return;
    if (answer.kind !== "ok") {
      this.trouble(answer);
      return;
    }
    this.reached();
    const { body } = answer;
    this.heard({ ...body, stale: false }, answer.asOf);
    if (this.writing && !body.over && body.lease !== this.sync.lease) this.standAside(body);
    else if (!this.writing && this.sync.block === "stale") this.takeIn(body.answers);
    if (this.sync.failures) await this.sync.pump();
    this.render();
  }

  reached() {
    if (this.lapsed) this.signals.offline(this.contact);
    this.lapsed = false;
    this.contact = performance.now();
    this.away = false;
    this.refusal = "";
  }

  trouble(answer) {
    if (answer.kind === "away") {
      this.away = true;
      this.status = answer.status;
    } else if (answer.kind === "login" || answer.kind === "stranger") this.sync.block = answer.kind;
    else this.refusal = (answer.body && answer.body.error) || String(answer.status);
    this.render();
  }

  beat() {
    if (this.finish.done) return;
    const { block } = this.sync;
    if (this.board.reviewing) this.render();
    if (block === "login" || block === "stranger") this.signedInAgain();
    else if (this.sync.lease === null && block !== "stale") this.claim(this.tab.force);
    else if (this.away) this.ask();
    else if (this.paused || this.signals.waiting.length || performance.now() - this.contact > HEARTBEAT) show(this);
  }

  async signedInAgain() {
    const answer = await this.wire.refresh();
    if (answer.kind === "ok") {
      this.sync.block = null;
      this.reached();
      await this.wake();
    } else {
      this.trouble(answer);
    }
  }

  async wake() {
    if (this.finish.done) return;
    const { block } = this.sync;
    if (block === "login" || block === "stranger") await this.signedInAgain();
    else if (this.sync.lease === null && block !== "stale") await this.claim(this.tab.force);
    else await Promise.all([this.sync.wake(), this.ask()]);
  }

  looked() {
    if (document.visibilityState === "visible") this.wake();
    else this.leaving();
  }

  leaving() {
    this.commit();
    if (this.finish.done) return;
    this.sync.farewell();
    this.signals.farewell();
  }

  warn(event) {
    this.commit();
    if (this.finish.done || !this.store.list().length) return;
    event.preventDefault();
    event.returnValue = "";
  }

  moved() {
    this.store.remember({ current: this.board.current });
    this.render();
  }

  flagged() {
    this.store.remember({ flags: Array.from(this.board.flags) });
    this.render();
  }

  announce(text) {
    one("[data-announce]").textContent = text;
  }

  answered() {
    return new Set(this.board.slots.filter((slot) => !isBlank(this.given.get(slot))));
  }

  render() {
    this.lapsed = this.lapsed || this.away || this.sync.away;
    this.signs.render();
  }
}

const newest = (answers) => Object.values(answers).map((answer) => answer.saved_at).sort().pop();

async function main() {
  const store = await openStore(config.person, config.attempt);
  const tab = await writer(config.attempt, store.meta, config.holder);
  new Player(store, tab).start();
}

main();
