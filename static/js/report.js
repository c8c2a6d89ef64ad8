// What explains a figure opens beside the text and closes again; without a script its link leads to a page of its own.
"use strict";

const beside = document.querySelector(".report-beside");
let asked = null; // the figure whose explanation is open

function mark(link) {
  asked?.removeAttribute("aria-current");
  asked = link;
  asked?.setAttribute("aria-current", "true");
}

function close() {
  if (!asked) return;
  const empty = document.createElement("div");
  empty.id = "explanation";
  empty.className = "explanation explanation-none";
  document.getElementById("explanation").replaceWith(empty);
  const link = asked;
  mark(null);
  link.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.live");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) mark(link);
  if (event.target.closest("[data-close]")) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
document.addEventListener("htmx:afterSettle", () => {
  const explanation = document.getElementById("explanation");
  const button = explanation.querySelector("[data-close]");
  if (!button) return;
  button.hidden = false;
  beside.scrollTop = 0;
  document.getElementById("explanation-title").focus({ preventScroll: true });
});
