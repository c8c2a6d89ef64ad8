// The entry grid: plain inputs in a table. Every text comes from the page; what counts is what the server answers.
"use strict";

const root = document.getElementById("entry-grid");
const say = (name, values = {}) =>
  (root.dataset[`t${name}`] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
const show = Object.fromEntries([...root.querySelectorAll("[data-show]")].map((part) => [part.dataset.show, part]));
const tool = Object.fromEntries([...root.querySelectorAll("[data-do]")].map((part) => [part.dataset.do, part]));
const board = root.querySelector("[data-grid]");
const fullTotal = GridPoints.units(root.dataset.fullTotal);
const places = Number(root.dataset.places);

// --- What is on the page ------------------------------------------------------------------------

const columns = [...board.querySelectorAll("thead th[data-indicator]")].map((head, at) => ({
  at, head,
  indicator: head.dataset.indicator,
  name: head.querySelector("span").textContent,
  full: GridPoints.units(head.dataset.full),
  fullText: head.dataset.full,
  step: GridPoints.units(head.dataset.step),
  limits: head.dataset.limits,
  bonus: "bonus" in head.dataset,
  missing: head.querySelector(".grid-missing"),
}));
const cells = new Map();
const cellOf = new WeakMap();
const rows = [...board.querySelectorAll("tbody tr")].map((line, at) => {
  const row = {
    at, line,
    name: line.querySelector("th span").textContent,
    isLeftOut: "leftOut" in line.dataset,
    sum: line.querySelector(".grid-sum"),
    counted: { missing: 0, filled: 0, sum: 0n },
  };
  row.cells = [...line.querySelectorAll("td")].map((box, place) => {
    const field = box.firstElementChild;
    const isTyped = field.tagName === "INPUT";
    const text = isTyped ? field.value : field.dataset.value;
    const cell = {
      key: `${line.dataset.review}-${columns[place].indicator}`, row, column: columns[place], box, field, isTyped,
      text, kept: text, version: Number(field.dataset.version), state: "", message: "", theirs: null,
    };
    cells.set(cell.key, cell);
    cellOf.set(field, cell);
    return cell;
  });
  return row;
});

let current = null;
const done = [], undone = [];
const waiting = new WaitingCells(root.dataset.user, root.dataset.cycle);
const sender = new CellSender(
  waiting,
  { url: root.dataset.saveUrl, user: Number(root.dataset.user), token: root.dataset.token, closed: root.dataset.closed },
  { tell, received, isHeld: (key) => ["refused", "conflict", "typing"].includes(held.get(key)) },
);
// Why a waiting cell is not sent: its points were refused, a choice is awaited, or it is being typed.
const held = new Map();

// --- One cell -----------------------------------------------------------------------------------

function mark(cell, state, message = "") {
  cell.state = state;
  cell.message = message;
  cell.box.className = state ? `is-${state}` : "";
  let note = cell.box.querySelector(".cell-state");
  if (!state) note?.remove();
  else {
    if (!note) {
      note = document.createElement("span");
      note.className = "cell-state";
      note.id = `s${cell.key}`;
      cell.box.append(note);
      cell.field.setAttribute("aria-describedby", note.id);
    }
    note.textContent = state === "conflict"
      ? say("Theirs", { text: cell.theirs.text || say("Blank") }) : say(state[0].toUpperCase() + state.slice(1));
  }
  if (!note || !state) cell.field.removeAttribute("aria-describedby");
  cell.field.title = message;
  if (state === "refused") cell.field.setAttribute("aria-invalid", "true");
  else cell.field.removeAttribute("aria-invalid");
  if (cell === current) describe();
}

// Let what the cell says wait for the server, or no longer where it is what the server has.
function stage(cell) {
  if (cell.theirs) {
    waiting.put(cell.key, item(cell, cell.text));
    return mark(cell, "conflict", conflictText(cell));
  }
  held.delete(cell.key);
  if (cell.text === cell.kept && !sender.sending.has(cell.key)) {
    waiting.remove(cell.key);
    return mark(cell, "saved");
  }
  waiting.put(cell.key, item(cell, cell.text));
  mark(cell, "unsaved");
}

const item = (cell, text) => ({ text, version: cell.version, page: location.search });

// changes: [cell, text] pairs; one step of undo, however many.
function apply(changes, { remember = true } = {}) {
  const real = changes.filter(([cell, text]) => cell.isTyped && (cell.text !== text || cell.field.value !== text));
  if (!real.length) return;
  if (remember) {
    done.push(real.map(([cell, text]) => [cell, cell.text, text]));
    undone.length = 0;
  }
  for (const [cell, text] of real) {
    cell.text = cell.field.value = text;
    stage(cell);
  }
  count(new Set(real.map(([cell]) => cell.row)));
  tell(sender.state);
  sender.soon();
}

function commit(cell) {
  if (!cell?.isTyped || board.querySelector("fieldset").disabled) return;
  const typed = cell.field.value;
  if (typed !== cell.text) apply([[cell, typed]]);
  else if (held.get(cell.key) === "typing") stage(cell);
}

function step(from, to, which) {
  commit(current);
  const block = from.pop();
  if (!block) return;
  to.push(block);
  apply(block.map(([cell, before, after]) => [cell, which === "undo" ? before : after]), { remember: false });
  focus(block[0][0]);
}

// --- What the server says -----------------------------------------------------------------------

function received(results, sent) {
  const touched = new Set();
  for (const result of results) {
    const key = `${result.review}-${result.indicator}`, cell = cells.get(key), was = sent.get(key);
    if (!cell || !cell.isTyped) {
      if (result.outcome === "saved" && waiting.get(key)?.text === was) waiting.remove(key);
      else held.set(key, result.outcome);
      continue;
    }
    const isSame = cell.text === was;
    if (result.outcome === "saved") {
      Object.assign(cell, { kept: result.text, version: result.version, theirs: null });
      if (isSame) {
        if (cell.field.value === cell.text) cell.field.value = result.text;
        cell.text = result.text;
      }
      touched.add(cell.row);
      if (held.get(key) === "typing") waiting.put(key, item(cell, cell.field.value));
      else stage(cell);
    } else if (result.outcome === "conflict") {
      cell.theirs = { text: result.text, version: result.version, by: result.by ?? "", at: result.at ?? "" };
      held.set(key, "conflict");
      stage(cell);
    } else if (isSame) {
      held.set(key, "refused");
      mark(cell, "refused", result.message);
    } else stage(cell);
  }
  count(touched);
  if (sender.batch().length) sender.soon();
}

function choose(cell, isMine) {
  const theirs = cell.theirs;
  Object.assign(cell, { kept: theirs.text, version: theirs.version, theirs: null });
  if (isMine) stage(cell);
  else if (cell.text === theirs.text) stage(cell);
  else apply([[cell, theirs.text]]);
  tell(sender.state);
  sender.soon();
  focus(cell);
}

const conflictText = (cell) =>
  say("Conflict", { ...cell.theirs, theirs: cell.theirs.text || say("Blank"), mine: cell.text || say("Blank") });

// --- What the page says -------------------------------------------------------------------------

function count(some) {
  for (const row of some) {
    row.counted = GridPoints.total(row.cells.map((cell) => cell.text), columns, fullTotal, places);
    const { missing, sum, total } = row.counted;
    row.sum.textContent = total === null
      ? say("RowSoFar", { sum: GridPoints.short(sum), count: missing }) : say("Row", { total });
    row.line.classList.toggle("is-complete", missing === 0);
  }
  const all = { filled: 0, missing: 0, sum: 0n, done: 0 };
  for (const { counted, isLeftOut } of rows) {
    all.filled += counted.filled;
    all.sum += counted.sum;
    if (counted.missing === 0) all.done += 1;
    else if (!isLeftOut) all.missing += counted.missing;
  }
  show.overall.textContent = say("Overall", {
    ...all, sum: GridPoints.short(all.sum), all: cells.size, units: rows.length,
  });
  for (const column of columns) {
    const blank = rows.filter((row) =>
      !row.isLeftOut && GridPoints.count(row.cells[column.at].text, column) === null).length;
    column.missing.textContent = blank && !column.bonus ? say("Column", { count: blank }) : "";
  }
}

function tell(state) {
  const open = waiting.size;
  const words = { offline: "Offline", signin: "Signin", forbidden: "Forbidden", closed: "Closed", error: "Error" };
  if (state === "saving") for (const key of sender.sending.keys()) {
    const cell = cells.get(key);
    if (cell?.state === "unsaved") mark(cell, "saving");
  } else for (const cell of cells.values()) if (cell.state === "saving") mark(cell, "unsaved");
  const isBusy = state === "saving";
  const text = words[state] && open ? say(words[state], { count: open })
    : isBusy ? say("Busy", { count: sender.sending.size })
    : open ? say("Waiting", { count: open }) : say("AllSaved");
  if (show.saving.textContent !== text) show.saving.textContent = text;
  root.dataset.state = words[state] && open ? state : isBusy ? "saving" : open ? "waiting" : "saved";
  show.login.hidden = state !== "signin";
  show.login.href = `${root.dataset.loginUrl}?next=${encodeURIComponent(location.pathname + location.search)}`;
  if (!waiting.isLasting) show.note.textContent = say("Nodisk");
  tellIssues();
  tool.undo.disabled = !done.length;
  tool.redo.disabled = !undone.length;
}

function tellIssues() {
  const some = [...cells.values()].filter((cell) => cell.state === "refused" || cell.state === "conflict");
  const conflicts = some.filter((cell) => cell.theirs);
  const elsewhere = waiting.entries().filter(([key]) => held.has(key) && !cells.get(key)?.isTyped);
  show.issues.hidden = !some.length && !elsewhere.length;
  show.issues.querySelector("summary").textContent =
    say("Issues", { refused: some.length - conflicts.length, conflicts: conflicts.length });
  const list = show.issues.querySelector("ul");
  list.replaceChildren(...some.slice(0, 100).map((cell) => {
    const line = document.createElement("li");
    line.append(`${cell.row.name} · ${cell.column.name}: ${cell.message} `, ...choices(cell));
    line.append(button(say("Go"), () => focus(cell)));
    return line;
  }));
  if (elsewhere.length) {
    const line = document.createElement("li"), link = document.createElement("a");
    link.href = elsewhere[0][1].page || location.pathname;
    link.textContent = say("Elsewhere", { count: elsewhere.length });
    line.append(link, button(say("Discard"), () => {
      for (const [key] of elsewhere) { waiting.remove(key); held.delete(key); }
      tell(sender.state);
    }));
    list.append(line);
  }
}

function choices(cell) {
  if (!cell.theirs) return [];
  const names = { theirs: cell.theirs.text || say("Blank"), mine: cell.text || say("Blank") };
  return [
    button(say("KeepTheirs", names), () => choose(cell, false)),
    button(say("KeepMine", names), () => choose(cell, true)),
  ];
}

function button(label, deed) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-secondary";
  made.textContent = label;
  made.addEventListener("click", deed);
  return made;
}

