// The page from its data.
const find = id => document.getElementById(id);

const count = (value, one) => `${value.toLocaleString("en")} ${one}${value === 1 ? "" : "s"}`;

const head = told => {
  const { series, steps, cycles } = told;
  find("title").textContent = told.title;
  const facts = [["Rows", series.rows.toLocaleString("en")], ["Steps", steps.rows.toLocaleString("en")], ["Cycles", cycles.rows.toLocaleString("en")], ...told.facts];
  find("facts").append(...facts.map(([name, value]) => make("div", {}, make("dt", { textContent: name }), make("dd", { textContent: value }))));
  if (told.valid === false) find("title").append(" ", make("span", { className: "badge error", textContent: "not valid" }));
  const rounded = series.quantities.filter(about => !series.columns[about.key].exact).map(about => / Z$/.test(about.name) ? about.name : about.name.toLowerCase());
  const which = series.bin === 1 ? `This page holds every one of the ${count(series.rows, "row")}.`
    : `This page holds the lowest and the highest value of each ${series.bin.toLocaleString("en")} rows: ${count(series.rows, "row")} one by one would not fit. ${typeof ask === "undefined" ? "The bundle has them all, and prep view without -o shows each." : "Single ones come when you look closer."}`;
  find("level").textContent = which + (rounded.length ? ` Kept to eight digits: ${rounded.join(", ")}.` : "");
  find("made").textContent = `Made by prep ${told.version}; it needs no network.`;
};

const words = type => type.replace("Constant current", "CC").replace("Constant voltage", "CV").replace("Constant power", "CP");

