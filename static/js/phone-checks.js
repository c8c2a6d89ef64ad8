// What must be right before a record waits to be uploaded, so that nobody learns of a slip back in the office. The
// server checks everything again.
"use strict";

const PhoneChecks = (() => {
  // Marks every wrong field of the form; gives them in reading order.
  function mark(form) {
    const { record, say } = form, wrong = [];
    const check = (field, isRight, message) => {
      form.clear(field);
      if (isRight) return;
      const text = note(message);
      text.id = `${field.id}-error`;
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", [field.dataset.help, text.id].filter(Boolean).join(" "));
      field.closest(".phone-field").append(text);
      wrong.push(field);
    };
    check(form.field("organization"), record.organization !== null, say("NeedUnit"));
    const day = form.field("visited_on");
    form.limitDay();
    check(day, day.value !== "" && day.value <= day.max, day.value === "" ? say("NeedDay") : say("FutureDay"));
    const rows = (kind, deed) => record[kind].forEach((row) => {
      const part = (name) => document.getElementById(`${row.row}-${name}`);
      if (!isBlank(kind, row)) deed(row, part);
    });
    rows("losses", (row, part) => {
      const chosen = form.indicator(row.indicator);
      check(part("indicator"), chosen, say("NeedIndicator"));
      if (chosen) check(part("points"), isAllowed(row.points, chosen), say("BadPoints", { ...chosen, indicator: chosen.name }));
      check(part("reason"), row.reason.trim(), say("NeedReason"));
    });
    rows("problems", (row, part) => {
      check(part("category"), row.category, say("NeedCategory"));
      check(part("text"), row.text.trim(), say("NeedText"));
    });
    return wrong;
  }

  function isAllowed(text, { full, step }) {
    const units = GridPoints.units(text);
    if (units === null || units <= 0n || units > GridPoints.units(full)) return false;
    return units === GridPoints.units(full) || units % GridPoints.units(step) === 0n; // as reviews/scoring.py
  }

  // A row that was added and left is no finding; one with a photo is.
  function isBlank(kind, row) {
    const texts = { losses: [row.indicator, row.points, row.reason], problems: [row.category, row.text], highlights: [row.text] }[kind];
    return texts.every((text) => text === null || text === undefined || String(text).trim() === "");
  }

  // The record as the server takes it (reviews/phone_record.py), from now on word for word the same.
  function sealed(record) {
    const { uuid, cycle, visit, organization, place, place_name, inspectors, visited_on, note: words } = record;
    const losses = record.losses.filter((row) => !isBlank("losses", row));
    const at = (row) => losses.findIndex((loss) => loss.row === row);
    return {
      uuid, cycle, visit, organization, place, place_name, inspectors, visited_on, note: words,
      noted_at: new Date().toISOString(),
      losses: losses.map(({ indicator, points, reason }) => ({ indicator, points: GridPoints.short(GridPoints.units(points)), reason })),
      highlights: record.highlights.map(({ text }) => text).filter((text) => text.trim()),
      problems: record.problems.filter((row) => !isBlank("problems", row)).map(({ category, text }) => ({ category, text })),
      photos: record.photos.map(({ uuid: key, name, row }) => ({ uuid: key, name, loss: row && at(row) >= 0 ? at(row) : null })),
    };
  }

  function note(message) {
    const text = document.createElement("div");
    Object.assign(text, { className: "cell-error", textContent: message });
    return text;
  }

  return { mark, sealed, note };
})();
