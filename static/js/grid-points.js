// Points as people type them, and what they add up to: whole ten-thousandths, never floating point. The server
// checks everything again; this is only for the running totals and for blocks that are pasted.
"use strict";

const GridPoints = (() => {
  const UNIT = 10000n;
  const PLAIN = { "。": ".", "．": ".", "｡": ".", "－": "-", "−": "-", "，": ",", "﹐": ",", "／": "/" };
  const NUMBER = /^-?(?:\d+(?:\.\d{1,4})?|\.\d{1,4})$/;
  const NOT_APPLICABLE = new Set(["不适用", "n/a"]);

  // Half-width, without blanks around, without the comma of a sentence or of thousands.
  function plain(text) {
    const half = text
      .replace(/[０-９ａ-ｚＡ-Ｚ]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
      .replace(/[。．｡－−，﹐／]/g, (char) => PLAIN[char])
      .replace(/^[\s\u200b-\u200f\u2060\ufeff,、]+|[\s\u200b-\u200f\u2060\ufeff,、]+$/g, "");
    return /^\d{1,3}(,\d{3})+$/.test(half) ? half.replaceAll(",", "") : half;
  }

  const isBlank = (text) => plain(text) === "";
  const doesNotApply = (text) => NOT_APPLICABLE.has(plain(text).toLowerCase().replace(/\s/g, ""));

  // Ten-thousandths of a point, or null for what is no number. The same few texts come a thousand times.
  const known = new Map();
  function units(text) {
    if (!known.has(text)) known.set(text, read(text));
    return known.get(text);
  }

  function read(text) {
    const number = plain(text);
    if (!NUMBER.test(number)) return null;
    const [whole, part = ""] = number.replace("-", "").split(".");
    const value = BigInt(whole || "0") * UNIT + BigInt(part.padEnd(4, "0"));
    return number.startsWith("-") ? -value : value;
  }

  // Whether two texts say the same points.
  const areSame = (one, other) => one === other || (isBlank(one) && isBlank(other)) ||
    (doesNotApply(one) && doesNotApply(other)) || (units(one) !== null && units(one) === units(other));

  // What a cell counts: ten-thousandths, "n/a", or null where it is blank or not allowed.
  function count(text, column) {
    if (text === "") return null;
    const value = units(text);
    if (value === null) return doesNotApply(text) ? "n/a" : null;
    if (value < 0n || value > column.full) return null;
    return value === column.full || value % column.step === 0n ? value : null;
  }

  // blank: the columns whose cells are missing. The same arithmetic as reviews/scoring.py: see docs/decisions/0002.
  function total(texts, columns, fullTotal, places) {
    let sum = 0n, bonus = 0n, denominator = 0n, filled = 0, someDoNotApply = false;
    const blank = [];
    texts.forEach((text, at) => {
      const column = columns[at], value = count(text, column);
      if (value !== null) filled += 1;
      if (value === "n/a") { if (!column.bonus) someDoNotApply = true; return; }
      if (column.bonus) { bonus += value ?? 0n; return; }
      denominator += column.full;
      if (value === null) blank.push(at); else sum += value;
    });
    const soFar = { blank, missing: blank.length, filled, sum: sum + bonus, total: null };
    if (blank.length || denominator === 0n) return soFar;
    const [top, bottom] = someDoNotApply ? [sum * fullTotal + bonus * denominator, denominator] : [sum + bonus, 1n];
    const scale = 10n ** BigInt(places), scaled = top * scale, unit = bottom * UNIT;
    return { ...soFar, total: written((scaled * 2n + unit) / (unit * 2n), places) };
  }

  function written(value, places) {
    const digits = String(value).padStart(places + 1, "0");
    return places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
  }

  const short = (value) => written(value, 4).replace(/\.?0+$/, "");

  // A block as Excel and WPS copy it: rows of cells between tabs. A row without tabs whose commas (half or full
  // width, or 、) part numbers is read as cells too.
  function block(text) {
    const rows = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
    return rows.map((row) => {
      if (row.includes("\t")) return row.split("\t").map(unquoted);
      const parts = row.split(/[,，、﹐]/);
      const isList = parts.length > 1 && units(row) === null &&
        parts.every((part) => units(part) !== null || isBlank(part) || doesNotApply(part));
      return isList ? parts : [unquoted(row)];
    });
  }

  const unquoted = (cell) => cell.trim().replace(/^"(.*)"$/s, "$1").replaceAll('""', '"').trim();

  return { isBlank, doesNotApply, areSame, units, count, total, short, block };
})();