const start = async () => {
  const told = JSON.parse(find("told").textContent);
  head(told);
  const [series, stepColumns, cycleColumns, phaseColumns] = await unpack([told.series, told.steps, told.cycles, told.phases]);
  const rows = new Rows(told.series, series);
  const steps = { count: told.steps.rows, types: told.steps.types, ...stepColumns };
  const phases = { kinds: told.phases.kinds, ...phaseColumns };
  const shownCycles = told.cycles.from_cycler ? cycleColumns.cycler : cycleColumns.count;
  const cycles = { ...cycleColumns, count: told.cycles.rows, count_: cycleColumns.count, shown: shownCycles, name: "cycle" };
  if (!steps.first || !cycles.count_ || !steps.cycle) cycles.count = 0;
  if (!steps.first) steps.count = 0;
  // The rows of each cycle.
  cycles.first = new Float64Array(cycles.count).fill(Infinity); cycles.last = new Float64Array(cycles.count).fill(-1);
  const cycleAt = new Map(Array.from(cycles.count_ ?? [], (value, k) => [value, k]));
  for (let k = 0; k < steps.count && cycles.count; k++) {
    const at = cycleAt.get(steps.cycle[k]);
    if (at === undefined) continue;
    cycles.first[at] = Math.min(cycles.first[at], steps.first[k]); cycles.last[at] = Math.max(cycles.last[at], steps.last[k]);
  }
  const timeOf = row => rows.time[Math.min(Math.floor(row / rows.bin), rows.time.length - 1)];
  const stepAt = row => {
    let low = 0, high = steps.count;
    while (low < high) { const middle = (low + high) >> 1; if (steps.last[middle] < row) low = middle + 1; else high = middle; }
    return low < steps.count && steps.first[low] <= row ? low : null;
  };

  // Over time.
  const largest = key => rows.get(key)?.largest ?? 0;
  const shownUnit = Object.fromEntries(rows.quantities.map(quantity => [quantity.key, pickUnit(quantity.units, largest(quantity.key))]));
  // Both capacities are told in one unit.
  const capacityUnit = pickUnit((rows.get("discharge") ?? rows.get("charge"))?.units ?? [["A·h", 1]], Math.max(largest("discharge"), largest("charge")));
  for (const key of ["discharge", "charge"]) if (shownUnit[key]) shownUnit[key] = capacityUnit;
  const chart = new TimeChart(find("time"), rows, told.series, phases, told.colors, chart => tell(chart));
  let naming = 0;
  const tell = chart => {
    clearTimeout(naming);
    // The address names the range: it can be kept.
    naming = setTimeout(() => {
      const whole = chart.view[0] <= rows.range[0] && chart.view[1] >= rows.range[1];
      const named = whole ? "" : `#t=${chart.view.join(",")}`;
      if (location.hash !== named) history.replaceState(null, "", named || "#");
    }, 300);
    const [from, to] = chart.view, [unit, times] = timeUnit(to - from);
    const seen = chart.seen, coarse = `lowest and highest of each ${rows.bin} rows are `;
    const what = seen.bin === 1 ? (chart.drawsEach ? "each sample is drawn" : "lowest and highest of each pixel are drawn")
      : chart.trouble ? `${coarse}shown; single ones cannot be had: ${chart.trouble}` : chart.asks ? `${coarse}shown, single ones when you are closer` : `${coarse}the finest`;
    find("range").textContent = `${number(from * times, 6)} to ${number(to * times, 6)} ${unit} (${span(to - from)}) · ${count(Math.min(chart.shown * seen.bin, rows.count), "row")} · ${what}`;
    if (chart.hover === null) { find("readout").textContent = ""; return; }
    const k = chart.hover, row = seen.row(k), step = stepAt(row);
    const values = seen.quantities.filter(q => q.low[k] === q.low[k]).map(q => {
      const [unit, times] = shownUnit[q.key], [low, high] = [number(q.low[k] * times, 6), number(q.high[k] * times, 6)];
      return `${q.name} ${low === high ? low : `${low} to ${high}`} ${unit}`;
    });
    const place = step === null ? "" : ` · step ${number(steps.number[step])}${cycles.count ? ` · cycle ${number(shownCycles[cycleAt.get(steps.cycle[step])])}` : ""}`;
    find("readout").textContent = `${number(seen.time[k] * times, 7)} ${unit} · row ${row.toLocaleString("en")}${place} · ${values.join(" · ")}`;
  };
  find("over-time").hidden = !chart.isUseful;
  find("kinds").append(...phases.kinds.map(kind => {
    const swatch = make("span", { className: "swatch" });
    swatch.dataset.color = kind.color;
    return make("li", {}, swatch, kind.name);
  }));
  const paint = () => document.querySelectorAll("[data-color]").forEach(swatch => { swatch.style.background = areaColor(swatch.dataset.color); });
  const acts = { whole: () => chart.reset(), closer: () => chart.zoom(0.5), wider: () => chart.zoom(2), left: () => chart.move(-0.25), right: () => chart.move(0.25) };
  for (const [id, act] of Object.entries(acts)) find(id).addEventListener("click", act);

  // One over another.
  const curves = new Curves(find("curves"), rows, told.series, steps, cycles, curves => {
    if (!curves.near) { find("curve-readout").textContent = curves.found?.how ?? ""; return; }
    const { line, point } = curves.near, parts = [line.name, `${curves.found.x}: ${number(point[0], 6)}`, `${curves.found.y}: ${number(point[1], 6)}`];
    const frequency = rows.get("frequency");
    if (curves.mode === "plane" && frequency) parts.push(`${number(frequency.high[Math.floor(point[2] / rows.bin)], 4)} Hz`);
    if (point[2] >= 0) parts.push(`row ${point[2].toLocaleString("en")}`);
    find("curve-readout").textContent = parts.filter(Boolean).join(" · ");
  });
  const modeNames = { capacity: "Voltage over capacity", incremental: "dQ/dV", cycles: "Capacity over cycles", sweep: "Current over voltage", plane: "Nyquist" };
  const modeButtons = curves.modes.map(mode => {
    const button = make("button", { type: "button", textContent: modeNames[mode] });
    button.addEventListener("click", () => choose(mode));
    return button;
  });
  const choose = mode => {
    curves.mode = mode;
    modeButtons.forEach((button, k) => { button.ariaPressed = String(curves.modes[k] === mode); });
    find("picking").hidden = mode === "plane" || mode === "cycles" || cycles.count < 2;
    curves.renew();
    find("curve-readout").textContent = "";
    requestAnimationFrame(() => curves.told(curves));
  };
  find("modes").append(...modeButtons);
  const spread = (amount) => {
    const most = Math.min(amount, cycles.count);
    return new Set(Array.from({ length: most }, (_, k) => Math.round(most > 1 ? k * (cycles.count - 1) / (most - 1) : 0)));
  };
  const pick = chosen => { curves.chosen = chosen; curves.renew(); pickedText(); cycleList?.renew(); };
  const pickedText = () => {
    const picked = [...curves.chosen].sort((a, b) => a - b).map(k => number(shownCycles[k]));
    find("picked").textContent = picked.length ? `Cycles ${picked.slice(0, 12).join(", ")}${picked.length > 12 ? ` and ${picked.length - 12} more` : ""}` : "No cycle is chosen";
  };
  find("pick-some").addEventListener("click", () => pick(spread(6)));
  find("pick-all").addEventListener("click", () => pick(spread(MOST_CURVES)));
  find("pick-none").addEventListener("click", () => pick(new Set()));
  find("curves-part").hidden = !curves.modes.length;

  // Lists.
  const kindOf = step => {
    let low = 0, high = phases.time.length;
    while (low < high) { const middle = (low + high) >> 1; if (phases.time[middle] <= steps.time[step]) low = middle + 1; else high = middle; }
    return low ? phases.kinds[phases.kind[low - 1]] : null;
  };
  const capacity = value => value === value && value !== undefined ? aligned(value * capacityUnit[1], 4) : "";
  let current = { steps: null, cycles: null };
  const take = (list, at, from, to) => {
    current = { steps: null, cycles: null, [list]: at };
    chart.choose(from, to);
    stepList.renew(); cycleList.renew();
  };
  const stepList = new List(find("step-list"), steps.count, at => {
    const kind = kindOf(at), swatch = make("span", { className: "swatch" }), passed = Math.max(steps.discharge?.[at] || 0, steps.charge?.[at] || 0);
    if (kind) { swatch.dataset.color = kind.color; swatch.style.background = areaColor(kind.color); }
    const type = steps.type ? steps.types[steps.type[at]] : "", shown = type === "Unknown step type" && kind ? kind.name : words(type);
    const button = make("button", { type: "button", title: `Show this step (rows ${steps.first[at]} to ${steps.last[at]})` },
      make("span", { className: "n", textContent: number(steps.number[at]) }), swatch, make("span", { className: "name", textContent: shown }),
      make("span", { className: "n", textContent: lasts(steps.end[at] - steps.time[at]) }), make("span", { className: "n", textContent: passed > 0 ? capacity(passed) : "" }));
    button.setAttribute("aria-current", current.steps === at);
    button.addEventListener("click", () => take("steps", at, steps.time[at], steps.end[at]));
    return make("div", { className: "line steps", role: "listitem" }, button);
  });
  const cycleList = new List(find("cycle-list"), cycles.count, at => {
    const name = number(shownCycles[at]), box = make("input", { type: "checkbox", checked: curves.chosen.has(at), ariaLabel: `Overlay cycle ${name}` });
    box.addEventListener("change", () => {
      if (box.checked) curves.chosen.add(at); else curves.chosen.delete(at);
      curves.renew(); pickedText();
    });
    const efficiency = cycles.efficiency?.[at];
    const button = make("button", { type: "button", title: "Show this cycle" }, make("span", { className: "n", textContent: name }),
      make("span", { className: "n", textContent: capacity(cycles.discharge?.[at]) }), make("span", { className: "n", textContent: capacity(cycles.charge?.[at]) }),
      make("span", { className: "n", textContent: efficiency === efficiency && efficiency !== undefined ? aligned(100 * efficiency, 4) : "" }));
    button.setAttribute("aria-current", current.cycles === at);
    button.addEventListener("click", () => take("cycles", at, cycles.time[at], cycles.time[at] + cycles.duration[at]));
    return make("div", { className: "line cycles", role: "listitem" }, box, button);
  });
  for (const element of document.querySelectorAll(".capacity-unit")) element.textContent = capacityUnit[0];

  // Findings.
  findingList(told.findings, find("finding-list"), chart, (_, { first, last, from, to }) => {
    current = { steps: null, cycles: null };
    // Twenty rows on both sides, or as much again of a long span.
    const room = 0.25 * (to - from), before = timeOf(Math.max(first - 20 * rows.bin, 0)), after = timeOf(last + 20 * rows.bin);
    const [begin, end] = [Math.min(before, from - room), Math.max(after, to + room)];
    chart.chosen = null;
    chooseTab(find("tab-findings"));
    chart.show(begin, end > begin ? end : begin + 1);
    find("over-time").scrollIntoView({ block: "nearest" });
  });
  const severe = told.findings.filter(finding => finding.kind !== "note").length;
  const buttons = [...document.querySelectorAll("[role=tab]")];
  find("tab-steps").append(` ${steps.count.toLocaleString("en")}`); find("tab-cycles").append(` ${cycles.count.toLocaleString("en")}`);
  find("tab-findings").append(` ${told.findings.length}`);
  const chooseTab = tabs(buttons);
  if (severe) chooseTab(find("tab-findings")); else if (cycles.count > 1) chooseTab(find("tab-cycles"));

  // The first picture.
  curves.chosen = spread(6); pickedText();
  const sweeps = phases.kinds.findIndex(kind => kind.name === "both ways"), [begin, end] = rows.range;
  const swept = phases.time.reduce((sum, time, k) => sum + (phases.kind[k] === sweeps ? (phases.time[k + 1] ?? end) - time : 0), 0);
  // Of a test with some spectra in it the rest is more.
  const spectra = rows.get("real")?.low.reduce((sum, value) => sum + (value === value), 0) ?? 0;
  const first = curves.modes.includes("plane") && spectra > 0.2 * rows.count / rows.bin ? "plane" : swept > 0.5 * (end - begin) && curves.modes.includes("sweep") ? "sweep" : curves.modes[0];
  // Of a spectrum or a voltammogram time tells least.
  if (["plane", "sweep"].includes(first)) find("charts").prepend(find("curves-part"));
  const drawAll = () => { paint(); if (chart.isUseful) chart.drawNow(); curves.drawNow(); };
  const recolor = () => { curves.found = null; drawAll(); };
  const named = /^#t=([-\d.e+]+),([-\d.e+]+)$/.exec(location.hash);
  if (named && +named[2] > +named[1]) chart.view = chart.within(+named[1], +named[2]);
  document.body.classList.add("ready");
  if (first) choose(first);
  drawAll();
  tell(chart);
  stepList.fillNow(); cycleList.fillNow();
  document.body.dataset.opened = Math.round(performance.now());
  let width = find("charts").clientWidth;
  new ResizeObserver(later(() => { if (find("charts").clientWidth !== width) { width = find("charts").clientWidth; drawAll(); } })).observe(find("charts"));
  dark.addEventListener("change", recolor);
  addEventListener("beforeprint", () => { printing = true; recolor(); });
  addEventListener("afterprint", () => { printing = false; recolor(); });
};

start().catch(error => {
  find("level").textContent = typeof DecompressionStream === "undefined"
    ? "This browser cannot open the page: Chrome 97, Firefox 119, Safari 16.4 or a later one is needed."
    : `The page could not be opened: ${error.message}`;
  throw error;
});
