/* The invigilator's page keeps itself fresh: the parts that change are fetched every few seconds and put in place.
   A part somebody is in the middle of (an open form, the focus) stays as it is until they are done. */

const EVERY = 7000;
const root = document.querySelector("[data-watch]");
let going = false;

const parts = (page) => new Map(Array.from(page.querySelectorAll("[data-live]")).map((part) => [part.dataset.live, part]));

/* What people have opened or typed in is theirs. */
function held(part) {
  if (part.contains(document.activeElement) || part.querySelector("details[open]")) return true;
  const typed = Array.from(part.querySelectorAll("input:not([type=hidden]), textarea"));
  return typed.some((field) => field.value !== field.defaultValue);
}

function put(fresh) {
  const shown = parts(document);
  fresh.forEach((part, name) => {
    const place = shown.get(name);
    if (!place || place.innerHTML === part.innerHTML || held(place)) return;
    place.replaceChildren(...Array.from(part.childNodes, (node) => document.importNode(node, true)));
  });
}

async function refresh() {
  if (going || document.visibilityState !== "visible") return;
  going = true;
  try {
    const answer = await fetch(root.dataset.watch, { headers: { Accept: "text/html" }, redirect: "error", cache: "no-store" });
    if (answer.ok) put(parts(new DOMParser().parseFromString(await answer.text(), "text/html")));
    root.classList.toggle("is-old", !answer.ok);
  } catch (error) {
    root.classList.add("is-old");
  }
  going = false;
}

if (root) {
  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
}
