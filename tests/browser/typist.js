// Somebody at the entry grid, in the page itself: types `edits` values into the cells of the first row in turn, goes
// on to the next cell while the last is being saved, and settles each conflict where it is shown, keeping two of
// three. Every value is one of a kind: whole numbers of person 0, halves of person 1. Waits for what the cells say,
// never for a time. Returns what was typed and what was shown.
async ({ person, edits }) => {
  const boxes = [...document.querySelectorAll("#entry-grid tbody tr:first-of-type td")];
  const line = document.querySelector("[data-show=cell]"), choice = document.querySelector("[data-show=choice]");
  const typed = [], shown = [];

  const nextWord = (box) => new Promise((resolve) => {
    const observer = new MutationObserver(() => { observer.disconnect(); resolve(); });
    observer.observe(box, { attributes: true, attributeFilter: ["class"] });
  });

  function settle(box) {
    const field = box.firstElementChild;
    field.focus();
    const isMine = shown.length % 3 !== 2;
    const [takeTheirs, keepMine] = choice.children;
    shown.push({ column: boxes.indexOf(box), theirs: box.lastElementChild.textContent, line: line.textContent, mine: field.value, isMine });
    (isMine ? keepMine : takeTheirs).click();
  }

  async function settled(box) {
    while (box.className && box.className !== "is-saved") {
      if (box.className === "is-conflict") settle(box);
      else await nextWord(box);
    }
  }

  for (let edit = 0; edit < edits; edit += 1) {
    const column = edit % boxes.length, box = boxes[column], field = box.firstElementChild;
    await settled(box);
    const text = String(edit + person / 2);
    field.focus();
    field.select();
    document.execCommand("insertText", false, text);
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Tab", bubbles: true, cancelable: true }));
    typed.push({ column, text });
  }
  for (const box of boxes) await settled(box);
  return { typed, shown };
}
