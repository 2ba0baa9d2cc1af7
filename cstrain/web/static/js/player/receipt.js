/* On the receipt's page: what this device still holds of the attempt goes to the log as evidence, then is wiped. */

import { config } from "./page.js";
import { openStore } from "./store.js";
import { Wire } from "./wire.js";

const MOST_BATCH = 50;

async function main() {
  const store = await openStore(config.person, config.attempt);
  const wire = new Wire(config);
  while (store.list().length) {
    const events = store.list().slice(0, MOST_BATCH).map(({ id, slot, value, seq, mono }) => ({ id, slot, value, seq, mono }));
    const answer = await wire.send(config.urls.answers, { lease: 0, events });
    if (answer.kind !== "ok" && answer.kind !== "stale") return;
    await store.remove(Object.keys(answer.body.dispositions));
  }
  await store.wipe();
}

main();
