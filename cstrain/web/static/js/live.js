/* The sheet of who marks: keeps the points as they are given, adds them up, and shows how long a task has lasted.
   Without it the sheet is a plain form. */

const PAUSE = 600;
const AGAIN = 5000;
const form = document.querySelector("form[data-live]");
const badge = document.querySelector("[data-kept]");
const timer = document.querySelector("[data-timer]");
const sum = document.querySelector("[data-sum]");
const begun = performance.now();
let waiting = null;
let busy = false;
let again = false;
let fresh = false; /* something was given that has not been sent */

function say(look, words) {
  badge.className = `save ${look}`;
  badge.textContent = words;
}

async function keep() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  again = false;
  fresh = false;
  say("busy", badge.dataset.saving);
  try {
    const answer = await fetch(form.dataset.live, { method: "POST", body: new FormData(form), redirect: "error" });
    const body = await answer.json();
    if (answer.ok) say("", badge.dataset.saved.replace("{at}", body.saved));
    else say("lost", body.error);
  } catch (error) {
    fresh = true;
    say("local", badge.dataset.away);
    waiting = setTimeout(keep, AGAIN);
  }
  busy = false;
  if (again) keep();
}

function changed() {
  fresh = true;
  clearTimeout(waiting);
  waiting = setTimeout(keep, PAUSE);
  add();
}

function add() {
  if (!sum) return;
  const given = Array.from(form.querySelectorAll("[data-stepper] input")).map((input) => input.value.trim());
  const numbers = given.filter((text) => text !== "").map(Number);
  if (numbers.length && numbers.every(Number.isFinite)) sum.textContent = String(numbers.reduce((a, b) => a + b, 0));
}

function tick() {
  const seconds = Math.floor((Number(timer.dataset.elapsed) + performance.now() - begun) / 1000);
  const values = { m: String(Math.floor(seconds / 60)), s: String(seconds % 60).padStart(2, "0") };
  timer.textContent = timer.dataset.words.replace(/\{(\w)\}/g, (whole, name) => values[name]);
}

form.addEventListener("input", changed);
form.addEventListener("submit", () => {
  clearTimeout(waiting);
  fresh = false;
});
window.addEventListener("pagehide", () => {
  if (fresh) fetch(form.dataset.live, { method: "POST", body: new FormData(form), keepalive: true });
});
window.addEventListener("online", keep);
if (timer) {
  setInterval(tick, 1000);
  tick();
}
add();
/* what was given while this script was still on its way */
const differs = (one) => one.checked !== one.defaultChecked || (one.defaultValue ?? one.value) !== one.value;
if (Array.from(form.elements).some(differs)) changed();
