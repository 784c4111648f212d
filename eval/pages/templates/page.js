"use strict";
(() => {
  const table = document.getElementById("questions");
  if (!table) return;
  const rows = [...table.tBodies];
  const words = document.getElementById("words");
  const became = document.getElementById("became");
  const kind = document.getElementById("kind");
  const shown = document.getElementById("shown");
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

  const open = (row, wanted) => {
    row.rows[1].hidden = !wanted;
    row.querySelector(".open").setAttribute("aria-expanded", String(wanted));
  };

  const filter = () => {
    const wanted = words.value.toLowerCase().trim();
    let count = 0;
    for (const row of rows) {
      const fits =
        texts.get(row).includes(wanted) &&
        (!became.value || row.dataset.became === became.value) &&
        (!kind || !kind.value || row.dataset.kind === kind.value);
      row.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} of ${rows.length} questions`;
  };

  const sort = (header) => {
    const column = header.cellIndex;
    const falling = header.getAttribute("aria-sort") === "ascending";
    for (const other of header.parentNode.cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const numeric = header.classList.contains("n");
    const value = (row) => row.rows[0].cells[column].textContent.trim();
    const sorted = [...rows].sort((one, other) => {
      const [a, b] = [value(one), value(other)];
      if (!a || !b) return (a === "") - (b === "");
      const order = numeric ? Number(a) - Number(b) : a.localeCompare(b);
      return falling ? -order : order;
    });
    table.append(...sorted);
  };

  table.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.classList.contains("open")) {
      const row = button.closest("tbody");
      open(row, row.rows[1].hidden);
    } else {
      sort(button.closest("th"));
    }
  });
  for (const input of [words, became, kind]) input?.addEventListener("input", filter);
})();
