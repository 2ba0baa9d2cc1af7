/* Pairs: a select for each thing on the left. The response maps left ids to option ids; what is open is left out. */

import { all } from "../page.js";

const selects = (form) => all("select[data-left]", form);

export const match = {
  read: (form) => {
    const chosen = selects(form).filter((select) => select.value);
    return Object.fromEntries(chosen.map((select) => [select.dataset.left, select.value]));
  },
  write: (form, value) => {
    const held = value !== null && typeof value === "object" ? value : {};
    selects(form).forEach((select) => { select.value = held[select.dataset.left] || ""; });
  },
};
