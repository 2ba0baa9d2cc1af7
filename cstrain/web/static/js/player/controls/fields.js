/* Fields that are typed into: gaps in a text, a number. */

import { all } from "../page.js";

const fields = (form) => all("input", form);
const texts = (form) => fields(form).map((input) => input.value);

export const blanks = {
  typed: true,
  read: texts,
  write: (form, value) => fields(form).forEach((input, index) => { input.value = (value || [])[index] || ""; }),
};

export const number = {
  typed: true,
  read: (form) => texts(form)[0],
  write: (form, value) => { fields(form)[0].value = value === null || value === undefined ? "" : String(value); },
};
