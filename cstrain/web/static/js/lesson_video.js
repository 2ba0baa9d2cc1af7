/* The video of a lesson: a big one is sent in pieces as soon as it is chosen, a small one with the form. */

import { Pieces, Refused } from "./pieces.js";

const MIB = 1024 * 1024;
const AT_ONCE = 8 * MIB;
const MOST = 100 * MIB;
const MOST_FORM = 14.5 * MIB; // of the 15 MiB a save takes; the rest is the text

export function watchVideo(form, headers) {
  const part = form.querySelector("[data-video]");
  const field = form.querySelector("input[name=video_file]");
  const kept = form.querySelector("input[name=video_kept]");
  const bar = part.querySelector("progress");
  const buttons = { again: null, cancel: null, drop: null };
  Object.keys(buttons).forEach((name) => (buttons[name] = part.querySelector(`[data-${name}]`)));
  let running = null;
  let quarter = 0;

  const tell = (words) => (part.querySelector("[data-video-told]").textContent = words);

  /* Shows the bar while something is under way, and the buttons that make sense. */
  function show(...names) {
    part.querySelector("[data-running]").hidden = !running;
    Object.entries(buttons).forEach(([name, button]) => (button.hidden = !names.includes(name)));
  }

  /* The bar follows every piece; the words, which are read aloud, every quarter. */
  function far(bytes) {
    bar.value = bytes / running.file.size;
    const now = Math.floor(bar.value * 4);
    if (now === quarter) return;
    quarter = now;
    const [done, total] = [bytes, running.file.size].map((each) => String(Math.round(each / MIB)));
    tell(part.dataset.far.replace("{done}", done).replace("{total}", total));
  }

  async function send(mine) {
    show("cancel");
    tell(part.dataset.sending);
    try {
      const file = await mine.send();
      if (mine !== running) return;
      running = null;
      kept.value = file.digest;
      tell(part.dataset.done);
      show("drop");
    } catch (error) {
      if (mine !== running) return;
      if (error instanceof Refused) {
        stop(error.message || part.dataset.failed);
      } else {
        tell(part.dataset.failed);
        show("again", "cancel");
      }
    }
  }

  function stop(words) {
    const mine = running;
    running = null;
    if (mine) mine.cancel();
    kept.value = "";
    tell(words);
    show();
  }

  function choose() {
    const file = field.files[0];
    if (!file) return;
    stop("");
    if (file.size > AT_ONCE) field.value = ""; // it does not go with the form
    if (file.size > MOST) {
      tell(part.dataset.tooBig);
    } else if (file.size > AT_ONCE) {
      [quarter, bar.value] = [0, 0];
      running = new Pieces(file, part.dataset.begin, headers, far);
      send(running);
    }
  }

  function check(event) {
    const files = Array.from(form.querySelectorAll("input[type=file]")).flatMap((each) => Array.from(each.files));
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (!running && size <= MOST_FORM) return;
    event.preventDefault();
    tell(running ? part.dataset.sending : part.dataset.tooMuch);
    (running ? buttons.cancel : field).focus();
  }

  field.addEventListener("change", choose);
  form.addEventListener("submit", check);
  buttons.again.addEventListener("click", () => send(running));
  buttons.cancel.addEventListener("click", () => {
    stop(part.dataset.cancelled);
    field.focus();
  });
  buttons.drop.addEventListener("click", () => {
    stop(part.dataset.cancelled);
    field.focus();
  });
  window.addEventListener("pagehide", () => running && running.cancel());
  show(...(kept.value ? ["drop"] : []));
}
