/* The player as those who invigilate meet it: it shows that it is there, and stands still while it is paused. */

import { say } from "./page.js";

/* Paused by an invigilator: what was typed is kept, nothing more can be, and the time stands still. */
export function pause(player, paused) {
  if (paused === player.paused) return;
  if (paused) player.commit();
  player.paused = paused;
  player.lockAll(player.sync.block === "stale" || player.finish.going);
  player.announce(say(paused ? "paused_head" : "resumed"));
  player.render();
}

/* Shows the server that this page is there, with what there is to tell, and hears how the attempt stands. */
export async function show(player) {
  const answer = await player.signals.send();
  if (answer === null) return;
  if (answer.kind !== "ok") {
    player.trouble(answer);
    return;
  }
  player.reached();
  player.heard(answer.body, answer.asOf);
  if (player.writing && !answer.body.over && answer.body.lease !== player.sync.lease) await player.ask();
  if (player.sync.failures) await player.sync.pump();
  player.render();
}
