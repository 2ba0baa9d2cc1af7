/* What the page was given: configuration, words, icons; and small helpers. No state of its own. */

const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const config = read("player-config");
const words = read("player-words");
const icons = document.querySelector("svg use").getAttribute("href").split("#")[0];
const SVG = "http://www.w3.org/2000/svg";

export const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
export const one = (selector, root = document) => root.querySelector(selector);

/* Fills the {places} of a sentence. */
export function fill(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/* Returns the words under a key with their places filled in. */
export const say = (key, values = {}) => fill(words[key], values);

/* The time of day in the company's zone, whatever the device's zone is. */
export function clockTime(instant, seconds = true) {
  const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: config.zone };
  if (seconds) shape.second = "2-digit";
  return new Intl.DateTimeFormat("en-GB", shape).format(instant instanceof Date ? instant : new Date(instant));
}

/* A UUID from the browser's random source; crypto.randomUUID needs a secure context, an office network may lack it. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export function icon(name, className = "i") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${icons}#i-${name}`);
  svg.append(use);
  return svg;
}

/* A response that says nothing: null, empty text, no option, only empty blanks. The server has the same rule. */
export function isBlank(value) {
  if (Array.isArray(value)) return value.every(isBlank);
  if (value !== null && typeof value === "object") return Object.values(value).every(isBlank);
  return value === null || value === undefined || (typeof value === "string" && value.trim() === "");
}

export const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);
