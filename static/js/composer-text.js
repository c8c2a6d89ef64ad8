// A paragraph as one edits it: words, and fields as chips that are moved and removed but not written in. What is
// sent is the text area behind it, with ⟦key⟧ for each chip.
"use strict";

const ComposerText = (() => {
  const TOKEN = /⟦([a-z0-9][a-z0-9.-]{0,79})⟧/g;
  const PAD = "\u200b"; // lets the caret stand beside a chip; never part of the text
  const OWN_TYPE = "application/x-report-text";
  let fields = {}, words = {};

  function setUp(known, said) {
    fields = known;
    words = said;
  }

  const isChip = (node) => node?.nodeType === Node.ELEMENT_NODE && node.classList.contains("field-chip");

  function chip(key) {
    const field = fields[key], node = document.createElement("span");
    node.className = field ? "field-chip" : "field-chip is-gone";
    node.contentEditable = "false";
    node.dataset.key = key;
    node.textContent = field ? field.value : `□ ${words.gone}`;
    const label = field ? field.label : words.gone;
    node.title = label;
    node.setAttribute("role", "img");
    node.setAttribute("aria-label", field ? `${field.value} (${words.field}: ${label})` : label);
    return node;
  }

  // Tokens of fields that are not there stay visible as chips, so that they can be removed.
  function nodesOf(text) {
    const nodes = document.createDocumentFragment();
    let end = 0;
    for (const found of text.matchAll(TOKEN)) {
      if (found.index > end) nodes.append(text.slice(end, found.index));
      nodes.append(chip(found[1]));
      end = found.index + found[0].length;
    }
    if (end < text.length) nodes.append(text.slice(end));
    return nodes;
  }

  function textOf(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replaceAll(PAD, "").replaceAll("\u00a0", " ");
    if (isChip(node)) return `⟦${node.dataset.key}⟧`;
    return [...node.childNodes].map(textOf).join("");
  }

  const filled = (text) => text.replace(TOKEN, (_token, key) => fields[key]?.value ?? "");

  // A chip with no words beside it gets a place for the caret.
  function pad(editor) {
    for (const node of editor.querySelectorAll(".field-chip")) {
      if (node.previousSibling?.nodeType !== Node.TEXT_NODE) node.before(PAD);
      if (node.nextSibling?.nodeType !== Node.TEXT_NODE) node.after(PAD);
    }
  }

  function show(editor, text) {
    editor.replaceChildren(nodesOf(text));
    pad(editor);
  }

  function changed(editor) {
    editor.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  // The caret as a range within the editor; at its end where the caret is elsewhere.
  function caretIn(editor) {
    const selection = getSelection();
    if (selection.rangeCount && editor.contains(selection.getRangeAt(0).commonAncestorContainer)) return selection.getRangeAt(0);
    const range = document.createRange();
    range.selectNodeContents(editor);
    range.collapse(false);
    return range;
  }

  function setCaret(editor, { atEnd = false } = {}) {
    const range = document.createRange();
    range.selectNodeContents(editor);
    range.collapse(!atEnd);
    editor.focus();
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  function insert(editor, text, range = caretIn(editor)) {
    range.deleteContents();
    const nodes = nodesOf(text), last = nodes.lastChild;
    if (!last) return;
    range.insertNode(nodes);
    pad(editor);
    const after = document.createRange(), next = last.nextSibling;
    if (isChip(last) && next?.nodeType === Node.TEXT_NODE) after.setStart(next, next.data.startsWith(PAD) ? 1 : 0);
    else after.setStartAfter(last);
    editor.focus();
    getSelection().removeAllRanges();
    getSelection().addRange(after);
    changed(editor);
  }

  // What stands behind the caret, taken out of the editor.
  function takeRest(editor) {
    const range = caretIn(editor).cloneRange();
    range.deleteContents();
    range.setEndAfter(editor.lastChild ?? editor);
    if (!editor.lastChild) return "";
    const rest = textOf(range.extractContents());
    pad(editor);
    changed(editor);
    return rest;
  }

  // The chip just before or behind a collapsed caret, with nothing but padding between.
  function chipBeside(editor, isBack) {
    const selection = getSelection();
    if (!selection.isCollapsed || !editor.contains(selection.anchorNode)) return null;
    let { anchorNode: node, anchorOffset: offset } = selection;
    if (node.nodeType === Node.TEXT_NODE) {
      const between = isBack ? node.data.slice(0, offset) : node.data.slice(offset);
      if (between.replaceAll(PAD, "")) return null;
      node = isBack ? node.previousSibling : node.nextSibling;
    } else node = node.childNodes[isBack ? offset - 1 : offset];
    while (node?.nodeType === Node.TEXT_NODE && !node.data.replaceAll(PAD, "")) node = isBack ? node.previousSibling : node.nextSibling;
    return isChip(node) ? node : null;
  }

  function removeChip(editor, node) {
    const range = document.createRange();
    range.setStartBefore(node);
    range.setEndAfter(node);
    range.deleteContents();
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    changed(editor);
  }

  function selectChip(node) {
    const range = document.createRange();
    range.selectNode(node);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  function copy(editor, event) {
    const selection = getSelection();
    if (selection.isCollapsed) return false;
    const text = textOf(selection.getRangeAt(0).cloneContents());
    event.clipboardData.setData("text/plain", filled(text));
    event.clipboardData.setData(OWN_TYPE, text);
    event.preventDefault();
    return true;
  }

  const pasted = (data) => data.getData(OWN_TYPE) || data.getData("text/plain");

  // An editor for a text area. onEnter: what Enter does; onLines: what further lines of a pasted text become.
  function editorFor(area, { onEnter, onLines }) {
    const editor = document.createElement("div");
    editor.className = "editor";
    editor.dataset.part = area.name;
    editor.contentEditable = "true";
    editor.spellcheck = false;
    for (const [name, value] of Object.entries({ role: "textbox", "aria-multiline": "true", "aria-label": area.getAttribute("aria-label"), lang: "zh-Hans" })) {
      editor.setAttribute(name, value);
    }
    show(editor, area.value);
    area.hidden = true;
    area.after(editor);
    const paste = (data) => {
      const [first, ...more] = pasted(data).split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
      if (first) insert(editor, first);
      if (more.length) onLines(more);
    };
    editor.addEventListener("input", () => {
      area.value = textOf(editor);
      if (!area.value && !editor.querySelector(".field-chip")) editor.replaceChildren();
    });
    editor.addEventListener("beforeinput", (event) => {
      if (event.inputType.startsWith("format")) event.preventDefault();
      if (!["insertParagraph", "insertLineBreak"].includes(event.inputType)) return;
      event.preventDefault();
      onEnter(editor);
    });
    editor.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Backspace", "Delete"].includes(event.key)) return;
      const node = chipBeside(editor, event.key === "Backspace");
      if (!node) return;
      event.preventDefault();
      removeChip(editor, node);
      pad(editor);
    });
    editor.addEventListener("click", (event) => {
      const node = event.target.closest(".field-chip");
      if (node) selectChip(node);
    });
    editor.addEventListener("copy", (event) => copy(editor, event));
    editor.addEventListener("cut", (event) => {
      if (!copy(editor, event)) return;
      getSelection().getRangeAt(0).deleteContents();
      pad(editor);
      changed(editor);
    });
    editor.addEventListener("paste", (event) => {
      event.preventDefault();
      paste(event.clipboardData);
    });
    editor.addEventListener("drop", (event) => event.preventDefault());
    return editor;
  }

  return { setUp, show, textOf, filled, insert, takeRest, setCaret, caretIn, changed, editorFor };
})();
