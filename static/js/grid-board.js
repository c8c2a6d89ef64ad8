// What is on the page: the grid's columns, rows and cells, and how a cell looks. Every text comes from the page.
"use strict";

const root = document.getElementById("entry-grid");
const board = root.querySelector("[data-grid]");
const isClosed = Boolean(root.dataset.closed);
const say = (name, values = {}) =>
  (root.dataset[`t${name}`] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
const show = Object.fromEntries([...root.querySelectorAll("[data-show]")].map((part) => [part.dataset.show, part]));
const tool = Object.fromEntries([...root.querySelectorAll("[data-do]")].map((part) => [part.dataset.do, part]));

const columns = [...board.querySelectorAll("thead th[data-indicator]")].map((head, at) => ({
  at,
  indicator: head.dataset.indicator,
  name: head.firstElementChild.textContent,
  full: GridPoints.units(head.dataset.full),
  fullText: head.dataset.full,
  step: GridPoints.units(head.dataset.step),
  limits: head.dataset.limits,
  bonus: "bonus" in head.dataset,
  missing: head.lastElementChild,
}));

// text: what the cell says; kept, version: what the server has; theirs: a colleague's newer value, to choose from.
// The page comes with text; the input over it is made when it is first asked for. A thousand at once take longer than
// all the rest of the page.
class GridCell {
  #field;

  constructor(row, column, box, version) {
    const link = box.firstElementChild;
    Object.assign(this, { row, column, box, version, isTyped: !link, state: "", message: "", theirs: null });
    this.key = `${row.review}-${column.indicator}`;
    this.text = this.kept = link ? link.dataset.value : box.textContent;
    if (link) this.#field = link;
  }

  get field() {
    return this.#field ??= this.#input();
  }

  #input() {
    const field = document.createElement("input");
    field.value = this.text;
    field.inputMode = "decimal";
    field.setAttribute("aria-labelledby", `u${this.row.review} i${this.column.indicator}`);
    this.box.replaceChildren(field);
    return field;
  }
}

const cells = new Map();
const rows = Array.from(board.querySelector("tbody").rows, (line, at) => {
  const [head, ...boxes] = line.children, versions = line.dataset.versions.split(" ");
  const row = {
    at, line,
    review: line.dataset.review,
    name: head.firstElementChild.textContent,
    isLeftOut: "leftOut" in line.dataset,
    sum: head.lastElementChild,
  };
  row.cells = boxes.map((box, place) => new GridCell(row, columns[place], box, Number(versions[place])));
  for (const cell of row.cells) cells.set(cell.key, cell);
  return row;
});

// The row or the cell that something of the page belongs to, if any.
const rowOf = (part) => rows[part.closest("tbody tr")?.sectionRowIndex];
const cellOf = (part) => rowOf(part)?.cells[part.closest("td")?.cellIndex - 1];

// The rows in sight are drawn at once, the others while the browser has nothing else to do.
const IN_SIGHT = 8, AT_A_TIME = 5;
const whenIdle = window.requestIdleCallback ?? setTimeout;
const draw = (some) => some.forEach((row) => row.cells.forEach((cell) => cell.field));
const drawAt = (from) => draw(rows.slice(from, from + IN_SIGHT));

function drawRest(from) {
  if (from >= rows.length) return;
  whenIdle(() => {
    draw(rows.slice(from, from + AT_A_TIME));
    drawRest(from + AT_A_TIME);
  });
}

const visible = () => rows.filter((row) => !row.line.hidden);

function focus(cell) {
  cell.row.line.hidden = false;
  cell.field.focus();
  if (cell.isTyped) cell.field.select();
}

// state: unsaved, saving, saved, refused or conflict; said in words below the field, and by a colour.
function mark(cell, state, message = "") {
  cell.state = state;
  cell.message = message;
  cell.box.className = `is-${state}`;
  let note = cell.field.nextElementSibling;
  if (!note) {
    note = document.createElement("span");
    note.className = "cell-state";
    note.id = `s${cell.key}`;
    cell.field.after(note);
    cell.field.setAttribute("aria-describedby", note.id);
  }
  note.textContent = say(state[0].toUpperCase() + state.slice(1), {
    text: cell.theirs && (cell.theirs.text || say("Blank")), full: cell.column.fullText,
  });
  cell.field.title = message;
  if (state === "refused") cell.field.setAttribute("aria-invalid", "true");
  else cell.field.removeAttribute("aria-invalid");
}

function button(label, deed) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-secondary";
  made.textContent = label;
  made.addEventListener("click", deed);
  return made;
}
