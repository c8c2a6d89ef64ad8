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
  const button = document.querySelector("#explanation [data-close]");
  if (!button) return;
  button.hidden = false;
  const told = document.getElementById("told");
  if (!told) beside.scrollTop = 0;
  (told ?? document.getElementById("explanation-title")).focus({ preventScroll: true });
  // On a narrow screen it comes up from below, perhaps over the figure that was asked for.
  const isHidden = getComputedStyle(beside).position === "fixed"
    && asked?.getBoundingClientRect().bottom > beside.getBoundingClientRect().top;
  if (isHidden) asked.scrollIntoView({ block: "start", behavior: "instant" });
});
