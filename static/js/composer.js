// The composer: moving, adding and taking out paragraphs, their numbers as they will print, and saving.
// Every button works without this script too; here it works at once.
"use strict";

const form = document.querySelector("#composer");
const list = form.querySelector("[data-blocks]"), out = form.querySelector("[data-out]"), outRows = form.querySelector("[data-out-rows]");
const state = form.querySelector("[data-state]"), insertButton = form.querySelector("[data-insert]");
const { fields, drafts, theirs } = JSON.parse(document.querySelector("#composer-data").textContent);
const blocks = () => [...list.children];
const takenOut = new Map(); // row of what was taken out on this page → the paragraph
let lastEditor = null, lastCaret = null, isSending = false;

const part = (block, name) => block.querySelector(`[name="${name}"]`);
const editor = (block, name) => block.querySelector(`.editor[data-part="${name}"]`);
const isDrafted = (block) => Object.hasOwn(drafts, block.dataset.key);

// --- Numbers and what follows the draft ---------------------------------------------------------

const DIGITS = "零一二三四五六七八九";
const LEVELS = ["section", "part", "point"];

// As far as a document goes: 1 to 99.
function chinese(number) {
  const tens = Math.floor(number / 10), ones = number % 10;
  return (tens > 1 ? DIGITS[tens] : "") + (tens ? "十" : "") + (ones || !tens ? DIGITS[ones] : "");
}

function renumber() {
  const counts = [0, 0, 0];
  const said = blocks().map((block) => ({
    block, level: part(block, "level").value, words: ComposerText.filled(part(block, "lead").value + part(block, "text").value).trim(),
  }));
  for (const [place, { block, level, words }] of said.entries()) {
    const follows = said.slice(place + 1).find((each) => each.words);
    const at = LEVELS.indexOf(level), prints = words && (at !== 0 || (follows && follows.level !== "section"));
    let number = "";
    if (at >= 0 && prints) {
      counts[at] += 1;
      counts.fill(0, at + 1);
      number = [`${chinese(counts[at])}、`, `（${chinese(counts[at])}）`, `${counts[at]}.`][at];
    }
    block.querySelector("[data-number]").textContent = number;
  }
}

function tellStatus(block) {
  const draft = drafts[block.dataset.key];
  const isSame = draft && ["level", "lead", "text"].every((name) => part(block, name).value === draft[name]);
  const isOwn = !draft && block.hasAttribute("data-is-own");
  const shown = block.querySelector("[data-status]");
  shown.textContent = isSame ? form.dataset.follows : isOwn ? form.dataset.own : form.dataset.written;
  block.classList.toggle("is-by-hand", !isSame);
  const takes = block.querySelector("[data-takes-draft]");
  if (takes) takes.hidden = isSame || !draft;
}

// --- What is not saved yet ------------------------------------------------------------------------

const snapshot = () => blocks().map((block) => ["key", "level", "lead", "text", "origin"].map((name) => part(block, name).value).join("\u0001")).join("\u0002");
let isChanged = false, before = "";
const stateBefore = state.textContent;

function tell() {
  isChanged = form.hasAttribute("data-unsaved") || snapshot() !== before;
  form.classList.toggle("is-unsaved", isChanged);
  state.textContent = isChanged ? form.dataset.changed : stateBefore;
}

function note(text) {
  form.querySelector(".composer-note")?.remove();
  if (!text) return;
  const shown = document.createElement("p");
  shown.className = "composer-note";
  shown.setAttribute("role", "alert");
  shown.textContent = text;
  form.querySelector(".composer-bar").append(shown);
}

addEventListener("beforeunload", (event) => {
  if (isChanged && !isSending) event.preventDefault();
});

// --- One paragraph -------------------------------------------------------------------------------

function write(block, content) {
  part(block, "level").value = content.level;
  for (const name of ["lead", "text"]) {
    part(block, name).value = content[name];
    ComposerText.show(editor(block, name), content[name]);
  }
  layOut(block);
}

