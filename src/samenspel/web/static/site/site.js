// Betterment of what works without it: a list while one types, tables sorted by a head.
"use strict";

for (const place of document.querySelectorAll("[data-search]")) {
  const input = place.querySelector("input");
  const list = document.createElement("ul");
  list.setAttribute("role", "listbox");
  list.id = "found-" + Math.random().toString(36).slice(2);
  list.hidden = true;
  place.append(list);
  const status = document.createElement("p");
  status.className = "hidden";
  status.setAttribute("role", "status");
  place.append(status);
  Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })
    .forEach(([name, value]) => input.setAttribute(name, value));
  let chosen = -1, waiting = null, latest = 0;

  const close = () => { list.hidden = true; chosen = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const mark = (step) => {
    const options = [...list.children];
    if (!options.length) return;
    chosen = (chosen + step + options.length) % options.length;
    options.forEach((option, n) => option.setAttribute("aria-selected", n === chosen));
    input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  };
  const show = (found) => {
    list.replaceChildren(...found.map((one, n) => {
      const option = document.createElement("li");
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.id = list.id + "-" + n;
      option.dataset.href = one.href;
      const name = document.createElement("span");
      name.textContent = one.name;
      const beside = document.createElement("span");
      beside.className = "soft";
      beside.textContent = one.beside ? one.kind + ", " + one.beside : one.kind;
      option.append(name, beside);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); location.assign(one.href); });
      return option;
    }));
    chosen = -1;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    status.textContent = String(found.length);
  };
  const ask = async () => {
    const text = input.value.trim(), mine = ++latest;
    if (!text) return close();
    const answer = await fetch(place.dataset.search + "?q=" + encodeURIComponent(text), { headers: { Accept: "application/json" } });
    if (answer.ok && mine === latest) show((await answer.json()).found);
  };
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 120); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); location.assign(list.children[chosen].dataset.href); }
  });
  input.addEventListener("blur", close);
}

for (const table of document.querySelectorAll("table[data-sortable]")) {
  const heads = table.tHead ? [...table.tHead.rows[0].cells] : [];
  const worth = (cell) => {
    const time = cell.querySelector("time");
    if (time) return time.dateTime;
    const text = cell.textContent.trim();
    const number = Number(text.replace(/[\s\u00a0\u202f€%]/g, "").replace(/\((.*)\)$/, "").replace(",", "."));
    return text !== "" && !Number.isNaN(number) ? number : text.toLocaleLowerCase();
  };
  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows].map((row) => [worth(row.cells[place]), row]);
      rows.sort(([a], [b]) => (typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === "number" ? -1 : 1) * (down ? -1 : 1));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  });
}

// A form whose answer stands on the same page answers while one moves its sliders.
for (const form of document.querySelectorAll("form[data-live]")) {
  let waiting = null, latest = 0;
  const answer = async () => {
    const mine = ++latest;
    const address = form.action + "?" + new URLSearchParams(new FormData(form));
    const response = await fetch(address);
    if (mine !== latest || response.status >= 500) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const place = document.getElementById(form.dataset.live), found = page.getElementById(form.dataset.live);
    if (place && found) place.replaceChildren(...found.childNodes);
    history.replaceState(null, "", address);
  };
  form.addEventListener("input", (event) => {
    const told = event.target.parentElement.querySelector("output");
    if (told) told.value = event.target.value + " %";
    clearTimeout(waiting);
    waiting = setTimeout(answer, 60);
  });
}
