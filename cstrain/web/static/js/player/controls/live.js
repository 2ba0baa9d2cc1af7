/* A task done aloud: the candidate says that they are ready, the examiner marks on a page of their own. */

import { one } from "../page.js";

const box = (form) => one("[data-ready]", form);

export const live = {
  read: (form) => (box(form).checked ? { ready: true } : null),
  write: (form, value) => { box(form).checked = Boolean(value && value.ready); },
};
