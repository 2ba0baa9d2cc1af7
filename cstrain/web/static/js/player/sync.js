/* The queue between the page and the server. An answer is "saved" when the server's answer names its event.

   One request is in flight at a time; a batch is retried with growing pauses and at once when the network or the
   page comes back. Nothing leaves the queue but by an acknowledgement. */

import { uuid } from "./page.js";

const MOST_BATCH = 50;
const MOST_PAUSE = 15000;
const SLOW = 4000;
const KEEPALIVE_BYTES = 60000;
const LEAP = 1000;

export class Sync {
  /* onChange is called after every change of state, onState with every state the server reports. */
  constructor({ store, wire, urls, seq, base, onChange, onState }) {
    Object.assign(this, { store, wire, urls, base, onChange, onState }); /* base: the epoch the page was loaded under */
    /* What the page before this one sent while leaving may still be on its way: this one counts on from beyond. */
    this.seq = Math.max(seq, store.meta.seq || 0, ...store.list().map((event) => event.seq)) + LEAP;
    this.lease = null; /* the epoch this page writes under; null: not (yet) the writer */
    this.block = null; /* why nothing is sent: stale, login, stranger */
    this.away = false; /* the last try met no answer; `status` is the server's, if it had one */
    this.status = 0;
    this.refusal = ""; /* what the server said when it took nothing */
    this.inFlight = false;
    this.failures = 0;
    this.savedAt = null;
    this.late = new Set(); /* slots that reached the server too late to count */
    this.refused = new Set(); /* ids the server keeps aside because another page is the writer */
    this.stored = new Set(store.list().map((event) => event.id));
    this.timer = null;
    this.slowTimer = null;
    this.since = store.list().length ? store.list()[0].at : null;
  }

  waiting() {
    return this.store.list().filter((event) => !this.refused.has(event.id));
  }

  waitingSlots() {
    return new Set(this.store.list().map((event) => event.slot));
  }

  newest() {
    const newest = new Map();
    this.store.list().forEach((event) => newest.set(event.slot, event));
    return newest;
  }

  /* Makes an event of an answer: on this device first, then on its way. */
  async record(slot, value) {
    this.seq += 1;
    const under = this.lease === null ? this.base : this.lease; /* whose answers the candidate saw meanwhile */
    const event = { id: uuid(), slot, value, seq: this.seq, mono: Math.round(performance.now()), at: Date.now(), under };
    if (this.since === null) this.since = event.at;
    const kept = this.store.put(event);
    this.onChange();
    await kept;
    this.stored.add(event.id);
    await this.pump();
  }

  /* Sends what waits, now. */
  async pump() {
    clearTimeout(this.timer);
    if (this.inFlight || this.block || this.lease === null) return;
    const batch = this.waiting().filter((event) => this.stored.has(event.id)).slice(0, MOST_BATCH);
    if (!batch.length) return;
    this.inFlight = true;
    this.slowTimer = setTimeout(() => this.onChange(), SLOW);
    this.startedAt = performance.now();
    this.onChange();
    const epoch = this.lease;
    const answer = await this.wire.send(this.urls.answers, this.body(batch, epoch));
    clearTimeout(this.slowTimer);
    this.inFlight = false;
    await this.settle(answer, epoch);
    this.onChange();
    if (!this.block && this.waiting().length) this.again();
  }

  body(events, epoch) {
    const sent = events.map(({ id, slot, value, seq, mono }) => ({ id, slot, value, seq, mono }));
    return { lease: epoch, events: sent };
  }

