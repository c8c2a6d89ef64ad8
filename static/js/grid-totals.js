// Running totals and how many cells are missing: by unit, by indicator and overall.
"use strict";

const GridTotals = (() => {
  const fullTotal = GridPoints.units(root.dataset.fullTotal), places = Number(root.dataset.places);

  function countRow(row) {
    row.counted = GridPoints.total(row.cells.map((cell) => cell.text), columns, fullTotal, places);
    const { missing, sum, total } = row.counted;
    row.sum.textContent = total === null
      ? say("RowSoFar", { sum: GridPoints.short(sum), count: missing }) : say("Row", { total });
    row.line.classList.toggle("is-complete", missing === 0);
  }

  function count(some) {
    for (const row of some) countRow(row);
    const all = { filled: 0, missing: 0, sum: 0n, done: 0 }, blank = columns.map(() => 0);
    for (const { counted, isLeftOut } of rows) {
      all.filled += counted.filled;
      all.sum += counted.sum;
      if (counted.missing === 0) all.done += 1;
      else if (!isLeftOut) all.missing += counted.missing;
      if (!isLeftOut) for (const at of counted.blank) blank[at] += 1;
    }
    show.overall.textContent = say("Overall", {
      ...all, sum: GridPoints.short(all.sum), all: cells.size, units: rows.length,
    });
    for (const column of columns) {
      const missing = blank[column.at];
      column.missing.textContent = missing ? say("Column", { count: missing }) : "";
    }
  }

  return { count };
})();
