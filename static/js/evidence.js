// Photos are scaled down before they are sent, so that a village's signal carries them; documents go as they are.
"use strict";

(() => {
  const SMALL = 400_000; // bytes; a smaller photo is sent as it is

  async function smaller(file) {
    if (!file.type.startsWith("image/") || file.size <= SMALL) return file;
    try {
      const bytes = await PhonePhotos.scaled(file, false);
      if (bytes.length >= file.size) return file;
      return new File([bytes], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      return file; // no picture that this browser opens: the server says what is wrong with it
    }
  }

  document.addEventListener("change", async (event) => {
    const input = event.target, form = input.form;
    if (input.type !== "file" || !form?.matches("[data-scale-photos]")) return;
    const chosen = [...input.files], button = form.querySelector("button:not([type=button])");
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    const sent = new DataTransfer();
    for (const file of chosen) sent.items.add(await smaller(file));
    // Only while the user has not chosen others meanwhile.
    const isStillChosen = chosen.length === input.files.length && chosen.every((file, n) => file === input.files[n]);
    if (isStillChosen) input.files = sent.files;
    button.removeAttribute("aria-busy");
    button.disabled = false;
  });
})();
