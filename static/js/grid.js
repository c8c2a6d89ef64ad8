// The entry grid: what a key, a block, a tool and the server's answer do to its cells. What counts is what the
// server answers.
"use strict";

let current = null;
const done = [], undone = [];
const waiting = new WaitingCells(root.dataset.user, root.dataset.cycle);
const sender = new CellSender(
  waiting,
  { url: root.dataset.saveUrl, user: Number(root.dataset.user), token: root.dataset.token, closed: isClosed },
  { tell, received },
);

function tell(state = sender.state) {
  for (const [key, { text }] of waiting.entries()) {
    const cell = cells.get(key), isUnderWay = state === "saving" && sender.sending.get(key) === text;
    if (cell?.state === "unsaved" && isUnderWay) mark(cell, "saving");
    else if (cell?.state === "saving" && !isUnderWay) mark(cell, "unsaved");
  }
  GridStatus.tell(state, waiting, sender.sending.size, { choose, discard });
  tool.undo.disabled = !done.length;
  tool.redo.disabled = !undone.length;
}

function describe(cell) {
  if (cell === current) GridStatus.describe(cell, choose);
}

// --- What a cell says ---------------------------------------------------------------------------

// Let what the cell says wait for the server, or no longer where it is what the server has.
function stage(cell) {
  if (cell.theirs?.text === cell.text) agree(cell);
  if (cell.theirs) {
    hold(cell, "conflict", cell.field.value);
    mark(cell, "conflict", conflictText(cell));
  } else if (isTyping(cell)) {
    hold(cell, "typing", cell.field.value);
    mark(cell, "unsaved");
  } else if (cell.text === cell.kept && !sender.sending.has(cell.key) && !waiting.sent(cell.key).length) {
    waiting.remove(cell.key);
    mark(cell, "saved");
  } else {
    hold(cell, "", cell.text);
    mark(cell, "unsaved");
  }
  describe(cell);
}

const isTyping = (cell) => cell.field.value !== cell.text;

// why: it is not sent yet, or "".
function hold(cell, why, text) {
  const sent = waiting.sent(cell.key);
  waiting.put(cell.key, { text, version: cell.version, page: location.search, sent }, why);
}

// From here on the colleague's value is the one to type over.
function agree(cell) {
  Object.assign(cell, { kept: cell.theirs.text, version: cell.theirs.version, theirs: null });
}

const conflictText = (cell) =>
  say("Told", { ...cell.theirs, theirs: cell.theirs.text || say("Blank"), mine: cell.text || say("Blank") });

// changes: [cell, text] pairs; one step of undo, however many.
function apply(changes, { remember = true } = {}) {
  const real = changes.filter(([cell, text]) => cell.isTyped && (cell.text !== text || cell.field.value !== text));
  if (isClosed || !real.length) return;
  if (remember) {
    done.push(real.map(([cell, text]) => [cell, cell.text, text]));
    undone.length = 0;
  }
  for (const [cell, text] of real) {
    cell.text = cell.field.value = text;
    stage(cell);
  }
  GridTotals.count(new Set(real.map(([cell]) => cell.row)));
  tell();
  sender.soon();
}

// What is in the field is what the cell says.
function commit(cell) {
  if (!cell?.isTyped) return;
  if (cell.field.value !== cell.text) apply([[cell, cell.field.value]]);
  else if (waiting.heldFor(cell.key) === "typing") {
    stage(cell);
    tell();
  }
}

function step(from, to, which) {
  commit(current);
  const block = from.pop();
  if (!block) return;
  to.push(block);
  apply(block.map(([cell, before, after]) => [cell, which === "undo" ? before : after]), { remember: false });
  tell();
  focus(block[0][0]);
}

// --- What the server says -----------------------------------------------------------------------

function received(results, sent) {
  const touched = new Set();
  for (const result of results) {
    const key = `${result.review}-${result.indicator}`, cell = cells.get(key), was = sent.get(key);
    const isOwn = isOwnSave(key, result);
    waiting.noteAnswered(key);
    if (cell?.isTyped) {
      answered(cell, result, cell.text === was, isOwn);
      touched.add(cell.row);
    } else if (isOwn) waiting.put(key, { ...waiting.get(key), version: result.version });
    else if (result.outcome !== "saved") waiting.hold(key, result.outcome);
    else if (waiting.get(key)?.text === was) waiting.remove(key);
  }
  GridTotals.count(touched);
  hide();
}

// Is it a conflict with oneself: what an earlier request saved whose answer was lost?
function isOwnSave(key, { outcome, own, text }) {
  return outcome === "conflict" && own && waiting.sent(key).some((each) => GridPoints.areSame(each, text));
}

