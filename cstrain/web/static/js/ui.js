/* Small comforts. Every page works without them. */

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

/* Menus: Escape and a click elsewhere close them; one is open at a time. */
function closeMenus(except) {
  all("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.activeElement && document.activeElement.closest("details.menu[open], details.confirm[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

/* A second step can be taken back with a button. */
all("details.confirm").forEach((confirm) => {
  const close = confirm.querySelector("[data-close]");
  if (!close) return;
  close.hidden = false;
  close.addEventListener("click", () => {
    confirm.open = false;
    confirm.querySelector("summary").focus();
  });
});

/* After a refusal the summary takes the focus, so that it is read first. */
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

/* A wide table that is cut on a phone begins with today. */
all("[data-wide]").forEach((wide) => {
  const today = wide.querySelector(".today");
  if (today && wide.scrollWidth > wide.clientWidth) wide.scrollLeft = today.offsetLeft - wide.clientWidth / 2;
});

/* Steppers: the field stays a plain field; an empty one starts at its lower end. */
function places(step) {
  return (String(step).split(".")[1] || "").length;
}

function stepBy(box, direction) {
  const input = box.querySelector("input");
  const step = Number(box.dataset.step) || 1;
  const low = Number(box.dataset.low);
  const high = Number(box.dataset.high);
  const now = input.value.trim() === "" ? NaN : Number(input.value);
  const next = Number.isNaN(now) ? low : now + direction * step;
  input.value = String(Number(Math.min(high, Math.max(low, next)).toFixed(Math.max(places(step), places(now || 0)))));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

all("[data-stepper]").forEach((box) => {
  all("[data-by]", box).forEach((button) => {
    button.addEventListener("click", () => stepBy(box, Number(button.dataset.by)));
  });
});

/* A form is sent once, however often its button is pressed. The page cache brings it back to life. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});

window.addEventListener("pageshow", () => {
  all("form[data-sent]").forEach((form) => delete form.dataset.sent);
  all("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
});

/* Cards on a phone stay a table for those who hear it, also where a row forgot its roles. */
all("table.grid-cards").forEach((table) => {
  const roles = { TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell", TH: "rowheader" };
  all("tbody, tfoot, tbody tr, tfoot tr, tbody td, tbody th, tfoot td, tfoot th", table).forEach((part) => {
    if (!part.hasAttribute("role")) part.setAttribute("role", roles[part.tagName]);
  });
});

/* Fields that show or hide with a choice: data-when="name=value other" on the block. */
function applyWhen(block) {
  const [name, wanted] = block.dataset.when.split("=");
  const form = block.closest("form");
  const chosen = all(`[name="${name}"]`, form).find((input) => (input.type === "radio" ? input.checked : true));
  const value = chosen ? (chosen.type === "checkbox" ? String(chosen.checked) : chosen.value) : "";
  block.hidden = !wanted.split(" ").includes(value);
}

all("[data-when]").forEach((block) => {
  applyWhen(block);
  block.closest("form").addEventListener("change", () => applyWhen(block));
});
