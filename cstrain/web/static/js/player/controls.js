/* Reading and writing the answer of a question. One pair of functions for each control of the closed set. */

import { all } from "./page.js";

const boxes = (form) => all("input", form);
const texts = (form) => boxes(form).map((input) => input.value);

const CONTROLS = {
  choose_one: {
    read: (form) => (boxes(form).find((input) => input.checked) || { value: null }).value,
    write: (form, value) => boxes(form).forEach((input) => { input.checked = input.value === value; }),
  },
  choose_many: {
    read: (form) => boxes(form).filter((input) => input.checked).map((input) => input.value),
    write: (form, value) => boxes(form).forEach((input) => { input.checked = (value || []).includes(input.value); }),
  },
  true_false: {
    read: (form) => {
      const chosen = boxes(form).find((input) => input.checked);
      return chosen ? chosen.value === "true" : null;
    },
    write: (form, value) => boxes(form).forEach((input) => { input.checked = input.value === String(value); }),
  },
  blanks: {
    read: texts,
    write: (form, value) => boxes(form).forEach((input, index) => { input.value = (value || [])[index] || ""; }),
  },
  number: {
    read: (form) => texts(form)[0],
    write: (form, value) => { boxes(form)[0].value = value === null || value === undefined ? "" : String(value); },
  },
};

export const read = (form) => CONTROLS[form.dataset.control].read(form);
export const write = (form, value) => CONTROLS[form.dataset.control].write(form, value);
export const isTyped = (form) => form.dataset.control === "blanks" || form.dataset.control === "number";

export function lock(form, locked) {
  boxes(form).forEach((input) => { input.disabled = locked; });
  form.setAttribute("aria-disabled", String(locked));
}

/* Picks the option at a place, as a click would. Returns whether there is one. */
export function pick(form, place) {
  if (isTyped(form)) return false;
  const input = boxes(form)[place];
  if (!input || input.disabled) return false;
  input.checked = input.type === "checkbox" ? !input.checked : true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}
