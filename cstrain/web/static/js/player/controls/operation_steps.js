/* A simulated back office: where steps lead from the start. The server replays by the same rules (back_office.py).

   A step is [ms, verb, …]: open a record, set a field of it, press a button, reset everything. */

export const ONLY = "";
export const MOST_STEPS = 300;
const MOST_BYTES = 15600;

const hasList = (office) => office.rows.length > 0;

function startValues(office, row) {
  const first = Object.fromEntries(office.fields.map((field) => [field.id, field.start]));
  return { ...first, ...row.values };
}

const rowsOf = (office) => (hasList(office) ? office.rows : [{ id: ONLY, values: {} }]);

export function begin(office) {
  const records = {};
  rowsOf(office).forEach((row) => {
    records[row.id] = { draft: startValues(office, row), kept: {}, pressed: [], last: "" };
  });
  return { open: hasList(office) ? null : ONLY, records, opened: hasList(office) ? [] : [ONLY] };
}

export const startOf = (office, name) => startValues(office, rowsOf(office).find((row) => row.id === name));

function press(office, name, record, target) {
  const { does } = office.buttons.find((button) => button.id === target);
  if (!record.pressed.includes(target)) record.pressed.push(target);
  if (does === "save") {
    record.kept[target] = { ...record.draft };
    record.last = target;
  } else if (does === "cancel") {
    record.draft = record.last ? { ...record.kept[record.last] } : startOf(office, name);
  }
}

/* Returns the state after one more step; the state given may be changed. */
export function take(office, state, [, verb, target, value]) {
  if (verb === "reset") return begin(office);
  if (verb === "open") {
    state.open = target;
    if (!state.opened.includes(target)) state.opened.push(target);
  } else if (verb === "set") {
    state.records[state.open].draft[target] = value;
  } else {
    press(office, state.open, state.records[state.open], target);
  }
  return state;
}

export const replay = (office, steps) => steps.reduce((state, step) => take(office, state, step), begin(office));

/* Values that were overwritten on a record before any button was pressed there: they leave no trace in the state. */
function superseded(steps) {
  const gone = new Set();
  let open = ONLY;
  let latest = new Map();
  steps.forEach(([, verb, target], index) => {
    if (verb === "open") open = target;
    else if (verb === "set") {
      const place = JSON.stringify([open, target]);
      if (latest.has(place)) gone.add(latest.get(place));
      latest.set(place, index);
    } else latest = new Map();
  });
  return gone;
}

export const fits = (steps) => steps.length <= MOST_STEPS
  && new TextEncoder().encode(JSON.stringify({ steps })).length <= MOST_BYTES;

/* Steps as they are while they fit; else without what no longer matters: before the last reset, overwritten values. */
export function compact(steps) {
  if (fits(steps)) return steps;
  const reset = steps.map(([, verb]) => verb).lastIndexOf("reset");
  const since = reset > 0 ? steps.slice(reset) : steps;
  if (fits(since)) return since;
  const gone = superseded(since);
  return since.filter((step, index) => !gone.has(index));
}
