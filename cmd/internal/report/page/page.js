"use strict";
// Sorts and filters the worklist. Without it the table is whole, in its first order.
(() => {
  const table = document.getElementById("tasks");
  if (!table) return;
  const body = table.tBodies[0], rows = [...body.rows], heads = [...table.tHead.rows[0].cells];
  const form = document.getElementById("filters"), search = document.getElementById("search");
  const selects = [...form.querySelectorAll("select")], found = document.getElementById("found");
  const value = (row, i) => row.cells[i].dataset.v ?? row.cells[i].textContent.trim();
  const order = new Intl.Collator("en", { numeric: true });
  const compare = (a, b) => a - b || order.compare(a, b); // numbers as such
  const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

  const sort = (i) => {
    const down = heads[i].getAttribute("aria-sort") === "ascending";
    heads.forEach((h) => h.removeAttribute("aria-sort"));
    heads[i].setAttribute("aria-sort", down ? "descending" : "ascending");
    const keys = new Map(rows.map((row) => [row, value(row, i)]));
    rows.sort((a, b) => (down ? -1 : 1) * compare(keys.get(a), keys.get(b)));
    body.append(...rows);
  };

  const filter = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0, cents = 0;
    for (const row of rows) {
      const shown = wanted.every((w) => words.get(row).includes(w)) &&
        selects.every((s) => !s.value || row.dataset[s.dataset.key] === s.value);
      row.hidden = !shown;
      if (shown) { count++; cents += Number(row.dataset.cents); }
    }
    found.textContent = `${count.toLocaleString("en-US")} of ${rows.length.toLocaleString("en-US")} lines, ${dollars.format(cents / 100)} recoverable`;
  };

  heads.forEach((head, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(i));
    head.append(button);
  });
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (e) => e.preventDefault());
  form.hidden = false;
  filter();
})();
