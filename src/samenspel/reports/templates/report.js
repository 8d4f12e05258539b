"use strict";
// Readable without: sorts and filters tables, and shows another partnership on its map.
const say = (name) => document.body.getAttribute(`data-say-${name}`);

for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") === "descending" ||
        (!head.hasAttribute("aria-sort") && !head.classList.contains("n"));
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const value = (row) => row.cells[head.cellIndex].dataset.v ?? row.cells[head.cellIndex].textContent.trim();
      const number = head.classList.contains("n");
      const compare = (a, b) => number ? a - b : a.localeCompare(b, document.documentElement.lang);
      const rows = [...body.rows].map((row) => [value(row), row]);
      // What is unknown stays at the end, whichever way is sorted.
      rows.sort(([a], [b]) => (a === "") - (b === "") || (up ? 1 : -1) * compare(a, b));
      body.append(...rows.map(([, row]) => row));
    });
  }
}

function field(place, text, element) {
  const box = document.createElement("div");
  const label = document.createElement("label");
  label.textContent = text;
  label.htmlFor = element.id;
  box.append(label, element);
  place.append(box);
}

for (const place of document.querySelectorAll("[data-filter]")) {
  const table = document.getElementById(place.dataset.filter);
  const input = document.createElement("input");
  const count = document.createElement("p");
  input.type = "search";
  input.id = `filter-${table.id}`;
  count.className = "note";
  count.setAttribute("role", "status");
  field(place, say("filter"), input);
  place.append(count);
  const texts = [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    for (const [row, text] of texts) {
      row.hidden = !text.includes(wanted);
      shown += !row.hidden;
    }
    count.textContent = wanted ? say("shown").replace("#", shown).replace("#", texts.length) : "";
  });
}

const picker = document.querySelector("[data-pick]");
if (picker) {
  const map = document.getElementById("members-map");
  const name = document.getElementById("members-name");
  const list = document.getElementById("members-list");
  const select = document.createElement("select");
  select.id = "pick";
  for (const row of document.querySelectorAll("tr[data-members]")) {
    select.add(new Option(row.cells[0].firstChild.textContent.trim(), row.id, false, row.id === picker.dataset.pick));
  }
  field(picker, say("pick"), select);
  select.addEventListener("change", () => {
    const row = document.getElementById(select.value);
    const members = new Set(row.dataset.members.split("\n"));
    const outside = row.dataset.members === "" ? "u" : "off"; // unknown is not outside
    for (const use of map.querySelectorAll("use")) {
      use.setAttribute("class", members.has(use.getAttribute("href").slice(3)) ? "in" : outside);
    }
    name.textContent = select.selectedOptions[0].text;
    list.textContent = (row.querySelector("details p") ?? row.lastElementChild).textContent;
  });
}
