// A workbook may be dropped on its form; the form then shows its name, and the button sends it as usual.
"use strict";

for (const area of document.querySelectorAll(".drop-area")) {
  const input = area.querySelector("input[type=file]");
  area.querySelector(".drop-hint").hidden = false;
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    area.classList.add("is-over");
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) area.classList.remove("is-over");
  });
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("is-over");
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}
