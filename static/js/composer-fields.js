// The list of all fields: found by what they are called or say, and put where the caret was.
"use strict";

const FieldPicker = (() => {
  const MOST_SHOWN = 100;
  const dialog = document.querySelector("#field-picker");
  const search = dialog.querySelector("input"), options = dialog.querySelector("[data-options]");
  const count = dialog.querySelector("[data-count]");
  let fields = [], onChosen = () => {};

  function setUp(known) {
    fields = Object.entries(known).map(([key, field]) => ({ key, ...field, text: `${field.label} ${field.value}`.toLowerCase() }));
  }

  function option(field) {
    const row = document.createElement("li"), button = document.createElement("button");
    const label = document.createElement("span"), value = document.createElement("span");
    button.type = "button";
    button.dataset.key = field.key;
    label.textContent = field.label;
    value.className = "field-value";
    value.lang = "zh-Hans";
    value.textContent = field.value.length > 60 ? `${field.value.slice(0, 60)}…` : field.value;
    button.append(label, value);
    row.append(button);
    return row;
  }

  function list() {
    const wanted = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = fields.filter((field) => wanted.every((word) => field.text.includes(word)));
    options.replaceChildren(...found.slice(0, MOST_SHOWN).map(option));
    count.textContent = `${count.dataset.count} ${found.length}`;
  }

  function open(chosen) {
    onChosen = chosen;
    search.value = "";
    list();
    dialog.showModal();
    search.focus();
  }

  function choose(key) {
    dialog.close();
    onChosen(key);
  }

  search.addEventListener("input", list);
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") {
      event.preventDefault();
      options.querySelector("button")?.focus();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = options.querySelector("button");
    if (first) choose(first.dataset.key);
  });
  options.addEventListener("keydown", (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!step) return;
    event.preventDefault();
    (event.target.closest("li")[step]?.firstElementChild ?? search).focus();
  });
  options.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) choose(button.dataset.key);
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  return { setUp, open };
})();
