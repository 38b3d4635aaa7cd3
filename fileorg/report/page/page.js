"use strict";
(() => {
  const table = document.getElementById("table");
  if (!table) return;

  const NAME = 0, FROM = 1, NEW_NAME = 2, TO = 3, CATEGORY = 4, SIZE = 5, TIME = 6, STATUS = 7, REASON = 8, SOURCE = 9, BASIS = 10;
  const SPARE = 8; // rows drawn above and below what is seen
  const ON_PAPER = 1000;

  const data = JSON.parse(document.getElementById("data").textContent);
  const { files, folders, categories, statuses, reasons, evidence } = data;
  const rows = document.getElementById("rows");
  const space = document.getElementById("space");
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const byCategory = document.getElementById("category");
  const byStatus = document.getElementById("status");

  const number = new Intl.NumberFormat("en");
  const size = (bytes) => {
    if (bytes === null) return ""; // nothing is known of a file that could not even be planned
    for (const unit of ["B", "kB", "MB", "GB", "TB"]) {
      if (bytes < 1000) return bytes.toFixed(unit === "B" || bytes >= 100 ? 0 : 1) + " " + unit;
      bytes /= 1000;
    }
    return bytes.toFixed(1) + " PB";
  };
  const clock = (() => {
    const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    try {
      return new Intl.DateTimeFormat("sv-SE", { ...options, timeZone: data.zone });
    } catch {
      return new Intl.DateTimeFormat("sv-SE", { ...options, timeZone: "UTC" });
    }
  })();
  const time = (seconds) => (seconds !== null && Math.abs(seconds) < 8.64e12 ? clock.format(seconds * 1000) : "");

  // which rows, in which order

  const lower = (text) => text.toLowerCase();
  const target = (file) => (file[TO] < 0 ? "" : folders[file[TO]] + "/" + (file[NEW_NAME] || file[NAME]));
  const keys = {
    name: (file) => lower(file[NAME]),
    target: (file) => lower(target(file)),
    category: (file) => lower(categories[file[CATEGORY]]),
    size: (file) => file[SIZE],
    time: (file) => file[TIME],
    status: (file) => statuses[file[STATUS]],
  };
  const all = Array.from(files.keys());
  let order = all; // every row, sorted
  let shown = all; // those of them that are meant
  let haystack = null;

  const sortBy = (name, descending) => {
    if (!name) return all;
    const values = files.map(keys[name]);
    const sign = descending ? -1 : 1;
    return all.slice().sort((a, b) => (values[a] < values[b] ? -sign : values[a] > values[b] ? sign : a - b));
  };

  const word = (words, index) => (index < 0 ? "" : words[index]);
  const textOf = (file) =>
    lower([file[NAME], folders[file[FROM]], target(file), categories[file[CATEGORY]], word(reasons, file[REASON]),
      word(evidence, file[SOURCE]), word(evidence, file[BASIS])].join("\n"));

  const choose = () => {
    const words = lower(search.value).split(/\s+/).filter(Boolean);
    const category = byCategory.value === "" ? -1 : Number(byCategory.value);
    const status = byStatus.value === "" ? -1 : Number(byStatus.value);
    if (words.length && !haystack) haystack = files.map(textOf);
    shown = !words.length && category < 0 && status < 0 ? order : order.filter((index) =>
      (category < 0 || files[index][CATEGORY] === category) &&
      (status < 0 || files[index][STATUS] === status) &&
      words.every((word) => haystack[index].includes(word)));
    found.textContent = shown.length === files.length
      ? number.format(files.length) + (files.length === 1 ? " file" : " files")
      : number.format(shown.length) + " of " + number.format(files.length) + " files";
    rows.scrollTop = 0;
    layOut();
  };

  // drawing: only the rows that are seen are in the page

  const cell = (row, kind, text, under) => {
    const made = document.createElement("div");
    made.setAttribute("role", "cell");
    made.className = kind;
    made.textContent = text;
    if (text) made.title = text;
    if (under) {
      const small = document.createElement("small");
      small.textContent = small.title = under;
      made.append(small);
    }
    row.append(made);
    return made;
  };

  const draw = (place) => {
    const file = files[shown[place]];
    const row = document.createElement("div");
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", String(place + 2));
    const status = statuses[file[STATUS]];
    const from = folders[file[FROM]];
    cell(row, "name", file[NAME], from === "." ? "" : from + "/");
    cell(row, "folder", file[TO] < 0 ? "–" : folders[file[TO]] + "/", file[NEW_NAME] && "as " + file[NEW_NAME]);
    cell(row, "category", categories[file[CATEGORY]], word(evidence, file[BASIS]));
    cell(row, "size", size(file[SIZE]));
    cell(row, "time", time(file[TIME]), word(evidence, file[SOURCE]));
    cell(row, "status", status, word(reasons, file[REASON])).classList.toggle("bad", status === "failed");
    return row;
  };

  let rowHeight = 52;
  let drawn = [0, 0];

  const draws = (from, to) => {
    drawn = [from, to];
    space.replaceChildren(...Array.from({ length: to - from }, (_, n) => {
      const row = draw(from + n);
      row.style.transform = "translateY(" + (from + n) * rowHeight + "px)";
      return row;
    }));
  };

  const scrolled = () => {
    const first = Math.max(Math.floor(rows.scrollTop / rowHeight), 0);
    const last = Math.min(first + Math.ceil(rows.clientHeight / rowHeight) + 1, shown.length);
    if (first >= drawn[0] && last <= drawn[1]) return;
    draws(Math.max(first - SPARE, 0), Math.min(last + SPARE, shown.length));
  };

  const layOut = () => {
    rowHeight = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row")) *
      parseFloat(getComputedStyle(document.documentElement).fontSize);
    space.style.height = shown.length * rowHeight + "px";
    rows.style.maxHeight = Math.max(shown.length, 1) * rowHeight + 2 + "px";
    table.setAttribute("aria-rowcount", String(shown.length + 1));
    drawn = [0, -1];
    scrolled();
  };

  // what a reader does

  const heads = table.querySelectorAll("[role=columnheader]");
  table.querySelector(".head").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const head = button.parentElement;
    const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")];
    heads.forEach((other) => other.setAttribute("aria-sort", other === head ? next : "none"));
    order = sortBy(next === "none" ? "" : button.dataset.sort, next === "descending");
    choose();
  });
  rows.addEventListener("scroll", scrolled, { passive: true });
  for (const control of [search, byCategory, byStatus]) control.addEventListener("input", choose);
  addEventListener("resize", layOut);
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      search.focus();
    }
  });

  const printed = document.getElementById("printed");
  addEventListener("beforeprint", () => {
    draws(0, Math.min(shown.length, ON_PAPER));
    printed.hidden = shown.length <= ON_PAPER;
    printed.textContent = "The first " + number.format(ON_PAPER) + " of " + number.format(shown.length) + " files are printed.";
  });
  addEventListener("afterprint", () => {
    printed.hidden = true;
    layOut();
  });

  const fill = (select, names) => {
    const options = names.map((name, index) => new Option(name || "No category", String(index)));
    select.append(...options.sort((a, b) => (a.text < b.text ? -1 : 1)));
    select.parentElement.hidden = names.length < 2;
  };
  fill(byCategory, categories);
  fill(byStatus, statuses);
  document.querySelector(".tools").hidden = table.hidden = false;
  choose();
})();
