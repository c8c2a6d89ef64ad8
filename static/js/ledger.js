// Choosing many items of the ledger: all on the page at once, and how many are chosen. Works without too.
"use strict";

const bulk = document.querySelector("#bulk");
if (bulk) {
  const all = bulk.querySelector("[data-select-all]");
  const everyOne = all.querySelector("input");
  const count = bulk.querySelector("[data-count]");
  const boxes = () => [...document.querySelectorAll("#ledger input[name=item]")];

  const show = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    everyOne.checked = chosen > 0 && chosen === boxes().length;
    everyOne.indeterminate = chosen > 0 && !everyOne.checked;
    count.textContent = chosen ? `${count.dataset.count} ${chosen}` : "";
  };

  all.hidden = false;
  everyOne.addEventListener("change", () => {
    for (const box of boxes()) box.checked = everyOne.checked;
    show();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("#ledger input[name=item]")) show();
  });
  // Sorting and paging swap the list alone: what was chosen on another page is not any more.
  document.addEventListener("htmx:afterSettle", show);
  // The browser's back button brings the page with its ticks.
  window.addEventListener("pageshow", show);
  show();
}
