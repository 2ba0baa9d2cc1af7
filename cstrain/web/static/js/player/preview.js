/* A preview: the controls of shown questions work, and nothing they hold is kept or sent. */

import { start } from "./controls.js";
import { all, config, say } from "./page.js";

const desk = {
  say,
  config,
  saved: () => true,
  turn: () => Promise.resolve({ kind: "refused", status: 404, body: null }),
};

all("form[data-preview]").forEach((form) => {
  form.addEventListener("submit", (event) => event.preventDefault());
  start(form, desk);
});
