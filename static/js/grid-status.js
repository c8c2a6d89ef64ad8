// What the page says of the whole: whether everything is saved, which cells need somebody, and the line of the cell
// one is at.
"use strict";

const GridStatus = (() => {
  const TROUBLE = { offline: "Offline", signin: "Signin", forbidden: "Forbidden", closed: "Closed", error: "Error" };
  const issueList = show.issues.querySelector("ul"), issueSummary = show.issues.querySelector("summary");
  let listed = "";

  // waiting: WaitingCells; sending: how many cells are under way; choose(cell, isMine), discard(keys).
  function tell(state, waiting, sending, deeds) {
    const open = waiting.size, trouble = open && TROUBLE[state], isBusy = state === "saving";
    const text = trouble ? say(trouble, { count: open })
      : isBusy ? say("Busy", { count: sending })
      : open ? say("Waiting", { count: open }) : say("AllSaved");
    if (show.saving.textContent !== text) show.saving.textContent = text;
    root.dataset.state = trouble ? state : isBusy ? "saving" : open ? "waiting" : "saved";
    show.login.hidden = state !== "signin";
    show.login.href = `${root.dataset.loginUrl}?next=${encodeURIComponent(location.pathname + location.search)}`;
    if (!waiting.isLasting) show.note.textContent = say("Nodisk");
    tellIssues(waiting, deeds);
  }

  function tellIssues(waiting, deeds) {
    const some = waiting.entries().map(([key]) => cells.get(key))
      .filter((cell) => cell?.state === "refused" || cell?.state === "conflict").sort(inOrder);
    const elsewhere = waiting.entries().filter(([key]) => waiting.isHeld(key) && !cells.get(key)?.isTyped);
    // Rebuilt only when it says something else: whoever is in the list keeps their place.
    const now = JSON.stringify([some.map((cell) => [cell.key, cell.message]), elsewhere]);
    if (now === listed) return;
    listed = now;
    const conflicts = some.filter((cell) => cell.theirs).length;
    show.issues.hidden = !some.length && !elsewhere.length;
    issueSummary.textContent = say("Issues", { refused: some.length - conflicts, conflicts });
    issueList.replaceChildren(...some.slice(0, 100).map((cell) => issue(cell, deeds.choose)));
    if (elsewhere.length) issueList.append(strangers(elsewhere, deeds.discard));
  }

  const inOrder = (one, other) => one.row.at - other.row.at || one.column.at - other.column.at;

  function issue(cell, choose) {
    const line = document.createElement("li");
    line.append(`${cell.row.name} · ${cell.column.name}: ${cell.message} `, ...choices(cell, choose));
    line.append(button(say("Go"), () => focus(cell)));
    return line;
  }

  // Cells that wait but cannot be typed into here.
  function strangers(elsewhere, discard) {
    const line = document.createElement("li"), link = document.createElement("a");
    link.href = elsewhere[0][1].page || location.pathname;
    link.textContent = say("Elsewhere", { count: elsewhere.length });
    line.append(link, button(say("Discard"), () => discard(elsewhere.map(([key]) => key))));
    return line;
  }

  function choices(cell, choose) {
    if (!cell.theirs) return [];
    const names = { theirs: cell.theirs.text || say("Blank"), mine: cell.text || say("Blank") };
    return [
      button(say("KeepTheirs", names), () => choose(cell, false)),
      button(say("KeepMine", names), () => choose(cell, true)),
    ];
  }

  // The line above the grid: where one is, what is allowed there, and what became of it.
  function describe(cell, choose) {
    const { row, column, message } = cell;
    show.cell.textContent = [row.name, column.name, message || say("Range", { limits: column.limits })].join(" · ");
    show.choice.replaceChildren(...choices(cell, choose));
    show.deduct.href = root.dataset.deductionsUrl
      .replace("/0/deductions/0/", `/${row.line.dataset.unit}/deductions/${column.indicator}/`);
    show.deduct.hidden = isClosed;
  }

  return { tell, describe };
})();
