// Tables sort by a click on a heading: first the best on top, then the worst. Cells without a figure stay below.
(() => {
  "use strict";

  function sort(table, column, heading) {
    const higher = heading.dataset.better === "higher";
    const before = heading.getAttribute("aria-sort");
    const first = column > 0 && higher ? "descending" : "ascending";
    const next = before === first ? (first === "ascending" ? "descending" : "ascending") : first;
    table.querySelectorAll("th[aria-sort]").forEach(other => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", next);
    const sign = next === "ascending" ? 1 : -1;
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort((a, b) => sign * compare(a.cells[column], b.cells[column], sign)));
  }

  function compare(a, b, sign) {
    if (a.tagName === "TH")
      return a.textContent.localeCompare(b.textContent);
    const [left, right] = [value(a), value(b)];
    if (Number.isNaN(left) || Number.isNaN(right))
      return sign * (Number.isNaN(left) - Number.isNaN(right));
    return left === right ? 0 : left - right;
  }

  const value = cell => (cell.dataset.value === undefined ? NaN : Number(cell.dataset.value));

  // Wide tables can show one metric alone: then all settings fit side by side. Its differences stay with it, and the parts of an ablation always.
  function metricChoice(table, headings) {
    const names = [...headings].slice(1).map(heading => ("part" in heading.dataset ? null : heading.dataset.name.replace(/^Δ /, "")));
    const different = [...new Set(names.filter(name => name !== null))];
    const groups = table.tHead.rows.length > 1 ? [...table.tHead.rows[0].cells].slice(1) : [];
    if (groups.length < 2 || different.length < 2)
      return;
    const spans = groups.map(group => group.colSpan);
    const bar = dom.make("div", { className: "controls" });
    dom.choice(bar, "Show", ["all", ...different], index => {
      const shown = names.map(name => index === 0 || name === null || name === different[index - 1]);
      for (const row of [table.tHead.rows[1], ...table.tBodies[0].rows])
        shown.forEach((show, column) => row.cells[column + 1].classList.toggle("hidden", !show));
      let first = 0;
      groups.forEach((group, at) => {
        const count = shown.slice(first, first + spans[at]).filter(Boolean).length;
        group.classList.toggle("hidden", count === 0);
        group.colSpan = Math.max(1, count);
        first += spans[at];
      });
    });
    table.parentElement.before(bar);
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const headings = table.tHead.rows[table.tHead.rows.length - 1].cells;
    metricChoice(table, headings);
    [...headings].forEach((heading, column) => {
      const button = dom.make("button", { type: "button" }, ...heading.childNodes);
      button.addEventListener("click", () => sort(table, column, heading));
      heading.append(button);
    });
  }
})();
