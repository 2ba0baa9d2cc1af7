/* Writing a lesson: a preview that follows the text, pictures placed at the cursor. The form works without it. */

import { watchVideo } from "./lesson_video.js";

const form = document.querySelector("[data-lesson]");
const kinds = Array.from(form.querySelectorAll("input[name=kind]"));
const body = form.querySelector("textarea[name=body]");
const told = form.querySelector("[data-told]");

/* Only the fields of the chosen place are shown. */
function showPlace() {
  const chosen = kinds.find((kind) => kind.checked);
  form.querySelectorAll("[data-kind]").forEach((part) => {
    part.hidden = Boolean(chosen) && part.dataset.kind !== chosen.value;
  });
}

function token() {
  return form.querySelector("input[name=csrf_token]").value;
}

async function send(url, name, value) {
  const data = new FormData();
  data.append(name, value);
  return fetch(url, {
    method: "POST",
    body: data,
    headers: { "X-CSRFToken": token(), Accept: "application/json" },
    credentials: "same-origin",
  });
}

/* The preview asks once the typing rests; an answer that a later one has overtaken is dropped. */
let asked = 0;
let waiting = 0;

async function preview() {
  asked += 1;
  const mine = asked;
  try {
    const answer = await send(form.dataset.preview, "body", body.value);
    if (!answer.ok || mine !== asked) return;
    form.querySelector("[data-shown]").innerHTML = await answer.text();
  } catch (error) {
    /* offline: the text stays, and the preview follows with the next word */
  }
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(preview, 400);
}

function insert(text) {
  const at = body.selectionStart;
  const before = body.value.slice(0, at);
  const after = body.value.slice(body.selectionEnd);
  const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  body.value = `${before}${gap}${text}\n${after}`;
  body.selectionStart = body.selectionEnd = before.length + gap.length + text.length + 1;
  body.focus();
  later();
}

async function place(field) {
  const file = field.files[0];
  if (!file) return;
  told.textContent = form.dataset.sending;
  try {
    const answer = await send(form.dataset.pictures, "file", file);
    const said = await answer.json();
    told.textContent = answer.ok ? form.dataset.placed : said.error || form.dataset.failed;
    if (answer.ok) insert(`![${said.name.replace(/\.[^.]*$/, "").replace(/[[\]\\<>!`*_]/g, " ").trim()}](${said.url})`);
  } catch (error) {
    told.textContent = form.dataset.failed;
  }
  field.value = "";
}

kinds.forEach((kind) => kind.addEventListener("change", showPlace));
showPlace();
if (body) {
  body.addEventListener("input", later);
  form.querySelector("[data-preview-button]").addEventListener("click", (event) => {
    event.preventDefault();
    preview();
  });
  form.querySelector("input[name=picture]").addEventListener("change", (event) => place(event.target));
  watchVideo(form, () => ({ "X-CSRFToken": token() }));
  preview();
}
