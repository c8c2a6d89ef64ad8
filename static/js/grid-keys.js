// Which cell or deed a key means. shown: the rows one can see, in order.
"use strict";

const GridKeys = (() => {
  // The cell so many rows and columns away, as far as the grid reaches.
  function neighbour(shown, cell, down, right) {
    const place = shown.indexOf(cell.row) + down;
    return shown[place]?.cells[cell.column.at + right] ?? null;
  }

  function afterTab(shown, cell, back) {
    const beside = neighbour(shown, cell, 0, back ? -1 : 1);
    if (beside) return beside;
    const line = shown[shown.indexOf(cell.row) + (back ? -1 : 1)];
    return line ? line.cells.at(back ? -1 : 0) : null;
  }

  function target(event, cell, shown) {
    const { field } = cell;
    const isWhole = !cell.isTyped || (field.selectionStart === 0 && field.selectionEnd === field.value.length);
    const isAtStart = isWhole || field.selectionEnd === 0, isAtEnd = isWhole || field.selectionStart === field.value.length;
    switch (event.key) {
      case "ArrowUp": return neighbour(shown, cell, -1, 0);
      case "ArrowDown": return neighbour(shown, cell, 1, 0);
      case "ArrowLeft": return isAtStart ? neighbour(shown, cell, 0, -1) : null;
      case "ArrowRight": return isAtEnd ? neighbour(shown, cell, 0, 1) : null;
      case "Home": return (event.ctrlKey ? shown[0] : cell.row).cells[0];
      case "End": return (event.ctrlKey ? shown.at(-1) : cell.row).cells.at(-1);
      case "Enter": return cell.isTyped ? neighbour(shown, cell, event.shiftKey ? -1 : 1, 0) ?? cell : null;
      case "Tab": return afterTab(shown, cell, event.shiftKey);
      default: return null;
    }
  }

  const KEYS = { z: "undo", y: "redo", d: "fill" };

  function deedOf(event) {
    const key = event.key.toLowerCase();
    if (event.altKey && !event.ctrlKey) return { m: "full", n: "na" }[key];
    if (!(event.ctrlKey || event.metaKey)) return undefined;
    return key === "z" && event.shiftKey ? "redo" : KEYS[key];
  }

  return { neighbour, target, deedOf };
})();
