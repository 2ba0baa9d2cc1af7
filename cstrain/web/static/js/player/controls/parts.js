/* A case: each part has the control of its own type, which is given the part instead of the form. The response maps
   a part's index to its response; parts without an answer are left out. */

import { all, isBlank } from "../page.js";

export function partsOf(controls) {
  const parts = (form) => all("[data-part]", form);
  const control = (part) => controls[part.dataset.control];
  return {
    typed: true,
    start: (form, desk) => parts(form).forEach((part) => control(part).start && control(part).start(part, desk)),
    read: (form) => {
      const given = parts(form).map((part) => [part.dataset.part, control(part).read(part)]);
      return Object.fromEntries(given.filter(([, value]) => !isBlank(value)));
    },
    write: (form, value) => {
      const held = value !== null && typeof value === "object" ? value : {};
      parts(form).forEach((part) => {
        const own = held[part.dataset.part];
        control(part).write(part, own === undefined ? null : own);
      });
    },
    lock: (form, locked) => {
      parts(form).forEach((part) => control(part).lock && control(part).lock(part, locked));
    },
  };
}