// isSame: whether the cell still says what was sent. isOwn: whether the conflict is with oneself.
function answered(cell, { outcome, text, version, by = "", at = "", message }, isSame, isOwn) {
  if (outcome === "refused" && isSame && !isTyping(cell)) {
    waiting.hold(cell.key, "refused");
    mark(cell, "refused", message);
    return describe(cell);
  }
  if (isOwn) Object.assign(cell, { kept: text, version, theirs: null });
  else if (outcome === "conflict") cell.theirs = { text, version, by, at };
  if (outcome === "saved") {
    Object.assign(cell, { kept: text, version, theirs: null });
    if (isSame && !isTyping(cell)) cell.field.value = text;
    if (isSame) cell.text = text;
  }
  stage(cell);
}

function choose(cell, isMine) {
  commit(cell);
  const { text } = cell.theirs ?? cell;
  if (cell.theirs) agree(cell);
  if (isMine || cell.text === text) stage(cell);
  else apply([[cell, text]]);
  tell();
  sender.soon();
  focus(cell);
}

function discard(keys) {
  for (const key of keys) waiting.remove(key);
  tell();
}

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

// Complete units out of the way; never the one in hand, nor one that needs somebody.
function hide() {
  if (!tool.hide.checked && !rows.some((row) => row.line.hidden)) return;
  for (const row of rows) {
    const isInHand = row === current?.row || row.cells.some((cell) => cell.state === "refused" || cell.theirs);
    row.line.hidden = tool.hide.checked && row.counted.missing === 0 && !isInHand;
  }
}

// --- Listening ----------------------------------------------------------------------------------

board.addEventListener("keydown", (event) => {
  const cell = cellOf(event.target);
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
      tell();
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
  const cell = cellOf(event.target);
  if (!cell) return;
  const left = current;
  current = cell;
  if (tool.hide.checked && left && left.row !== cell.row) hide();
  if (cell.isTyped) cell.field.select();
  for (const name of ["fill", "full", "na"]) tool[name].disabled = isClosed;
  describe(cell);
});
board.addEventListener("focusout", (event) => commit(cellOf(event.target)));

// Kept with every key, so that not even a closed tab loses it; sent once it is done or rests.
let resting = null;
board.addEventListener("input", (event) => {
  const cell = cellOf(event.target);
  if (!cell) return;
  hold(cell, cell.theirs ? "conflict" : "typing", cell.field.value);
  if (!cell.theirs) mark(cell, "unsaved");
  describe(cell);
  tell();
  clearTimeout(resting);
  resting = setTimeout(() => { if (!event.isComposing) commit(cell); }, 2000);
});

board.addEventListener("paste", (event) => {
  const cell = cellOf(event.target), text = event.clipboardData.getData("text/plain");
  if (!cell) return;
  const block = GridPoints.block(text);
  if (block.length === 1 && block[0].length === 1 && cell.isTyped && !/\n/.test(text)) return; // into the text, as anywhere
  event.preventDefault();
  const shown = visible(), first = shown.indexOf(cell.row);
  const aimed = block.flatMap((line, down) => line.map((value, right) =>
    [shown[first + down]?.cells[cell.column.at + right], value]));
  const lost = aimed.filter(([each, value]) => !each?.isTyped && !GridPoints.isBlank(value)).length;
  show.note.textContent = lost ? say("Outside", { count: lost }) : "";
  apply(aimed.filter(([each]) => each?.isTyped));
  cell.field.select?.();
});

root.querySelector(".grid-tools").addEventListener("click", (event) => {
  const name = event.target.closest("button[data-do]")?.dataset.do;
  if (!name) return;
  deeds[name]();
  if (current && name !== "undo" && name !== "redo") focus(current);
});
tool.hide.addEventListener("change", hide);

// One button for the row the mouse is over; the keyboard has Alt+M and the tools.
let fullRow = null;
const fullButton = button(say("FullShort"), () => { focus(fullRow.cells[0]); deeds.full(); });
fullButton.className = "grid-full";
fullButton.tabIndex = -1;
board.addEventListener("pointerover", (event) => {
  const row = rowOf(event.target);
  if (isClosed || !row || row === fullRow) return;
  fullRow = row;
  fullButton.setAttribute("aria-label", say("Full", { unit: row.name }));
  row.sum.before(fullButton);
});

board.addEventListener("click", (event) => {
  const cell = cellOf(event.target);
  if (cell?.isTyped && event.target !== cell.field) focus(cell);
});
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

const start = rows.find((row) => row.line.dataset.unit === root.dataset.unit);
drawAt(0);
if (start) drawAt(start.at);
tool.hide.disabled = isClosed;
restore();
GridTotals.count(rows);
tell();
sender.soon(0);
if (start) focus(start.cells.find((cell) => GridPoints.isBlank(cell.text)) ?? start.cells[0]);
requestAnimationFrame(() => drawRest(0)); // once one can type
