/* The invigilator's page keeps itself fresh, unless somebody is in the middle of an entry. */

const PAUSE = 30000;

function busy() {
  const opened = document.querySelector("details.fold[open], details.confirm[open]");
  const typed = Array.from(document.querySelectorAll("input:not([type=hidden])")).some((input) => input.value !== input.defaultValue);
  return opened !== null || typed || document.visibilityState !== "visible";
}

if (document.querySelector("[data-watch]")) {
  setInterval(() => {
    if (!busy()) location.replace(location.pathname);
  }, PAUSE);
}
