// What every page adds where a script may run; each page works without it.
"use strict";

// A menu closes when one clicks elsewhere or presses Escape.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  const menu = document.activeElement?.closest("details.menu[open]");
  if (event.key !== "Escape") return;
  closeMenus();
  menu?.querySelector("summary").focus();
});

// A page that the browser brings back from its memory may be of somebody who logged out since: it is asked for again,
// and nothing of it shows until the answer is there.
window.addEventListener("pagehide", (event) => { if (event.persisted) document.documentElement.hidden = true; });
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

// A print button: shown only where it works.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Without a connection a form stays on the page, with the photos chosen in it: the browser's own page of errors drops them.
document.addEventListener("submit", (event) => {
  const form = event.target;
  form.querySelector(":scope > .offline-note")?.remove();
  if (navigator.onLine || !form.matches("[data-once]")) return;
  event.preventDefault();
  const note = document.createElement("p");
  note.className = "offline-note invalid-feedback d-block";
  note.setAttribute("role", "alert");
  note.textContent = document.body.dataset.offline;
  form.append(note);
});

// A form that takes a while is sent once; the browser's own back button makes it ready again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  // Only after the browser has collected the form: a disabled button's value is not sent.
  setTimeout(() => { button.disabled = true; });
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy='true']")) {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
});
