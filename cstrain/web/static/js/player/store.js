/* The candidate's own answers on this device until the server has them: written here before anything is sent.

   Bound to the person and the attempt; wiped after a confirmed submission. Where IndexedDB is missing or refuses,
   everything stays in memory and `durable` is false, so that the page can say so. */

const NAME = "cstrain-player";

function openDatabase() {
  return new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open(NAME, 1);
    } catch (error) {
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => {
      const events = request.result.createObjectStore("events", { keyPath: "id" });
      events.createIndex("owner", "owner");
      request.result.createObjectStore("meta", { keyPath: "owner" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
}

export async function openStore(person, attempt) {
  const timeout = new Promise((resolve) => setTimeout(() => resolve(null), 3000));
  const database = typeof indexedDB === "undefined" ? null : await Promise.race([openDatabase(), timeout]);
  const store = new Store(database, `${person}/${attempt}`);
  await store.load();
  return store;
}

export class Store {
  constructor(database, owner) {
    this.database = database;
    this.owner = owner;
    this.durable = database !== null;
    this.events = new Map();
    this.meta = {};
    if (database) database.onclose = () => { this.durable = false; };
  }

  /* Reads what an earlier page of this person and attempt left. */
  async load() {
    if (!this.database) return;
    try {
      const left = await this.work("readonly", ["events"], (t) => t.objectStore("events").index("owner").getAll(this.owner));
      const meta = await this.work("readonly", ["meta"], (t) => t.objectStore("meta").get(this.owner));
      left.forEach((event) => this.events.set(event.id, event));
      this.meta = (meta && meta.values) || {};
    } catch (error) {
      this.durable = false;
    }
  }

  work(mode, names, act) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(names, mode, { durability: "strict" });
      const request = act(transaction);
      transaction.oncomplete = () => resolve(request && request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  }

  async write(act, names) {
    if (!this.durable) return;
    try {
      await this.work("readwrite", names, act);
    } catch (error) {
      this.durable = false;
    }
  }

  put(event) {
    const kept = { ...event, owner: this.owner };
    this.events.set(kept.id, kept);
    return this.write((t) => t.objectStore("events").put(kept), ["events"]);
  }

  remove(ids) {
    ids.forEach((id) => this.events.delete(id));
    return this.write((t) => { ids.forEach((id) => t.objectStore("events").delete(id)); }, ["events"]);
  }

  remember(values) {
    this.meta = { ...this.meta, ...values };
    const row = { owner: this.owner, values: this.meta };
    return this.write((t) => t.objectStore("meta").put(row), ["meta"]);
  }

  /* Unsent events in the order they were made. */
  list() {
    return Array.from(this.events.values()).sort((a, b) => a.seq - b.seq);
  }

  async wipe() {
    await this.remove(Array.from(this.events.keys()));
    this.meta = {};
    await this.write((t) => t.objectStore("meta").delete(this.owner), ["meta"]);
  }
}
