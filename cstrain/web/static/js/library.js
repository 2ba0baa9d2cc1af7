/* The list of questions: ticks all of the page, and says how many are ticked. Works without. */

const form = document.querySelector("[data-pick]");

if (form) {
  const boxes = Array.from(document.querySelectorAll('input[name="q"]'));
  const told = document.querySelector("[data-picked]");
  const everything = form.querySelector("[data-pick-all]");

  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    told.textContent = ticked ? form.dataset.pick.replace("{n}", String(ticked)) : "";
    everything.setAttribute("aria-pressed", String(ticked === boxes.length));
  };

  everything.hidden = false;
  everything.addEventListener("click", () => {
    const tick = boxes.some((box) => !box.checked);
    boxes.forEach((box) => {
      box.checked = tick;
    });
    tell();
  });
  boxes.forEach((box) => box.addEventListener("change", tell));
  window.addEventListener("pageshow", tell);
  tell();
}
