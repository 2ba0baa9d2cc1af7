/* A box above a list that ticks all of its boxes. The list works without it. */

document.querySelectorAll("form[data-choose-all]").forEach((form) => {
  const boxes = Array.from(form.querySelectorAll('tbody input[type="checkbox"]'));
  if (boxes.length < 2) return;
  const label = document.createElement("label");
  label.className = "pick";
  const every = document.createElement("input");
  every.type = "checkbox";
  every.className = "check";
  const words = document.createElement("span");
  words.textContent = form.dataset.chooseAll;
  label.append(every, words);
  form.querySelector(".grid-wrap").before(label);
  const look = () => { every.checked = boxes.every((box) => box.checked); };
  every.addEventListener("change", () => { boxes.forEach((box) => { box.checked = every.checked; }); });
  boxes.forEach((box) => box.addEventListener("change", look));
  look();
});
