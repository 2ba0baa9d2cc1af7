/* Questions on an ordinary page: the player's controls work, and what they hold travels as JSON in hidden fields.

   [data-answer="name"] holds a control; the hidden field of that name in the same form takes its answer when the form
   is sent. data-held on the hidden field is the answer to begin with. A button that gives up sends no answer.
   A page that holds an answer gives it to the field as well: a form sent before this file has come loses nothing. */

import { read, start, write } from "./player/controls.js";
import { all, config, one, say } from "./player/page.js";
import { Wire } from "./player/wire.js";

const wire = config.token ? new Wire(config) : null;

/* What a control may ask of the page: a chat's next turn needs the server, everything else is at hand. */
const desk = (box) => ({
  say,
  config,
  saved: () => true,
  turn: () => (wire ? wire.send(config.urls.turn, read(box)) : Promise.resolve({ kind: "refused", status: 404, body: null })),
});

const field = (box) => one(`input[type="hidden"][name="${box.dataset.answer}"]`, box.closest("form"));

all("[data-answer]").forEach((box) => {
  start(box, desk(box));
  const held = JSON.parse(field(box).dataset.held || "null");
  if (held !== null) write(box, held);
});

all("form[data-answers]").forEach((form) => {
  form.addEventListener("submit", () => {
    all("[data-answer]", form).forEach((box) => { field(box).value = JSON.stringify(read(box)); });
  });
});