// The line above the grid: where one is, what is allowed there, and what became of it.
function describe() {
  const { row, column, message } = current;
  const words = [`${row.name} · ${column.name}`, message || say("Range", { limits: column.limits })];
  show.cell.textContent = words.filter(Boolean).join(" · ");
  show.choice.replaceChildren(...choices(current));
  const address = root.dataset.deductionsUrl.replace("/0/deductions/0/", `/${row.line.dataset.unit}/deductions/${column.indicator}/`);
  show.deduct.href = address;
  show.deduct.hidden = Boolean(root.dataset.closed);
}

// --- Moving -------------------------------------------------------------------------------------

function focus(cell) {
  cell.row.line.hidden = false;
  cell.field.focus();
  if (cell.isTyped) cell.field.select();
}

const visible = () => rows.filter((row) => !row.line.hidden);

// --- Deeds of the tools -------------------------------------------------------------------------

const deeds = {
  undo: () => step(done, undone, "undo"),
  redo: () => step(undone, done, "redo"),
  fill() {
    commit(current);
    const below = visible().slice(visible().indexOf(current.row) + 1).map((row) => row.cells[current.column.at]);
    if (GridPoints.isBlank(current.text)) {
      const above = GridKeys.neighbour(visible(), current, -1, 0);
      if (above) apply([[current, above.text]]);
    } else apply(below.filter((cell) => GridPoints.isBlank(cell.text)).map((cell) => [cell, current.text]));
  },
  full() {
    commit(current);
    apply(current.row.cells
      .filter((cell) => !cell.column.bonus && !GridPoints.doesNotApply(cell.text))
      .map((cell) => [cell, cell.column.fullText]));
  },
  na: () => { commit(current); apply([[current, say("Na")]]); },
};

