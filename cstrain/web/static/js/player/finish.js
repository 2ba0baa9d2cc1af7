/* Handing in, by the candidate or by the clock: first every answer, then the submission, until the receipt is here. */

import { config, say, uuid } from "./page.js";

const AGAIN = 1000;
const MOST_PAUSE = 15000;

export class Finish {
  constructor(player) {
    this.player = player;
    this.going = false;
    this.auto = false;
    this.done = false;
    this.asked = false; /* a submission may have reached the server: there is no way back */
    this.failures = 0;
  }

  begin(auto) {
    const { player } = this;
    if (this.done || (this.going && (this.auto || !auto))) return;
    player.commit();
    this.auto = this.auto || auto;
    if (auto) player.announce(say("over_announce"));
    player.lockAll(true);
    player.render();
    if (this.going) return;
    this.going = true;
    player.render();
    this.step();
  }

  /* The candidate wants to go on, or another page has become the writer. */
  cancel() {
    if (!this.going || this.auto || this.asked) return;
    this.going = false;
    clearTimeout(this.timer);
    this.player.lockAll(this.player.sync.block === "stale");
    this.player.render();
  }

  /* The server sees time left, or a pause: what the clock of this page began is taken back. */
  reopen() {
    if (!this.auto || this.asked || this.done || this.closing) return;
    this.auto = false;
    this.going = false;
    clearTimeout(this.timer);
    this.player.lockAll(this.player.sync.block === "stale");
    this.player.render();
  }

  async step() {
    if (!this.going || this.done) return;
    const { sync } = this.player;
    if (sync.block !== "stale" && sync.waiting().length) {
      if (sync.lease === null) await this.player.claim(this.player.tab.force);
      await sync.pump();
    }
    if (!this.going || this.done) return;
    if (sync.block !== "stale" && sync.waiting().length) this.later(AGAIN);
    else await this.submit();
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.step(), pause);
  }

  async submit() {
    const { player } = this;
    const key = player.store.meta.submitKey || uuid();
    await player.store.remember({ submitKey: key });
    this.asked = true;
    const answer = await player.wire.send(config.urls.submit, { key, auto: this.auto });
    if (answer.kind === "ok") {
      await this.leave();
      return;
    }
    if (answer.kind === "refused" && answer.body && answer.body.remaining_ms !== undefined) {
      this.asked = false;
      player.reached();
      player.heard(answer.body, answer.asOf);
      this.reopen();
      return;
    }
    player.trouble(answer);
    if (answer.kind === "refused") {
      this.going = false;
      return;
    }
    this.failures += 1;
    this.later(Math.min(MOST_PAUSE, AGAIN * 2 ** (this.failures - 1)));
  }

  /* The server says that the attempt is closed: handed in elsewhere, or by the clock. What waits here still goes to
     the log; the receipt's page sends what does not get through now. */
  async closed() {
    if (this.done || this.closing) return;
    this.closing = true;
    const { sync } = this.player;
    const left = sync.store.list();
    if (left.length) {
      sync.lease = sync.lease === null ? 0 : sync.lease;
      sync.block = null;
      sync.refused.clear();
      await sync.pump();
    }
    await this.leave();
  }

  async leave() {
    const { player } = this;
    this.done = true;
    player.tell("submitted");
    if (!player.store.list().length) await player.store.wipe();
    location.replace(config.urls.receipt);
  }
}