  again() {
    const pause = this.failures ? Math.min(MOST_PAUSE, 1000 * 2 ** (this.failures - 1)) : 0;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.pump(), pause);
  }

  /* Tries at once: the network is back, the page is looked at again, somebody has signed in. */
  wake() {
    if (this.block === "login" || this.block === "stranger") this.block = null;
    return this.pump();
  }

  async settle(answer, epoch) {
    if (answer.kind === "ok" || answer.kind === "stale") {
      this.failures = 0;
      this.away = false;
      this.refusal = "";
      await this.acknowledge(answer.body, epoch);
      this.onState(answer.body, answer.asOf);
      return;
    }
    this.failures += 1;
    this.away = answer.kind === "away";
    this.status = answer.status;
    if (answer.kind === "refused") this.refusal = (answer.body && answer.body.error) || String(answer.status);
    else if (!this.away) this.block = answer.kind;
  }

  async acknowledge(body, epoch) {
    const gone = [];
    const again = [];
    const newest = this.newest();
    Object.entries(body.dispositions).forEach(([id, fate]) => {
      const event = this.store.events.get(id);
      if (!event) return;
      if (fate === "superseded") {
        /* Kept aside by the server. Still the writer: it was refused under an older lease and is sent anew. */
        if (body.lease === epoch && !body.over) {
          again.push(event);
        } else if (body.over) {
          this.late.add(event.slot);
          gone.push(id);
        } else {
          this.refused.add(id);
        }
        return;
      }
      if (fate === "late" || fate === "after_submit") this.late.add(event.slot);
      gone.push(id);
    });
    if (body.lease !== epoch && !body.over) this.block = "stale";
    if (Object.values(body.dispositions).includes("accepted")) this.savedAt = body.saved_at;
    await this.forget(gone);
    for (const event of again) {
      await this.forget([event.id]);
      if (newest.get(event.slot) === event) await this.reissue(event);
    }
  }

  async forget(ids) {
    if (ids.length) {
      await this.store.remember({ seq: this.seq });
      await this.store.remove(ids);
    }
    ids.forEach((id) => this.refused.delete(id));
    const left = this.store.list();
    this.since = left.length ? left[0].at : null;
  }

  async reissue(event, under = this.lease) {
    this.seq += 1;
    const anew = { ...event, id: uuid(), seq: this.seq, under };
    await this.store.put(anew);
    this.stored.add(anew.id);
  }

  /* After a take-over: the newest answers of the `kept` slots are sent anew under the new lease. What this device
     holds of the others goes to the server's log, aside (no lease is 0), so that both versions stay. Where it does
     not get there nothing is let go: returns the answer that went wrong, else null. */
  async adopt(lease, kept) {
    const every = this.store.list();
    const again = Array.from(this.newest().values()).filter((event) => kept.has(event.slot));
    const aside = every.filter((event) => !kept.has(event.slot) && !this.refused.has(event.id));
    for (let from = 0; from < aside.length; from += MOST_BATCH) {
      const body = this.body(aside.slice(from, from + MOST_BATCH), 0);
      const answer = await this.wire.send(this.urls.answers, body);
      if (answer.kind !== "ok" && answer.kind !== "stale") return answer;
    }
    for (const event of again) await this.reissue(event, lease);
    await this.forget(every.map((event) => event.id));
    this.lease = lease;
    this.block = null;
    this.onChange();
    return null; /* sent by whoever asked, once the page shows what was chosen: what is acknowledged counts as shown */
  }

  /* The page is going: what can still be sent is sent without waiting for an answer; the queue keeps it all. */
  farewell() {
    if (this.block || this.lease === null) return;
    const batch = [];
    let bytes = 0;
    for (const event of this.waiting().reverse()) {
      bytes += JSON.stringify(event).length * 3;
      if (bytes > KEEPALIVE_BYTES || batch.length >= MOST_BATCH) break;
      batch.unshift(event);
    }
    if (batch.length) this.wire.send(this.urls.answers, this.body(batch, this.lease), { keepalive: true });
  }

  /* saved, busy, local, lost or none: never "saved" while one event waits. */
  badge() {
    const left = this.store.list().length;
    if (this.block === "stale") return "lost";
    if (!left) return this.savedAt ? "saved" : "none";
    const slow = this.inFlight && performance.now() - this.startedAt >= SLOW - 50;
    const away = this.failures > 0 || this.block || navigator.onLine === false || slow;
    return away ? "local" : "busy";
  }
}
