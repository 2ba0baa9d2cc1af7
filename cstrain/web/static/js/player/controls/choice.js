/* One of some, several of some, right or wrong: radio buttons and check boxes. */

import { all } from "../page.js";

const boxes = (form) => all("input", form);

/* Picks the option at a place, as a click would. Returns whether there is one. */
function pick(form, place) {
  const input = boxes(form)[place];
  if (!input || input.disabled) return false;
  input.checked = input.type === "checkbox" ? !input.checked : true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

export const chooseOne = {
  pick,
  read: (form) => (boxes(form).find((input) => input.checked) || { value: null }).value,
  write: (form, value) => boxes(form).forEach((input) => { input.checked = input.value === value; }),
};

export const chooseMany = {
  pick,
  read: (form) => boxes(form).filter((input) => input.checked).map((input) => input.value),
  write: (form, value) => boxes(form).forEach((input) => { input.checked = (value || []).includes(input.value); }),
};

export const trueFalse = {
  pick,
  read: (form) => {
    const chosen = boxes(form).find((input) => input.checked);
    return chosen ? chosen.value === "true" : null;
  },
  write: (form, value) => boxes(form).forEach((input) => { input.checked = input.value === String(value); }),
};
