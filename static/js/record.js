// The record of a visit: rows are added without asking the server, and reasons follow the chosen indicator.
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  if (!button) return;
  event.preventDefault();
  const kind = button.dataset.addRow;
  const total = document.getElementById(`id_${kind}-TOTAL_FORMS`);
  const most = Number(document.getElementById(`id_${kind}-MAX_NUM_FORMS`).value);
  if (Number(total.value) >= most) return;
  const row = document.querySelector(`template[data-row-of="${kind}"]`).content.cloneNode(true);
  for (const part of row.querySelectorAll("*")) {
    for (const { name, value } of [...part.attributes]) {
      if (value.includes("__prefix__")) part.setAttribute(name, value.replace("__prefix__", total.value));
    }
  }
  const first = row.querySelector("input, select");
  document.querySelector(`[data-rows="${kind}"]`).append(row);
  total.value = Number(total.value) + 1;
  first.focus();
});

function offerReasons(select) {
  const reason = select.closest(".record-row").querySelector(".record-reason input");
  const own = `reasons-${select.value}`;
  reason.setAttribute("list", document.getElementById(own) ? own : "reasons");
}
for (const select of document.querySelectorAll(".record-indicator select")) offerReasons(select);
document.addEventListener("change", (event) => {
  if (event.target.matches(".record-indicator select")) offerReasons(event.target);
});
