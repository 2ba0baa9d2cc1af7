/* The keyboard: digits and letters pick options, arrows or n and p move, f flags. Enter hands nothing in. */

import { isTyped, pick } from "./controls.js";

const LETTERS = "abcdegh"; /* f flags on every question: a sixth option is picked by its digit */
const PLACES = { a: 0, b: 1, c: 2, d: 3, e: 4, g: 6, h: 7 };

const inField = (target) => target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");

export function listen(board) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
    if (board.reviewing || inField(event.target)) return;
    if (act(board, event.key)) event.preventDefault();
  });
}

function act(board, key) {
  const lower = key.toLowerCase();
  if (lower === "arrowleft" || lower === "p") board.step(-1);
  else if (lower === "arrowright" || lower === "n") board.step(1);
  else if (lower === "f") board.flag();
  else return option(board, lower);
  return true;
}

function option(board, key) {
  const form = board.form();
  if (isTyped(form)) return false;
  if (/^[1-8]$/.test(key)) return pick(form, Number(key) - 1);
  return key.length === 1 && LETTERS.includes(key) && pick(form, PLACES[key]);
}
