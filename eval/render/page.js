"use strict";
(() => {
  const PAGE = 200;
  const content = JSON.parse(document.getElementById("content").textContent);
  const byId = (id) => document.getElementById(id);

  function element(name, text, classes) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (classes) made.className = classes;
    return made;
  }

  // Tables sort by the cell's data-sort, else by its text; numbers as numbers.
  function keyOf(row, column) {
    const cell = row.cells[column];
    const key = cell.dataset.sort ?? cell.textContent.trim();
    return key !== "" && !Number.isNaN(Number(key)) ? Number(key) : key;
  }

  function sortTable(table, column, head) {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => {
      const [x, y] = [keyOf(a, column), keyOf(b, column)];
      const order = typeof x === "number" && typeof y === "number"
        ? x - y : String(x).localeCompare(String(y));
      return down ? -order : order;
    });
    table.tBodies[0].append(...rows);
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      head.querySelector(".sort").addEventListener("click", () => sortTable(table, column, head));
    });
  }

  const filters = ["field", "verdict", "layout", "subset"];
  const body = byId("miss-table").tBodies[0];
  let shown = [];

  for (const name of filters) {
    for (const value of [...new Set(content.misses.map((miss) => miss[name]))]) {
      const option = element("option", value);
      option.value = value;
      byId(`filter-${name}`).append(option);
    }
    byId(`filter-${name}`).addEventListener("change", listMisses);
  }
  byId("filter-text").addEventListener("input", listMisses);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("more").addEventListener("click", addRows);

  function isWanted(miss) {
    const text = byId("filter-text").value.trim().toLowerCase();
    return filters.every((name) => {
      const wanted = byId(`filter-${name}`).value;
      return !wanted || miss[name] === wanted;
    }) && (!text || [miss.letter, miss.label, miss.predicted].some(
      (value) => value.toLowerCase().includes(text)));
  }

  function listMisses() {
    shown = content.misses.filter(isWanted);
    body.replaceChildren();
    byId("miss-count").textContent = `${shown.length} of ${content.misses.length}`;
    byId("no-misses").hidden = shown.length > 0;
    addRows();
  }

  function addRows() {
    const from = body.rows.length;
    for (const miss of shown.slice(from, from + PAGE)) body.append(rowOf(miss));
    byId("more").hidden = body.rows.length >= shown.length;
  }

  function rowOf(miss) {
    const row = element("tr");
    const opener = element("button", miss.letter);
    opener.type = "button";
    const first = element("td");
    first.append(opener);
    row.append(first);
    for (const name of ["path", "verdict", "label", "predicted"]) {
      const cell = element("td", miss[name].slice(0, 120));
      cell.title = miss[name].slice(0, 300);
      row.append(cell);
    }
    row.addEventListener("click", () => showMiss(miss, row));
    return row;
  }

  function showMiss(miss, row) {
    for (const other of body.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    const panel = byId("panel");
    panel.replaceChildren(element("h3", `${miss.letter} · ${miss.path}`), facts(miss));
    const text = content.letters[miss.letter];
    panel.append(text === undefined ? element("p", "The letter's text is not at hand.", "hint") : marked(text, miss));
    scrollToPlace(panel.querySelector("pre"));
  }

  function scrollToPlace(letter) {
    const place = letter?.querySelector(".given, .gold") ?? letter?.querySelector("mark");
    if (!place) return;
    const below = place.getBoundingClientRect().top - letter.getBoundingClientRect().top;
    letter.scrollTop = below - letter.clientHeight / 3;
  }

  function facts(miss) {
    const list = element("dl");
    const lines = [
      ["verdict", miss.verdict],
      ["label", miss.label, miss.gold_at && "gold"],
      ["given", miss.predicted, miss.given_at && "given"],
    ];
    if (miss.rule !== null) lines.push(["rule", `${miss.rule}, confidence ${miss.confidence}`]);
    for (const [name, value, kind] of lines) {
      const term = element("dt");
      term.append(kind ? element("mark", name, kind) : name);
      list.append(term, element("dd", value));
    }
    return list;
  }

  // Text extractors often leave an empty line after every line; the panel then drops them.
  function isGappy(text) {
    const lines = text.split("\n");
    return lines.filter((line) => !line.trim()).length > 0.4 * lines.length;
  }

  // Places may overlap: the text is cut at every end, and each piece gets all its classes.
  function marked(text, miss) {
    const places = [["item", miss.item_at], ["gold", miss.gold_at], ["given", miss.given_at]]
      .filter(([, place]) => place);
    const characters = Array.from(text);  // offsets count characters, not UTF-16 units
    const cuts = [...new Set([0, characters.length, ...places.flatMap(([, place]) => place)])]
      .sort((a, b) => a - b);
    const letter = element("pre");
    letter.tabIndex = 0;  // it scrolls, so that the keyboard must reach it
    const gappy = isGappy(text);
    for (let i = 0; i + 1 < cuts.length; i += 1) {
      const printed = characters.slice(cuts[i], cuts[i + 1]).join("");
      const piece = gappy ? printed.replace(/\n\s*\n/g, "\n") : printed;
      const kinds = places.filter(([, [start, end]]) => start <= cuts[i] && cuts[i + 1] <= end);
      letter.append(kinds.length ? element("mark", piece, kinds.map(([kind]) => kind).join(" ")) : piece);
    }
    return letter;
  }

  for (const button of document.querySelectorAll(".show-misses")) {
    button.addEventListener("click", () => {
      const select = byId("filter-field");
      const field = button.dataset.field;
      if (![...select.options].some((option) => option.value === field)) {
        const option = element("option", field);
        option.value = field;
        select.append(option);
      }
      select.value = field;
      listMisses();
      byId("misses").scrollIntoView();
    });
  }

  listMisses();
})();
