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

// A form that acts carries a key; it, and any other that takes a while, is sent once.
const isSentOnce = (form) => form.matches("[data-once]") || Boolean(form.elements.once);

// Without a connection a form stays on the page, with the photos chosen in it: the browser's own page of errors drops them.
document.addEventListener("submit", (event) => {
  const form = event.target;
  form.querySelector(":scope > .offline-note")?.remove();
  if (navigator.onLine || !isSentOnce(form)) return;
  event.preventDefault();
  const note = document.createElement("p");
  note.className = "offline-note invalid-feedback d-block";
  note.setAttribute("role", "alert");
  note.textContent = document.body.dataset.offline;
  form.append(note);
});

// The browser's own back button makes it ready again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!isSentOnce(form) || event.defaultPrevented) return;
  rememberSent(form);
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

// Back at a form that was sent, and all in it is as it was: it is the same form, though the page came anew, and gets back the
// key it was sent under. Then the server tells that it was done. Changed or filled in afresh, it is another form.
const NO_CONTENT = ["once", "client_uuid", "csrfmiddlewaretoken"];
function contentOf(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NO_CONTENT.includes(name));
  const buttons = [...form.elements].filter((each) => each.matches("button[name]")).map((each) => [each.name, each.value]);
  return JSON.stringify([form.action, fields, buttons]);
}
function rememberSent(form) {
  if (!form.elements.once) return;
  const sent = { ...history.state?.sent, [contentOf(form)]: form.elements.once.value };
  history.replaceState({ ...history.state, sent }, "");
}
window.addEventListener("pageshow", (event) => {
  const [visit] = performance.getEntriesByType("navigation");
  const sent = history.state?.sent;
  if (event.persisted || visit?.type !== "back_forward" || !sent) return;
  for (const form of document.forms) {
    if (form.elements.once) form.elements.once.value = sent[contentOf(form)] ?? form.elements.once.value;
  }
});
