// The photos of a record: taken, scaled, kept on the phone at once and shown small.
"use strict";

Object.assign(PhoneForm.prototype, {
  // row: of the deduction the photos prove, null for those of the whole visit.
  fillPhotos(box, row) {
    box.replaceChildren(this.part("photos"));
    box.dataset.photos = row ?? "";
    this.listPhotos(box);
  },

  async listPhotos(box) {
    const { record } = this, list = box.querySelector("ul"), row = box.dataset.photos || null;
    const mine = record.photos.filter((photo) => (photo.row ?? null) === row);
    const kept = await Promise.all(mine.map(({ uuid }) => this.store.photo(uuid)));
    if (record !== this.record) return;
    list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    list.replaceChildren(...kept.filter(Boolean).map(({ uuid, bytes }, at) => {
      const item = this.part("photo"), image = item.querySelector("img"), button = item.querySelector("button");
      image.src = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
      image.alt = this.say("Photo", { number: at + 1 });
      button.dataset.photo = uuid;
      button.setAttribute("aria-label", this.say("RemovePhoto", { number: at + 1 }));
      return item;
    }));
  },

  async take(input) {
    const box = input.closest("[data-photos]"), { record, known } = this, problems = [];
    const label = input.closest("label");
    label.setAttribute("aria-busy", "true");
    for (const file of [...input.files]) {
      if (record.photos.length >= known.most_photos) { problems.push(this.say("ManyPhotos", { most: known.most_photos })); break; }
      let bytes;
      try {
        bytes = await PhonePhotos.scaled(file, known.keeps_places);
      } catch {
        problems.push(this.say("BadPhoto", { name: file.name }));
        continue;
      }
      const uuid = PhoneStore.uuid();
      record.photos.push({ uuid, name: file.name.slice(-200), row: box.dataset.photos || null });
      try {
        await this.store.addPhoto(record, { uuid, record: record.uuid, bytes });
      } catch {
        record.photos.pop();
        problems.push(this.say("Full"));
        break;
      }
    }
    input.value = "";
    label.removeAttribute("aria-busy");
    await this.listPhotos(box);
    box.querySelector(".cell-error")?.remove();
    if (problems.length) box.append(PhoneChecks.note(problems.join(" ")));
  },

  async removePhoto(uuid, box) {
    this.record.photos = this.record.photos.filter((photo) => photo.uuid !== uuid);
    await this.store.removePhoto(this.record, uuid);
    if (!box) return;
    await this.listPhotos(box);
    box.querySelector("input").focus();
  },
});
