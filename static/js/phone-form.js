// One record being filled in. What is typed is kept on the phone as it is typed; the field says what is wrong with it.
"use strict";

class PhoneForm {
  static RESTS = 250; // milliseconds without a key before a draft is kept

  // finished, deleted, overtaken(): what follows when a draft waits to be sent, is gone, or is another window's now.
  constructor(section, store, say, { finished, deleted, overtaken }) {
    Object.assign(this, { section, store, say, finished, deleted, overtaken });
    this.form = section.querySelector("[data-form]");
    this.show = Object.fromEntries([...section.querySelectorAll("[data-show]")].map((part) => [part.dataset.show, part]));
    this.timer = null;
    this.work = Promise.resolve();
    this.isUnkept = this.isFinishing = false;
    this.form.addEventListener("input", (event) => { if (this.record) this.typed(event.target); });
    this.form.addEventListener("click", (event) => { if (this.record) this.clicked(event); });
    this.form.addEventListener("change", (event) => { if (this.record && event.target.type === "file") this.choosePhotos(event.target); });
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.finish(); });
    section.querySelector("[data-do=delete-draft]").addEventListener("click", () => {
      if (this.record && confirm(say("DeleteRecord"))) this.drop();
    });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.keepNow() : this.limitDay()));
    window.addEventListener("pagehide", () => this.keepNow());
  }

  static blank(known, visit = null) {
    const cycle = known.cycles.find(({ key, is_offered }) => (visit ? key === visit.cycle : is_offered));
    return {
      uuid: PhoneStore.uuid(), user: known.user.key, state: "draft", revision: 0, begun_at: new Date().toISOString(),
      visit: visit?.key ?? null, cycle: cycle.key, organization: visit?.organization ?? null, place: visit?.place ?? null,
      place_name: "", place_label: visit?.place_label ?? "", inspectors: [known.user.key], visited_on: PhoneForm.today(), note: visit?.note ?? "",
      losses: [], problems: [], highlights: [], photos: [], labels: { unit: visit?.unit ?? "", place: "", quarter: cycle.label },
    };
  }

  static today() {
    const now = new Date();
    return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  }

  // Today, also where the phone's clock is behind, and also on the morning after the page was opened.
  limitDay() {
    if (this.record) this.field("visited_on").max = [PhoneForm.today(), this.known.today ?? ""].sort().at(-1);
  }

  // --- Showing a record ---------------------------------------------------------------------------

  open(record, known) {
    Object.assign(this, { record, known, isInWords: false });
    const isPlanned = record.visit !== null;
    this.show.whereto.hidden = isPlanned;
    this.show["planned-visit"].hidden = !isPlanned;
    this.offerCycles();
    this.offerUnits();
    this.offerPlaces();
    this.offerColleagues();
    for (const name of ["visited_on", "note", "place_name"]) this.field(name).value = record[name];
    this.limitDay();
    this.label();
    if (isPlanned) this.show["planned-visit"].textContent = [record.labels.quarter, record.labels.unit, record.labels.place].filter(Boolean).join(" · ");
    for (const kind of ["losses", "problems", "highlights"]) {
      this.rows(kind).replaceChildren();
      record[kind].forEach((row) => this.addRow(kind, row));
    }
    this.fillPhotos(this.form.querySelector("[data-photos='']"), null);
    this.followRoster();
    this.show.wrong.hidden = true;
    this.show.kept.textContent = this.say("Kept");
    this.show.kept.classList.remove("is-bad");
  }

  field(name) { return this.form.querySelector(`[data-field=${name}]`); }
  rows(kind) { return this.form.querySelector(`[data-rows=${kind}]`); }
  part(name) { return this.section.querySelector(`template[data-part=${name}]`).content.cloneNode(true); }

  options(name, pairs, chosen = this.record[name]) { PhoneForm.choices(this.field(name), pairs, chosen); }

  static choices(select, pairs, chosen) {
    select.replaceChildren(...pairs.map(([value, label]) => new Option(label, value ?? "")));
    select.value = chosen ?? "";
  }

  get unit() { return this.known.units.find(({ key }) => key === this.record.organization); }
  get cycle() { return this.known.cycles.find(({ key }) => key === this.record.cycle); }
  // What was known when the record was begun serves it to its end, although the quarter may be closed by then.
  get sections() { return this.known.rubrics[this.cycle?.rubrics[this.record.organization]] ?? this.record.sections ?? []; }
  indicator(key) { return this.sections.flatMap(({ indicators }) => indicators).find((each) => each.key === key); }

  offerCycles() {
    const { record, known } = this, offered = known.cycles.filter(({ is_offered }) => is_offered).map(({ key, label }) => [key, label]);
    if (!offered.some(([key]) => key === record.cycle)) offered.unshift([record.cycle, record.labels.quarter]);
    this.options("cycle", offered);
    this.show["cycle-field"].hidden = offered.length < 2;
  }

  offerUnits() {
    const select = this.field("organization"), groups = new Map();
    for (const unit of this.known.units) groups.set(unit.group, [...(groups.get(unit.group) ?? []), unit]);
    select.replaceChildren(new Option(this.say("Choose"), ""), ...[...groups].map(([name, units]) => {
      const group = document.createElement("optgroup");
      group.label = name;
      group.append(...units.map(({ key, name: unit }) => new Option(unit, key)));
      return group;
    }));
    if (this.record.organization !== null && !this.unit) select.append(new Option(this.record.labels.unit, this.record.organization));
    select.value = this.record.organization ?? "";
  }

  offerPlaces() {
    const places = this.unit?.places ?? [];
    const isInWords = this.record.place === null && (this.record.place_name !== "" || this.isInWords);
    this.options("place", [["", this.say("None")], ...places.map(({ key, name }) => [key, name]), ["words", this.say("OtherPlace")]],
      isInWords ? "words" : this.record.place);
    this.show["place-words"].hidden = !isInWords;
  }

  offerColleagues() {
    const others = this.known.inspectors.filter(({ key }) => key !== this.record.user);
    this.show.colleagues.hidden = !others.length || this.record.visit !== null;
    this.show.colleagues.querySelector("div").replaceChildren(...others.map(({ key, name }) => {
      const label = document.createElement("label"), box = document.createElement("input");
      Object.assign(box, { type: "checkbox", className: "form-check-input", value: key, checked: this.record.inspectors.includes(key) });
      box.dataset.colleague = "";
      label.append(box, ` ${name}`);
      return label;
    }));
  }

  followRoster() {
    const isOff = !this.sections.length;
    this.show["no-roster"].hidden = !isOff;
    this.show["no-roster"].textContent = this.say(this.record.organization === null ? "NeedUnitFirst" : "NoRoster");
    this.form.querySelector("[data-add=losses]").disabled = !this.sections.length;
  }

  label() {
    const { record } = this, visit = record.visit === null ? null : record;
    record.sections = this.sections;
    record.labels = {
      unit: this.unit?.name ?? record.labels.unit,
      place: record.place_name || this.unit?.places.find(({ key }) => key === record.place)?.name || visit?.place_label || "",
      quarter: this.cycle?.label ?? record.labels.quarter,
    };
  }

  // --- Rows ---------------------------------------------------------------------------------------

  addRow(kind, row) {
    const made = this.section.querySelector(`template[data-row-of=${kind}]`).content.cloneNode(true), box = made.firstElementChild;
    box.dataset.row = row.row;
    for (const part of box.querySelectorAll("[data-part]")) {
      part.id = `${row.row}-${part.dataset.part}`;
      part.closest(".phone-field").querySelector("label").htmlFor = part.id;
      if (part.tagName !== "SELECT") part.value = row[part.dataset.part];
    }
    if (kind === "losses") {
      const allowed = box.querySelector("[data-slot=allowed]"), points = box.querySelector("[data-part=points]");
      allowed.id = points.dataset.help = `${row.row}-allowed`;
      this.clear(points);
      this.offerIndicators(box, row);
      this.followIndicator(box, row);
      this.fillPhotos(box.querySelector("[data-photos]"), row.row);
    }
    if (kind === "problems") {
      const categories = this.known.categories.map((name) => [name, name]);
      PhoneForm.choices(box.querySelector("[data-part=category]"), [["", this.say("Choose")], ...categories], row.category);
    }
    this.rows(kind).append(made);
    this.number(kind);
    return box;
  }

  number(kind) {
    this.rows(kind).querySelectorAll("[data-slot=number]").forEach((slot, at) => { slot.textContent = at + 1; });
  }

  offerIndicators(box, row) {
    const select = box.querySelector("[data-part=indicator]");
    select.replaceChildren(new Option(this.say("Choose"), ""), ...this.sections.map(({ name, indicators }) => {
      const group = document.createElement("optgroup");
      group.label = name;
      group.append(...indicators.map((each) => new Option(each.name, each.key)));
      return group;
    }));
    select.value = row.indicator ?? "";
    if (!select.value) row.indicator = null; // of another rubric
  }

  // The rubric's own wording is offered as the reason, and the points say what is allowed.
  followIndicator(box, row) {
    const chosen = this.indicator(row.indicator);
    box.querySelector("[data-slot=reasons]").replaceChildren(...(chosen?.reasons ?? []).map((reason) => {
      const chip = document.createElement("button");
      Object.assign(chip, { type: "button", className: "phone-chip", textContent: reason });
      chip.dataset.reason = "";
      return chip;
    }));
    this.followPoints(box, row);
  }

  followPoints(box, row) {
    const chosen = this.indicator(row.indicator), units = GridPoints.units(row.points), step = chosen && GridPoints.units(chosen.step);
    const isMultiple = chosen && units > 0n && units % step === 0n;
    box.querySelector("[data-slot=allowed]").textContent = !chosen ? ""
      : [this.say("Allowed", chosen), isMultiple ? this.say("Times", { count: units / step, step: chosen.step }) : ""].filter(Boolean).join(" · ");
  }

  step(box, row, way) {
    const chosen = this.indicator(row.indicator);
    if (!chosen) return box.querySelector("[data-part=indicator]").focus();
    const step = GridPoints.units(chosen.step), full = GridPoints.units(chosen.full), now = GridPoints.units(row.points) ?? 0n;
    const wanted = now + BigInt(way) * step, next = wanted < 0n ? 0n : wanted > full ? full : wanted;
    row.points = next === 0n ? "" : GridPoints.short(next);
    box.querySelector("[data-part=points]").value = row.points;
    this.followPoints(box, row);
  }

  // --- Typing -------------------------------------------------------------------------------------

  typed(target) {
    if (target.type === "file") return;
    const { record } = this, name = target.dataset.field, box = target.closest("[data-row]");
    if (box) this.typedInRow(box, target);
    else if ("colleague" in target.dataset) this.chooseColleagues();
    else if (name === "organization" || name === "cycle") {
      record[name] = Number(target.value) || null;
      if (name === "organization") Object.assign(record, { place: null, place_name: "" });
      record.sections = null;
      this.open(record, this.known);
    } else if (name === "place") {
      this.isInWords = target.value === "words";
      record.place = Number(target.value) || null;
      if (!this.isInWords) record.place_name = this.field("place_name").value = "";
      this.offerPlaces();
    } else record[name] = target.value;
    this.clear(target);
    this.label();
    this.keepSoon();
  }

  typedInRow(box, target) {
    const row = this.rowOf(box), part = target.dataset.part;
    row[part] = part === "indicator" ? Number(target.value) || null : target.value;
    if (part === "indicator") this.followIndicator(box, row);
    if (part === "points") this.followPoints(box, row);
  }

  chooseColleagues() {
    const ticked = [...this.form.querySelectorAll("[data-colleague]:checked")].map((box) => Number(box.value));
    this.record.inspectors = [this.record.user, ...ticked];
  }

  rowOf(box) {
    const kind = box.parentElement.dataset.rows;
    return this.record[kind].find(({ row }) => row === box.dataset.row);
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const box = button.closest("[data-row]"), { add, step, photo } = button.dataset;
    if (add) {
      const blank = { losses: { indicator: null, points: "", reason: "" }, problems: { category: "", text: "" }, highlights: { text: "" } }[add];
      const row = { row: PhoneStore.uuid(), ...blank };
      this.record[add].push(row);
      this.addRow(add, row).querySelector("[data-part]").focus();
    } else if (step) this.step(box, this.rowOf(box), Number(step));
    else if ("reason" in button.dataset) this.giveReason(box, this.rowOf(box), button.textContent);
    else if ("remove" in button.dataset) this.removeRow(box);
    else if (photo) this.removePhoto(photo, button.closest("[data-photos]"));
    else return;
    this.keepSoon();
  }

  // One of the rubric's reasons: in the place of another one, and after what somebody wrote.
  giveReason(box, row, reason) {
    const field = box.querySelector("[data-part=reason]"), written = row.reason.trim();
    const isOffered = this.indicator(row.indicator)?.reasons.includes(written);
    field.value = row.reason = !written || isOffered ? reason : `${written}；${reason}`.slice(0, field.maxLength);
    this.clear(field);
  }

  removeRow(box) {
    const kind = box.parentElement.dataset.rows, row = box.dataset.row;
    this.record[kind] = this.record[kind].filter((each) => each.row !== row);
    this.removePhotos(({ row: proved }) => proved === row);
    box.remove();
    this.number(kind);
    this.form.querySelector(`[data-add=${kind}]`).focus();
  }

  // --- Keeping ------------------------------------------------------------------------------------

  // One thing after the other: a photo takes a while to become small, and what is typed meanwhile must not be lost.
  inTurn(deed) {
    this.work = this.work.then(deed).catch((error) => this.notKept(error));
    return this.work;
  }

  keepSoon() {
    clearTimeout(this.timer);
    this.show.kept.textContent = "";
    this.timer = setTimeout(() => this.keepNow(), PhoneForm.RESTS);
  }

  keepNow() {
    const { record, timer } = this;
    clearTimeout(timer);
    this.timer = null;
    return timer && record ? this.inTurn(() => this.write(record)) : this.work;
  }

  async write(record, withPhotos) {
    const isKept = await this.store.keepDraft(record, withPhotos);
    if (record !== this.record) return isKept;
    if (!isKept) this.leave(this.overtaken);
    else {
      this.isUnkept = false;
      this.show.kept.textContent = this.say("Kept");
      this.show.kept.classList.remove("is-bad");
    }
    return isKept;
  }

  // It stays on the screen: whoever frees some space and goes on typing loses nothing.
  notKept(error) {
    this.isUnkept = true;
    this.show.kept.textContent = this.say(error?.name === "QuotaExceededError" ? "Full" : "Unkept");
    this.show.kept.classList.add("is-bad");
  }

  leave(done) {
    clearTimeout(this.timer);
    Object.assign(this, { record: null, timer: null, isUnkept: false });
    done();
  }

  // Before another view is shown. Whether all of it is kept.
  async close() {
    const { record } = this;
    if (!record) return true;
    await this.keepNow();
    if (this.isUnkept) await this.inTurn(() => this.write(record)); // there may be space by now
    await this.work;
    if (this.isUnkept) return false;
    if (this.record === record) this.record = null;
    return true;
  }

  async drop() {
    const { record } = this;
    await this.work;
    await this.store.remove(record.uuid);
    this.leave(this.deleted);
  }

  async finish() {
    const { record } = this;
    if (!record || this.isFinishing) return;
    this.isFinishing = true;
    try {
      await this.work; // a photo just chosen is part of the record
      if (this.record === record && this.isComplete()) await this.seal(record);
    } finally {
      this.isFinishing = false;
    }
  }

  isComplete() {
    const wrong = PhoneChecks.mark(this);
    this.show.wrong.hidden = !wrong.length;
    this.show.wrong.firstElementChild.textContent = wrong.length ? this.say("Wrong", { count: wrong.length }) : "";
    wrong[0]?.focus();
    return !wrong.length;
  }

  // From now on exactly these words are sent.
  async seal(record) {
    const sealed = { ...record, sealed: PhoneChecks.sealed(record), state: "waiting" };
    const isKept = await this.inTurn(() => this.store.keepDraft(sealed));
    if (isKept === true) this.leave(this.finished);
    else if (isKept === false) this.leave(this.overtaken);
  }

  clear(field) {
    field.removeAttribute("aria-invalid");
    if (field.dataset.help) field.setAttribute("aria-describedby", field.dataset.help);
    else field.removeAttribute("aria-describedby");
    field.closest(".phone-field")?.querySelector(".cell-error")?.remove();
  }
}
