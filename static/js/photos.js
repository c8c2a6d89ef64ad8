// So many files go with one form, all its inputs together: say so before they are sent.
"use strict";

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (event.target.type !== "file" || !form?.dataset.mostFiles) return;
  const inputs = [...form.querySelectorAll("input[type='file']")];
  for (const input of inputs) input.setCustomValidity("");
  const chosen = inputs.reduce((total, input) => total + input.files.length, 0);
  if (chosen <= Number(form.dataset.mostFiles)) return;
  event.target.setCustomValidity(form.dataset.tooManyFiles);
  event.target.reportValidity();
});
