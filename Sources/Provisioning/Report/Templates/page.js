"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const table = byId("devices");
  const source = byId("data");
  if (!table || !source) return;

  const pageSize = 50;
  const printSize = 1000;
  const heads = [...table.tHead.rows[0].cells];
  const kinds = heads.map((head) => head.dataset.kind);
  const plain = { "\\": "\\", l: "<", n: "\n", r: "\r", t: "\t" };
  const unescaped = (text) =>
    text.includes("\\") ? text.replace(/\\(.)/g, (_, letter) => plain[letter] ?? letter) : text;

  const lines = source.textContent.split("\n").filter((line) => line !== "");
  source.remove();
  const rows = lines.map((line) => line.split("\t").map(unescaped));
  // Made when they are needed first: opening the page does not wait for them.
  let haystacks = null;
  const sortKeys = new Map();

  let shown = rows.map((_, index) => index);
  let page = 0;
  let sorting = { column: -1, descending: false };

  const grouped = (number) => number.toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const pageCount = () => Math.max(1, Math.ceil(shown.length / pageSize));

  function cell(text, column) {
    const made = document.createElement("td");
    made.textContent = text;
    if (kinds[column] === "status") made.className = "is-" + text.replace(/[^a-z]/g, "");
    else if (kinds[column] !== "") made.className = kinds[column];
    return made;
  }

  function draw(first, last) {
    const body = document.createElement("tbody");
    for (const index of shown.slice(first, last)) {
      const row = body.insertRow();
      rows[index].forEach((text, column) => row.append(cell(text, column)));
    }
    table.tBodies[0].replaceWith(body);
  }

  function show() {
    page = Math.min(page, pageCount() - 1);
    draw(page * pageSize, (page + 1) * pageSize);
    const all = shown.length === rows.length;
    byId("found").textContent = all
      ? grouped(rows.length) + (rows.length === 1 ? " row" : " rows")
      : grouped(shown.length) + " of " + grouped(rows.length) + " rows";
    byId("where").textContent = "Page " + grouped(page + 1) + " of " + grouped(pageCount());
    byId("pages").hidden = pageCount() === 1;
    for (const button of byId("pages").querySelectorAll("button")) {
      const back = button.dataset.go === "first" || button.dataset.go === "previous";
      button.disabled = back ? page === 0 : page === pageCount() - 1;
    }
  }

  function sortKey(column) {
    if (!sortKeys.has(column)) {
      // Digits compare as numbers, except where they are hexadecimal and of one length anyway.
      const key =
        kinds[column] === "number"
          ? (row) => Number(row[column])
          : kinds[column] === "code"
            ? (row) => row[column]
            : (row) => row[column].toLowerCase().replace(/\d+/g, (digits) => digits.padStart(16, "0"));
      sortKeys.set(column, rows.map(key));
    }
    return sortKeys.get(column);
  }

  function order() {
    if (sorting.column < 0) return;
    const key = sortKey(sorting.column);
    const sign = sorting.descending ? -1 : 1;
    shown.sort((a, b) => (key[a] < key[b] ? -sign : key[a] > key[b] ? sign : a - b));
  }

  function find() {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const kind = byId("kind");
    // "not confirmed" is everything else.
    const negated = kind !== null && kind.value.startsWith("not ");
    const wanted = kind ? kind.value.replace(/^not /, "") : "";
    const column = kind ? Number(kind.dataset.column) : -1;
    if (words.length > 0 && !haystacks) haystacks = rows.map((row) => row.join("\t").toLowerCase());
    shown = [];
    for (let index = 0; index < rows.length; index++) {
      if (wanted !== "" && (rows[index][column] === wanted) === negated) continue;
      if (words.every((word) => haystacks[index].includes(word))) shown.push(index);
    }
    order();
    page = 0;
    show();
  }

  function sortBy(column) {
    const descending = sorting.column === column && !sorting.descending;
    sorting = { column, descending };
    heads.forEach((head, index) => {
      if (index === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    order();
    page = 0;
    show();
  }

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sortBy(column));
    head.replaceChildren(button);
  });

  let waiting = 0;
  byId("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, rows.length > 5000 ? 120 : 0);
  });
  byId("kind")?.addEventListener("change", find);
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    find();
  });
  byId("pages").addEventListener("click", (event) => {
    const go = event.target.dataset.go;
    if (!go) return;
    const last = pageCount() - 1;
    page = { first: 0, previous: page - 1, next: page + 1, last }[go];
    page = Math.max(0, Math.min(page, last));
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(input|select|textarea)$/i.test(event.target.tagName)) return;
    event.preventDefault();
    byId("search").focus();
  });

  // On paper there are no pages to turn: as many rows as a reader may want are printed, and the page says so.
  const rest = byId("rest");
  const restText = rest.textContent;
  addEventListener("beforeprint", () => {
    draw(0, printSize);
    if (shown.length > printSize)
      rest.textContent = "The first " + grouped(printSize) + " of " + grouped(shown.length) + " rows are printed. " + restText;
  });
  addEventListener("afterprint", () => {
    rest.textContent = restText;
    show();
  });

  byId("find").hidden = false;
  show();
})();