function hide() {
  for (const row of rows) {
    const isInHand = row === current?.row || row.cells.some((cell) => cell.state === "refused" || cell.theirs);
    row.line.hidden = tool.hide.checked && row.counted.missing === 0 && !isInHand;
  }
}

// --- Listening ----------------------------------------------------------------------------------

board.addEventListener("keydown", (event) => {
  const cell = cellOf.get(event.target);
  if (!cell || event.isComposing) return;
  const deed = GridKeys.deedOf(event);
  if (deed) {
    event.preventDefault();
    deeds[deed]();
    if (document.activeElement === cell.field && cell.isTyped) cell.field.select();
    return;
  }
  if (event.key === "Escape") {
    if (cell.isTyped && cell.field.value !== cell.text) {
      cell.field.value = cell.text;
      stage(cell);
      tell(sender.state);
    } else [...root.querySelectorAll("button[data-do]")].find((each) => !each.disabled)?.focus();
    return;
  }
  const next = GridKeys.target(event, cell, visible());
  if (!next) return;
  event.preventDefault();
  commit(cell);
  focus(next);
});

board.addEventListener("focusin", (event) => {
  const cell = cellOf.get(event.target);
  if (!cell) return;
  const left = current;
  current = cell;
  if (tool.hide.checked && left && left.row !== cell.row) hide();
  if (cell.isTyped) cell.field.select();
  for (const name of ["fill", "full", "na"]) tool[name].disabled = false;
  describe();
});
board.addEventListener("focusout", (event) => commit(cellOf.get(event.target)));

