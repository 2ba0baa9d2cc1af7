/* The question editor: rows without a reload, a preview that follows the typing, pictures, a warning before leaving.
   Everything is done by the server too: the buttons of rows are plain buttons of the form. */

import { start } from "./player/controls.js";
import { all, config, icon, make, one, say } from "./player/page.js";

const form = one("form[data-editor]");
const shown = one("[data-look]");
const words = JSON.parse(form.dataset.words);
const LETTERS = "ABCDEFGHIJ";
const PAUSE = 500;
const desk = {
  say,
  config,
  saved: () => true,
  turn: () => Promise.resolve({ kind: "refused", status: 404, body: null }),
};

let dirty = form.hasAttribute("data-dirty");
let timer = 0;
let asked = null;
let last = "";

/* The preview */

function begin() {
  all("form[data-preview]", shown).forEach((preview) => {
    preview.addEventListener("submit", (event) => event.preventDefault());
    start(preview, desk);
  });
}

/* Rows have their own tokens: a fault stands at the field as a whole. */
function tell(faults) {
  all("[data-faults]", form).forEach((box) => {
    const found = faults[box.dataset.faults] || [];
    if (found.join("\n") === all(".err span", box).map((each) => each.textContent).join("\n")) return;
    box.replaceChildren(...found.map((text) => {
      const line = make("p", "err");
      line.append(icon("warn", "i s"), make("span", "", text));
      return line;
    }));
  });
}

async function look() {
  if (asked) asked.abort();
  asked = new AbortController();
  const values = new FormData(form);
  values.delete("picture");
  try {
    const answer = await fetch(form.dataset.previewUrl, {
      method: "POST",
      body: new URLSearchParams(values),
      headers: { Accept: "application/json" },
      signal: asked.signal,
    });
    if (!answer.ok) return;
    const { html, faults } = await answer.json();
    tell(faults);
    if (html === last) return;
    last = html;
    shown.innerHTML = html;
    begin();
  } catch (error) {
    /* Nobody waits for a preview: the next change asks again. */
  }
}

function changed() {
  dirty = true;
  window.clearTimeout(timer);
  timer = window.setTimeout(look, PAUSE);
}

/* Rows */

const rowsOf = (list) => Array.from(one("[data-row-list]", list).children);

function name(list) {
  rowsOf(list).forEach((row, place) => {
    const number = "letters" in list.dataset ? LETTERS[place] : place + 1;
    one("[data-row-name]", row).textContent = list.dataset.pattern.replace("{n}", number);
  });
}

function fresh(list, blank) {
  const tokens = rowsOf(list).map((row) => Number(one("input", row).value));
  const token = String(Math.max(-1, ...tokens) + 1);
  const holder = document.createElement("template");
  holder.innerHTML = blank.innerHTML.replaceAll(`~${list.dataset.depth}~`, token);
  return holder.content.firstElementChild;
}

function add(list, blank) {
  if (rowsOf(list).length >= Number(list.dataset.most)) return null;
  const row = fresh(list, blank);
  one("[data-row-list]", list).append(row);
  name(list);
  changed();
  return row;
}

function move(row, by) {
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (by < 0) other.before(row);
  else other.after(row);
}

function act(button) {
  const list = button.closest("[data-rows]");
  if ("add" in button.dataset) {
    const row = add(list, one(":scope > [data-row-blank]", list));
    if (row) one("input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea, select", row).focus();
    return;
  }
  const row = button.closest("[data-row]");
  if ("remove" in button.dataset) {
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    const target = next ? one("textarea, input:not([type=hidden])", next) : one("[data-add]", list);
    if (target) target.focus();
  } else {
    move(row, Number(button.dataset.move));
    button.focus();
  }
  name(list);
  changed();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add], [data-remove], [data-move]");
  if (!button) return;
  event.preventDefault();
  act(button);
});

/* The return key in a line of text hands nothing in. */
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input:not([type=checkbox]):not([type=radio])")) event.preventDefault();
});

form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

/* Pictures */

const file = one("[data-picture-file]", form);
const error = one("[data-picture-error]", form);

function complain(text) {
  error.textContent = text;
  error.hidden = !text;
}

async function upload(chosen) {
  const values = new FormData();
  values.append("file", chosen);
  values.append("csrf_token", one("[name=csrf_token]", form).value);
  const answer = await fetch("/files", { method: "POST", body: values, headers: { Accept: "application/json" } });
  const told = await answer.json();
  if (!answer.ok) {
    complain(told.error || words.lost);
    return;
  }
  const list = one("[data-pictures] [data-rows]", form);
  const row = add(list, one("[data-picture-blank]", form));
  if (!row) {
    complain(words.full);
    return;
  }
  all("[data-picture]", row).forEach((field) => {
    field.value = field.dataset.picture === "file" ? told.digest : told[field.dataset.picture];
  });
  one("[data-thumb]", row).src = told.url;
  one("textarea", row).focus();
  changed();
}

file.addEventListener("change", async () => {
  if (!file.files.length) return;
  complain("");
  const chosen = file.files[0];
  file.value = "";
  try {
    await upload(chosen);
  } catch (failed) {
    complain(words.lost);
  }
});
one("[data-picture-send]", form).closest(".btn-row").hidden = true;
one("[data-refresh]", form).hidden = true;

all("[data-rows]", form).forEach(name);
begin();
/* Who was quicker than this script keeps their place, and the preview says what they have typed. */
const differs = (each) => each.checked !== each.defaultChecked || (each.defaultValue ?? each.value) !== each.value;
if (Array.from(form.elements).some(differs)) changed();
else if (form.hasAttribute("data-fresh") && document.activeElement === document.body) one("#f-stem, textarea", form).focus();
