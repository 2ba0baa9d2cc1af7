/* How far an import is: asked for every second; the page is loaded anew when the step has ended.
   Without it there is a link that does the same. */

const EVERY = 1000;
const LATER = 5000;
const desk = document.querySelector("[data-import]");
const bar = desk.querySelector("progress");
const count = desk.querySelector("[data-count]");

async function look() {
  let wait = EVERY;
  try {
    const answer = await fetch(desk.dataset.import, { redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const far = await answer.json();
    if (far.state !== desk.dataset.state) {
      window.location.reload();
      return;
    }
    if (far.total) {
      bar.max = far.total;
      bar.value = far.done;
      count.textContent = count.dataset.words.replace("{done}", far.done).replace("{total}", far.total);
    }
  } catch (error) {
    wait = LATER;
  }
  setTimeout(look, wait);
}

setTimeout(look, EVERY);
