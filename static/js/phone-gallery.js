// The photos of a record: taken, scaled, kept on the phone at once and shown small.
"use strict";

Object.assign(PhoneForm.prototype, {
  // row: of the deduction the photos prove, null for those of the whole visit.
  fillPhotos(box, row) {
    box.replaceChildren(this.part("photos"));
    box.dataset.photos = row ?? "";
    this.listPhotos(box);
  },

  boxOf(row) { return this.form.querySelector(`[data-photos="${row ?? ""}"]`); },

  async listPhotos(box) {
    const { record } = this, list = box.querySelector("ul"), row = box.dataset.photos || null;
    const mine = record.photos.filter((photo) => photo.row === row);
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

  choosePhotos(input) {
    const { record, known } = this, files = [...input.files], row = input.closest("[data-photos]").dataset.photos || null;
    input.value = "";
    this.boxOf(row).querySelector("label").setAttribute("aria-busy", "true");
    this.inTurn(() => this.take(record, known, row, files));
  },

  async take(record, known, row, files) {
    const problems = [];
    try {
      for (const file of files) {
        const isWanted = record === this.record && (row === null || record.losses.some((loss) => loss.row === row));
        if (!isWanted) return; // the draft or the deduction was deleted meanwhile
        const problem = record.photos.length < known.most_photos
          ? await this.takeOne(record, known, row, file) : this.say("ManyPhotos", { most: known.most_photos });
        if (problem) problems.push(problem);
      }
    } finally {
      await this.showTaken(record, row, problems);
    }
  },

  // Why it is not taken, or "".
  async takeOne(record, known, row, file) {
    let bytes;
    try {
      bytes = await PhonePhotos.scaled(file, known.keeps_places);
    } catch {
      return this.say("BadPhoto", { name: file.name });
    }
    const uuid = PhoneStore.uuid(), before = record.photos;
    record.photos = [...before, { uuid, name: [...file.name].slice(-200).join(""), row }];
    try {
      const isKept = await this.write(record, (photos) => photos.put({ uuid, record: record.uuid, bytes }));
      if (!isKept) record.photos = before;
      return "";
    } catch (error) {
      record.photos = before;
      this.notKept(error);
      return this.say("Full");
    }
  },

  async showTaken(record, row, problems) {
    const box = record === this.record ? this.boxOf(row) : null;
    if (!box) return;
    box.querySelector("label").removeAttribute("aria-busy");
    box.querySelector(".cell-error")?.remove();
    if (problems.length) {
      const note = PhoneChecks.note([...new Set(problems)].join(" "));
      note.setAttribute("role", "alert");
      box.append(note);
    }
    await this.listPhotos(box);
  },

  // isGone(photo): which of them.
  removePhotos(isGone) {
    const { record } = this, gone = record.photos.filter(isGone);
    if (!gone.length) return this.work;
    return this.inTurn(() => {
      record.photos = record.photos.filter((photo) => !isGone(photo));
      return this.write(record, (photos) => gone.forEach(({ uuid }) => photos.delete(uuid)));
    });
  },

  async removePhoto(uuid, box) {
    await this.removePhotos((photo) => photo.uuid === uuid);
    if (!this.record) return;
    await this.listPhotos(box);
    box.querySelector("input").focus();
  },
});
