// The page as a whole.
const { about, rows } = JSON.parse(find("told").textContent);
const everything = rows.map((row, index) => new Cell(row, index));
const tests = everything.filter(cell => cell.state.test), others = everything.filter(cell => !cell.state.test);
const choice = new Choice();
let listed = [];

// What the address cannot hold goes with the entry of the browser's history: back leads to the page as it was left.
let saving = 0;
const save = () => {
  clearTimeout(saving);
  saving = setTimeout(saveNow, 200);
};
const saveNow = () => {
  clearTimeout(saving);
  const drawn = chart ? [...chart.slots].map(([cell, slot]) => [cell.index, slot]) : [];
  const kept = { drawn, quantity: chart?.quantity, relative: chart?.relative, made: table.made, y: scrollY, opened: [...table.opened].map(cell => cell.index), folded: [...choice.folded], of: everything.length };
  history.replaceState(kept, "", `#${choice}`);
};

const chart = about.chart && tests.some(cell => cell.over) ? new Chart(about.chart, chart => {
  const some = chart.slots.size;
  find("drawn").hidden = !some; find("pick-none").hidden = !some;
  find("picked").textContent = some ? "" : "Tick measurements, and their cycles are drawn here together.";
  if (some >= MOST) find("picked").textContent = `Not more than ${MOST} are drawn.`;
  find("relative-part").hidden = chart.quantity === "efficiency" || !some; find("quantities").hidden = !some;
  quantityButtons.forEach(button => { button.ariaPressed = String(button.dataset.quantity === chart.quantity); });
  find("relative").checked = chart.relative;
  chart.legend();
  table.tick();
  save();
}) : null;

const quantityButtons = Object.entries(QUANTITIES).map(([quantity, textContent]) => {
  const button = make("button", { type: "button", textContent });
  button.dataset.quantity = quantity;
  button.addEventListener("click", () => { chart.quantity = quantity; chart.renew(); });
  return button;
});
find("quantities").append(...quantityButtons);
find("relative").addEventListener("change", () => { chart.relative = find("relative").checked; chart.renew(); });
find("pick-shown").addEventListener("click", () => chart.pick(listed, true));
find("pick-none").addEventListener("click", () => chart.pick([...chart.slots.keys()], false));

const table = new Table(choice, about.codes, {
  cell: index => everything[index],
  isDrawn: cell => chart?.slots.has(cell) ?? false,
  draw: (cells, isPicked) => chart.pick(cells, isPicked),
  sort: column => {
    choice.down = choice.sort === column && !choice.down;
    choice.sort = column;
    list();
  },
  fold: name => {
    if (!choice.folded.delete(name)) choice.folded.add(name);
    list();
    [...document.querySelectorAll("button.fold")].find(button => button.textContent === name)?.focus();
  },
  filter: text => { choice.text = text; controls(); list(); find("filter").focus(); },
  open: (link, event) => { if (event.metaKey || event.ctrlKey) window.open(link); else { saveNow(); location.href = link; } },
  changed: save,
});

// Lists what is chosen; the address says so.
const list = least => {
  listed = choice.of(tests);
  table.show(choice.groups(listed), least);
  find("count").textContent = listed.length === tests.length ? count(tests.length, "measurement") : `${grouped(listed.length)} of ${count(tests.length, "measurement")}`;
  find("nothing").hidden = listed.length > 0 || !tests.length;
  find("pick-shown").hidden = !listed.some(cell => cell.over);
  save();
};

const stateButtons = ORDER.filter(state => STATES[state].test).flatMap(state => {
  const some = tests.filter(cell => cell.status === state).length;
  if (!some) return [];
  const button = make("button", { type: "button", textContent: `${STATES[state].sign} ${grouped(some)} ${spoken(state)}` });
  button.dataset.state = state;
  button.addEventListener("click", () => { if (!choice.states.delete(state)) choice.states.add(state); controls(); list(); });
  return [button];
});
find("states").append(...stateButtons);
const makers = [...new Set(tests.map(cell => cell.maker).filter(Boolean))].sort(compareText);
const option = (value, textContent) => make("option", { value, textContent });
find("maker").append(option("", "all"), ...makers.map(maker => option(maker, maker)));
find("maker").parentElement.hidden = makers.length < 2;
const used = Object.entries(GROUPS).filter(([, { key }]) => tests.some(key));
find("group").append(option("", "nothing"), ...used.map(([name, { head }]) => option(name, head)));

