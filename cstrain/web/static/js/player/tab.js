/* Who this tab is for the writer's lease. A reload is the same writer; a copy of the tab is another one. */

import { uuid } from "./page.js";

function remembered(key) {
  try {
    return sessionStorage.getItem(key);
  } catch (error) {
    return null;
  }
}

function remember(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch (error) {
    /* a browser without session storage asks for the take-over after each reload */
  }
}

/* Holds a name for as long as this page lives; false when another living page of this browser has it. */
function hold(name) {
  return new Promise((resolve) => {
    navigator.locks
      .request(`cstrain-${name}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}

/* Returns { holder, force }. With the Web Locks API a name is taken up again only when its page is gone (a reload,
   a crash, a restored tab). Without it each load is a new writer, and takes over at once only from the page that
   stood in this very tab before: should that page still live (a copied tab), it is told so at its next save. */
export async function writer(attempt, meta, leaseHolder) {
  const key = `cstrain-writer-${attempt}`;
  const mine = remembered(key);
  if (navigator.locks) {
    for (const name of new Set([mine, meta.holder])) {
      if (name && (await hold(name))) {
        remember(key, name);
        return { holder: name, force: false };
      }
    }
  }
  const holder = uuid();
  if (navigator.locks) await hold(holder);
  remember(key, holder);
  return { holder, force: !navigator.locks && mine !== null && mine === leaseHolder };
}

/* Tells the other tabs of this browser at once; other devices learn it from the server. */
export function channel(attempt, onMessage) {
  if (typeof BroadcastChannel === "undefined") return () => {};
  const bus = new BroadcastChannel(`cstrain-attempt-${attempt}`);
  bus.onmessage = (event) => onMessage(event.data);
  return (message) => bus.postMessage(message);
}
