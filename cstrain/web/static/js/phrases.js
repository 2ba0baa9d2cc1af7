/* The phrase library: narrows the list while one types, and copies a phrase. The search form works without it. */

const field = document.querySelector("#q");
const said = document.querySelector("[data-copied]");
const phrases = Array.from(document.querySelectorAll("[data-phrase]"));
const groups = Array.from(document.querySelectorAll("[data-group]"));

function narrow() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  groups.forEach((group) => {
    const title = group.querySelector("h2").textContent.toLowerCase();
    let left = 0;
    phrases.filter((phrase) => group.contains(phrase)).forEach((phrase) => {
      const text = `${title} ${phrase.textContent.toLowerCase()}`;
      phrase.hidden = !words.every((word) => text.includes(word));
      if (!phrase.hidden) left += 1;
    });
    group.hidden = left === 0;
  });
}

/* The clipboard needs a secure context; an office network may lack it. */
function copyOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.className = "vh";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

async function copy(button) {
  const text = button.dataset.copy;
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch (error) {
    done = copyOldWay(text);
  }
  if (!done) return;
  const words = said.dataset.words.replace("{code}", button.dataset.code);
  said.textContent = words;
  const label = button.querySelector("span");
  const before = label.textContent;
  label.textContent = words;
  button.focus();
  setTimeout(() => { label.textContent = before; }, 2000);
}

field.addEventListener("input", narrow);
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
});