// Buttons and fields say what is chosen.
const controls = () => {
  if (find("filter").value !== choice.text) find("filter").value = choice.text;
  stateButtons.forEach(button => { button.ariaPressed = String(choice.states.has(button.dataset.state)); });
  find("maker").value = choice.maker; find("group").value = choice.group;
};
find("filter").addEventListener("input", () => { choice.text = find("filter").value; list(); });
find("filter").addEventListener("keydown", event => { if (event.key === "Escape" && choice.text) { event.preventDefault(); choice.text = ""; controls(); list(); } });
find("maker").addEventListener("change", () => { choice.maker = find("maker").value; list(); });
find("group").addEventListener("change", () => { choice.group = find("group").value; choice.folded.clear(); list(); });
find("all").addEventListener("click", () => { choice.text = ""; choice.states.clear(); choice.maker = ""; controls(); list(); find("filter").focus(); });
addEventListener("keydown", event => {
  if (event.key !== "/" || event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  find("filter").focus();
});

// The head, and what is no test.
const sum = (cells, of) => cells.reduce((sum, cell) => sum + (cell[of] || 0), 0);
find("summary").textContent = everything.length
  ? [count(tests.length, "measurement"), `${grouped(sum(tests, "rows"))} rows`, about.folder ? `files below ${about.folder}` : ""].filter(Boolean).join(" · ")
  : "No measurement is here yet.";
find("made").textContent = `Made by prep ${about.version}; the page needs no network. index.json and index.parquet hold the same list.`;
find("controls").hidden = find("list").hidden = !tests.length;
find("capacity").hidden = !chart;
find("others").hidden = !others.length;
if (others.length) {
  const kinds = ORDER.map(state => [state, others.filter(cell => cell.status === state).length]).filter(([, some]) => some);
  find("others").querySelector("summary").textContent = `${count(others.length, "file is", "files are")} no test: ${kinds.map(([state, some]) => `${grouped(some)} ${spoken(state)}`).join(", ")}`;
  find("others").addEventListener("toggle", () => {
    const place = find("others").querySelector("ul");
    if (!place.childElementCount) place.append(...others.map(cell => make("li", {}, `${cell.source} `, make("span", { className: "small", textContent: cell.error?.[1] ?? spoken(cell.status) }))));
  });
}

const paint = () => {
  if (about.chart) document.documentElement.style.setProperty("--voltage", lineColor(about.chart.voltage));
  if (chart?.slots.size) { chart.legend(); chart.drawNow(); }
};
dark.addEventListener("change", paint);
addEventListener("beforeprint", () => { printing = true; table.fill(Infinity); paint(); });
addEventListener("afterprint", () => { printing = false; paint(); });
addEventListener("hashchange", () => { if (location.hash.slice(1) !== choice.toString()) { choice.read(location.hash); controls(); list(); } });
addEventListener("pagehide", saveNow);
addEventListener("scroll", save, { passive: true });

const kept = history.state?.of === everything.length ? history.state : null;
choice.read(location.hash);
if (kept) {
  kept.folded.forEach(name => choice.folded.add(name));
  kept.opened.forEach(index => table.opened.add(everything[index]));
}
controls();
list(kept?.made);
if (chart) {
  Object.assign(chart, { quantity: kept?.quantity ?? chart.quantity, relative: kept?.relative ?? false });
  for (const [index, slot] of kept?.drawn ?? []) if (everything[index]?.over) chart.slots.set(everything[index], slot);
  chart.renew();
}
paint();
if (kept) scrollTo(0, kept.y);
let width = document.body.clientWidth;
new ResizeObserver(later(() => { if (document.body.clientWidth !== width) { width = document.body.clientWidth; table.resize(); chart?.drawNow(); } })).observe(document.body);
document.body.dataset.opened = Math.round(performance.now());
