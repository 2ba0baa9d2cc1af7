/* A paper being written: what its marks come to and what its cells find, at once. The server says the same. */

const told = document.getElementById("paper-counts");
const form = document.querySelector("form.paper-form");
const line = document.getElementById("paper-sum");
const { bank, counts, words } = JSON.parse(told.textContent);

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
const number = (input) => (input && input.value.trim() !== "" ? Number(input.value) : NaN);
const picked = (box, name) =>
  Array.from(box.querySelectorAll("input:checked"))
    .filter((input) => input.name.endsWith(`-${name}`))
    .map((input) => input.value);

function fits(cell) {
  const own = cell.querySelector("[data-bank]").value || bank;
  const topics = picked(cell, "topics");
  const types = picked(cell, "types");
  const levels = picked(cell, "difficulties");
  return counts
    .filter(([at, topic, type, level]) => at === own && topics.includes(topic) && types.includes(type) && levels.includes(String(level)))
    .reduce((sum, row) => sum + row[4], 0);
}

/* What a cell has room for; a cell of named questions keeps what the server said. */
function room(cell) {
  const count = number(cell.querySelector("[data-count]"));
  const named = Array.from(cell.querySelectorAll('input[type="hidden"]')).some((input) => input.name.endsWith("-refs") && input.value);
  if (named) return { count, forms: NaN };
  const n = fits(cell);
  const forms = count > 0 ? Math.floor(n / count) : NaN;
  const said = cell.querySelector("[data-room]");
  said.textContent = count > n
    ? fill(words.lack, { n, lack: count - n })
    : fill(words.fits, { n }) + (forms > 0 ? fill(words.room, { n: forms }) : "");
  return { count, forms };
}

function sections() {
  let total = 0;
  let questions = 0;
  let fewest = Infinity;
  form.querySelectorAll("[data-section]").forEach((section) => {
    const marks = number(section.querySelector("[data-marks]"));
    section.querySelectorAll("[data-cell]").forEach((cell) => {
      const found = room(cell);
      questions += found.count || 0;
      total += (marks || 0) * (found.count || 0);
      if (!Number.isNaN(found.forms)) fewest = Math.min(fewest, found.forms);
    });
  });
  return { total, questions, forms: Number.isFinite(fewest) ? fewest : null };
}

function list() {
  const rows = Array.from(form.querySelectorAll("[data-picked] [data-marks]"));
  return { total: rows.reduce((sum, input) => sum + (number(input) || 0), 0), questions: rows.length, forms: null };
}

function say() {
  const found = form.querySelector("[data-picked]") ? list() : sections();
  const total = Math.round(found.total * 1000) / 1000;
  const parts = [total === 100 ? words.ok : fill(words.bad, { n: total }), fill(words.questions, { n: found.questions })];
  if (found.forms !== null) parts.push(fill(words.forms, { n: found.forms }));
  line.textContent = parts.join("  ");
}

form.addEventListener("input", say);
form.addEventListener("change", say);
/* A refused page holds what was typed, its first line what is kept; so do pages typed into before they were whole. */
const typed = (input) => input.value !== input.defaultValue || input.checked !== input.defaultChecked;
if (form.querySelector("[role=alert]") || Array.from(form.querySelectorAll("input")).some(typed)) say();