// Kept with every key, so that not even a closed tab loses it; sent once it is done or rests.
let resting = null;
board.addEventListener("input", (event) => {
  const cell = cellOf.get(event.target);
  if (!cell) return;
  waiting.put(cell.key, item(cell, cell.field.value));
  if (!cell.theirs) {
    held.set(cell.key, "typing");
    mark(cell, "unsaved");
  }
  tell(sender.state);
  clearTimeout(resting);
  resting = setTimeout(() => { if (!event.isComposing) commit(cell); }, 2000);
});

board.addEventListener("paste", (event) => {
  const cell = cellOf.get(event.target), text = event.clipboardData.getData("text/plain");
  if (!cell) return;
  const block = GridPoints.block(text);
  if (block.length === 1 && block[0].length === 1 && cell.isTyped && !/\n/.test(text)) return; // into the text, as anywhere
  event.preventDefault();
  const shown = visible(), first = shown.indexOf(cell.row);
  apply(block.flatMap((line, down) => line.map((value, right) =>
    [shown[first + down]?.cells[cell.column.at + right], value])).filter(([each]) => each?.isTyped));
  cell.field.select?.();
});

root.querySelector(".grid-tools").addEventListener("click", (event) => {
  const name = event.target.closest("button[data-do]")?.dataset.do;
  if (!name) return;
  deeds[name]();
  if (current && name !== "undo" && name !== "redo") focus(current);
});
tool.hide.addEventListener("change", hide);

// For the mouse; the keyboard has Alt+M and the tools.
function offerFullMarks(row) {
  const made = button(say("FullShort"), () => { focus(row.cells[0]); deeds.full(); });
  made.className = "grid-full";
  made.tabIndex = -1;
  made.setAttribute("aria-label", say("Full", { unit: row.name }));
  row.sum.after(made);
}
board.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("beforeunload", (event) => {
  if (!waiting.isLasting && waiting.size) event.preventDefault();
});

// --- Beginning ----------------------------------------------------------------------------------

function restore() {
  let restored = 0;
  for (const [key, { text, version }] of waiting.entries()) {
    const cell = cells.get(key);
    if (!cell?.isTyped) continue;
    if (text === cell.kept) { waiting.remove(key); continue; }
    Object.assign(cell, { text, version });
    cell.field.value = text;
    mark(cell, "unsaved");
    restored += 1;
  }
  if (restored) show.note.textContent = say("Restored", { count: restored });
}

if (!root.dataset.closed) {
  board.querySelector("fieldset").disabled = false;
  tool.hide.disabled = false;
  rows.forEach(offerFullMarks);
}
restore();
count(rows);
tell(sender.state);
sender.soon(0);
const start = rows.find((row) => row.line.dataset.unit === root.dataset.unit);
if (start) focus(start.cells.find((cell) => GridPoints.isBlank(cell.text)) ?? start.cells[0]);
