/* What the page says of itself: badge, bars, palette. Drawn anew from the state; nothing is decided here. */

import { Bars } from "./bars.js";
import { ranges, showBadge } from "./board.js";
import { clockTime, say } from "./page.js";
import { words } from "./timer.js";

const WORDS = { busy: "saving", saved: "saved", local: "local", memory: "memory", lost: "lost", none: "none" };
const LOG_IN = [{ label: "login_link", href: "/" }];

export class Signs {
  constructor(player) {
    this.player = player;
    this.bars = new Bars();
  }

  render() {
    const { board, sync, timer, until } = this.player;
    const local = sync.waitingSlots();
    const savedAt = sync.savedAt ? clockTime(sync.savedAt) : "";
    const stillWords = say("still", { left: words(timer.left()), at: until || "" });
    this.badge(local.size, savedAt);
    this.connection(local.size);
    this.account();
    this.notes();
    this.pause();
    this.finish(local.size);
    board.render({ answered: this.player.answered(), local, confirmedAt: savedAt, stillWords });
  }

  /* Never "saved" while an answer waits, or while somebody is typing one. */
  badge(number, at) {
    const { away, store, sync, typing } = this.player;
    let state = sync.badge();
    if (typing.size && (state === "saved" || state === "none")) state = "busy";
    if (state === "busy" && away) state = "local";
    if (state === "local" && !store.durable) state = "memory";
    showBadge(state, say(WORDS[state], { n: Math.max(number, typing.size), at }));
  }

  connection(number) {
    const { away, finish, skew, status, store, sync } = this.player;
    const offline = !sync.block && (sync.away || away || navigator.onLine === false);
    this.bars.toggle("offline", offline && !finish.going, () => {
      const answering = navigator.onLine !== false && (sync.status || status);
      const at = clockTime(new Date((sync.since || Date.now()) + skew), false);
      const kept = store.durable ? "offline" : "offline_memory";
      const text = number ? say(kept, { at, n: number }) : say("offline_none");
      return { head: say(answering ? "server_head" : "offline_head"), text, alert: true };
    });
  }

  account() {
    const { block } = this.player.sync;
    const bar = (key) => () => ({ kind: "bad", head: say(`${key}_head`), text: say(key), buttons: LOG_IN, alert: true });
    this.bars.toggle("login", block === "login", bar("login"));
    this.bars.toggle("stranger", block === "stranger", bar("stranger"));
    this.bars.toggle("stale", block === "stale" && !this.player.finish.done, () => this.stale());
  }

  stale() {
    const differing = this.player.differing();
    const take = (mine) => () => this.player.claim(true, mine);
    const bar = { head: say("stale_head"), alert: true };
    if (!differing.length) return { ...bar, text: say("stale"), buttons: [{ label: "take_over", act: take(true) }] };
    return {
      ...bar,
      text: say("stale_differ", { n: differing.length, list: ranges(differing) }),
      buttons: [{ label: "take_theirs", act: take(false) }, { label: "take_mine", act: take(true) }],
    };
  }

  notes() {
    const { refusal, store, sync } = this.player;
    const said = refusal || sync.refusal;
    this.bars.toggle("memory", !store.durable, () => ({ head: say("memory_head"), text: say("memory_note") }));
    this.bars.toggle("late", sync.late.size > 0, () => ({ head: say("late_head", { n: sync.late.size }), text: say("late") }));
    this.bars.toggle("refused", Boolean(said), () => ({ kind: "bad", head: say("refused_head"), text: said }));
  }

  pause() {
    const { finish, paused, timer } = this.player;
    this.bars.toggle("paused", paused && !finish.done, () => {
      const held = timer.left() === 0;
      return { head: say(held ? "held_head" : "paused_head"), text: say(held ? "held" : "paused"), alert: true };
    });
  }

  finish(number) {
    const { finish } = this.player;
    this.bars.toggle("finish", finish.going && !finish.done, () => {
      if (finish.auto) return { head: say("over_head"), text: number ? say("over", { n: number }) : "", alert: true };
      const buttons = finish.asked ? [] : [{ label: "go_on", act: () => finish.cancel() }];
      return { head: say("sending_head"), text: number ? say("sending", { n: number }) : "", buttons };
    });
  }
}