// A section is a heading alone, a paragraph has no heading: words go where they are seen.
function relevel(block) {
  const level = part(block, "level").value, lead = part(block, "lead").value, text = part(block, "text").value;
  if (level === "section" && !lead) write(block, { level, lead: text, text: "" });
  else if (level === "text" && lead) write(block, { level, lead: "", text: text && !/[。！？：；]$/.test(lead) ? `${lead}。${text}` : lead + text });
  else layOut(block);
}

function layOut(block) {
  const level = part(block, "level").value;
  block.classList.remove("block-section", "block-part", "block-point", "block-text");
  block.classList.add(`block-${level}`);
  // What else stands in a section's block is seen until saving gives it a paragraph of its own.
  editor(block, "text").style.display = level === "section" && part(block, "text").value ? "block" : "";
  tellStatus(block);
}

function after(block, content) {
  const made = document.querySelector("#composer-blank").content.firstElementChild.cloneNode(true);
  const key = content.key ?? `own-${[...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  made.dataset.key = key;
  made.id = `b-${key}`;
  part(made, "key").value = key;
  for (const name of ["lead", "text"]) part(made, name).value = content[name] ?? "";
  part(made, "level").value = content.level ?? "text";
  if (content.mark) {
    made.removeAttribute("data-is-own");
    part(made, "origin").value = content.mark;
    part(made, "written").value = "";
  }
  if (block) block.after(made);
  else list.prepend(made);
  bring(made);
  return made;
}

function bring(block) {
  block.classList.add("is-live");
  for (const area of block.querySelectorAll(".block-words textarea")) {
    const made = ComposerText.editorFor(area, {
      onEnter: (own) => entered(block, own),
      onLines: (lines) => lines.reduce((above, text) => after(above, { text }), block),
    });
    made.addEventListener("input", () => { tellStatus(block); renumber(); tell(); });
    made.addEventListener("keydown", (event) => {
      if (event.key === "Backspace" && !event.isComposing && block.hasAttribute("data-is-own") && !part(block, "lead").value && !part(block, "text").value) {
        event.preventDefault();
        const above = block.previousElementSibling;
        block.remove();
        if (above) focusOn(above, { atEnd: true });
        rearranged();
      }
    });
  }
  layOut(block);
}

const mainEditor = (block) => editor(block, part(block, "level").value === "section" ? "lead" : "text");
const focusOn = (block, where) => ComposerText.setCaret(mainEditor(block), where);

function entered(block, own) {
  const rest = ComposerText.takeRest(own);
  const text = editor(block, "text");
  if (own.dataset.part === "lead" && part(block, "level").value !== "section") {
    ComposerText.setCaret(text);
    if (rest) ComposerText.insert(text, rest);
  } else focusOn(after(block, { text: rest }));
  rearranged();
}

// --- Buttons -------------------------------------------------------------------------------------

function takeOut(block) {
  const near = block.nextElementSibling ?? block.previousElementSibling;
  const row = form.querySelector("[data-out-template]").content.firstElementChild.cloneNode(true);
  row.dataset.key = block.dataset.key;
  row.querySelector("span").textContent = ComposerText.filled(`${part(block, "lead").value} ${part(block, "text").value}`).trim() || "—";
  row.querySelector("button").value += block.dataset.key;
  takenOut.set(row, { block, above: block.previousElementSibling });
  block.remove();
  outRows.append(row);
  if (near) focusOn(near);
}

function bringBack(row) {
  const kept = takenOut.get(row);
  if (kept) {
    if (kept.above?.parentNode === list) kept.above.after(kept.block);
    else list.prepend(kept.block);
  } else {
    const keys = Object.keys(drafts), place = keys.indexOf(row.dataset.key);
    const there = new Map(blocks().map((block) => [block.dataset.key, block]));
    const above = keys.slice(0, place).reverse().find((key) => there.has(key));
    after(there.get(above), { key: row.dataset.key, ...drafts[row.dataset.key] });
  }
  takenOut.delete(row);
  row.remove();
}

const DEEDS = {
  up: (block) => block.previousElementSibling?.before(block),
  down: (block) => block.nextElementSibling?.after(block),
  add: (block) => focusOn(after(block, {})),
  remove: takeOut,
  "take-draft": (block) => {
    const draft = drafts[block.dataset.key];
    part(block, "origin").value = draft.mark;
    part(block, "written").value = "";
    write(block, draft);
    block.querySelector("[data-outdated]")?.remove();
    focusOn(block);
  },
  keep: (block) => {
    part(block, "origin").value = drafts[block.dataset.key]?.mark ?? "";
    part(block, "written").value = "1";
    block.querySelector("[data-outdated]").remove();
    focusOn(block);
  },
};

function rearranged() {
  out.hidden = !outRows.children.length;
  renumber();
  tell();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button) return;
  event.preventDefault();
  const deed = button.value.split(":")[0], block = button.closest(".block");
  button.closest("details.menu")?.removeAttribute("open");
  if (deed === "bring-back") bringBack(button.closest("li"));
  else DEEDS[deed](block);
  if (["up", "down"].includes(deed)) button.focus();
  rearranged();
});

form.addEventListener("change", (event) => {
  if (event.target.name !== "level") return;
  relevel(event.target.closest(".block"));
  rearranged();
});

for (const button of form.querySelectorAll("[data-take-theirs]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const block = button.closest(".block");
    write(block, theirs[block.dataset.key]);
    part(block, "written").value = "1";
    button.closest("[data-theirs]").remove();
    focusOn(block);
    rearranged();
  });
}

// --- Fields --------------------------------------------------------------------------------------

document.addEventListener("selectionchange", () => {
  const own = document.activeElement?.closest?.(".editor");
  if (!own) return;
  lastEditor = own;
  lastCaret = ComposerText.caretIn(own).cloneRange();
});

function insertField() {
  const target = lastEditor?.isConnected ? lastEditor : mainEditor(blocks()[0]);
  const caret = target === lastEditor ? lastCaret : undefined;
  FieldPicker.open((key) => ComposerText.insert(target, `⟦${key}⟧`, caret));
}

// A button takes the focus, and with it the caret, away from the text.
insertButton.addEventListener("pointerdown", (event) => event.preventDefault());
insertButton.addEventListener("click", insertField);

// --- Saving --------------------------------------------------------------------------------------

// A fresh token first: whoever was signed out, or signed in anew in another tab, keeps the text here.
async function send(button) {
  note("");
  let answer;
  try {
    answer = await fetch(form.dataset.tokenUrl, { redirect: "manual" });
  } catch {
    return note(document.body.dataset.offline);
  }
  if (!answer.ok) return note(form.dataset.signedOut);
  part(form, "csrfmiddlewaretoken").value = (await answer.json()).token;
  isSending = true;
  form.requestSubmit(button);
}

form.addEventListener("submit", (event) => {
  if (isSending) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  send(event.submitter ?? form.querySelector("[data-save]"));
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-save]"));
});

addEventListener("pageshow", () => { isSending = false; });
addEventListener("beforeprint", () => {
  for (const block of blocks()) {
    const [lead, text] = ["lead", "text"].map((name) => ComposerText.filled(part(block, name).value));
    const number = block.querySelector("[data-number]").textContent;
    block.querySelector("[data-reads]").textContent = number + (lead && text ? `${lead}。${text}` : lead + text);
  }
});

// --- At the start --------------------------------------------------------------------------------

ComposerText.setUp(fields, { gone: form.dataset.gone, field: form.dataset.field });
FieldPicker.setUp(fields);
for (const block of blocks()) bring(block);
insertButton.hidden = false;
renumber();
before = snapshot();
tell();
