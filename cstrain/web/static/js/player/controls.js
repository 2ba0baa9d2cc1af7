/* Reading and writing the answer of a question: one object for each control of the closed set.

   read(form) -> the response, as JSON; write(form, response) shows one.
   typed: recorded after a pause in typing instead of at every change.
   start(form, desk): called once, before the first write; desk is { say, config, saved(slot), turn(slot) }.
   pick(form, place): chooses the option at a place (keyboard). lock(form, locked): where disabling fields is not all.
   A control that keeps its state elsewhere than in fields sends a bubbling "change" event when it changed. */

import { chat } from "./controls/chat.js";
import { chooseMany, chooseOne, trueFalse } from "./controls/choice.js";
import { blanks, number } from "./controls/fields.js";
import { live } from "./controls/live.js";
import { match } from "./controls/match.js";
import { operation } from "./controls/operation.js";
import { order } from "./controls/order.js";
import { partsOf } from "./controls/parts.js";
import { text } from "./controls/text.js";
import { typing } from "./controls/typing.js";
import { all } from "./page.js";

const CONTROLS = {
  choose_one: chooseOne,
  choose_many: chooseMany,
  true_false: trueFalse,
  blanks,
  number,
  typing,
  live,
  match,
  order,
  text,
  operation,
  chat,
};
CONTROLS.parts = partsOf(CONTROLS);

const control = (form) => CONTROLS[form.dataset.control];

export const read = (form) => control(form).read(form);
export const write = (form, value) => control(form).write(form, value);
export const isTyped = (form) => Boolean(control(form).typed);
export const start = (form, desk) => control(form).start && control(form).start(form, desk);
export const pick = (form, place) => Boolean(control(form).pick) && control(form).pick(form, place);

export function lock(form, locked) {
  all("input, textarea, select, button:not([data-flag])", form).forEach((field) => { field.disabled = locked; });
  if (control(form).lock) control(form).lock(form, locked);
  form.setAttribute("aria-disabled", String(locked));
}
