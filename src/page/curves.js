// One quantity over another: cycles above each other, voltammograms, spectra.
const CURVE = 420, MOST_POINTS = 2000, MOST_CURVES = 200;
const RAMP = ["#0b4f9e", "#6a1b7a", "#a83c00", "#c98a00"];
const ramp = share => {
  const at = Math.min(Math.max(share, 0), 1) * (RAMP.length - 1), low = Math.min(Math.floor(at), RAMP.length - 2);
  return lineColor(mix(RAMP[low], RAMP[low + 1], at - low));
};

// Charge against voltage as differences over a window of voltage: voltages that fall back are left out first.
const incremental = (charge, voltage, isRising, step) => {
  const sign = isRising ? 1 : -1, q = [], v = [];
  for (let k = 0; k < voltage.length; k++) {
    if (!v.length || sign * (voltage[k] - v[v.length - 1]) > 0) { v.push(voltage[k]); q.push(charge[k]); }
  }
  if (v.length < 3) return [];
  const grid = [];
  let k = 1;
  for (let n = Math.ceil(sign * v[0] / step); n * step <= sign * v[v.length - 1]; n++) {
    const at = sign * n * step;
    while (k < v.length - 1 && sign * v[k] < sign * at) k++;
    grid.push([at, q[k - 1] + (q[k] - q[k - 1]) * (at - v[k - 1]) / (v[k] - v[k - 1])]);
  }
  const points = [];
  for (let n = 1; n + 1 < grid.length; n++) {
    points.push([grid[n][0], (grid[n + 1][1] - grid[n - 1][1]) / (grid[n + 1][0] - grid[n - 1][0]), -1]);
  }
  return points;
};

class Curves {
  constructor(canvas, rows, series, steps, cycles, told) {
    Object.assign(this, { canvas, rows, series, steps, cycles, told, chosen: new Set(), view: null, mode: null, closer: new Map() });
    const has = key => Boolean(rows.get(key)), hasCycles = cycles.count > 0 && steps.count > 0;
    // Where nothing was charged there is no curve over the capacity.
    const passed = [cycles.discharge, cycles.charge].some(values => values?.some(value => value > 0));
    const modes = {
      capacity: hasCycles && passed && has("voltage") && (has("discharge") || has("charge")),
      incremental: hasCycles && passed && has("voltage") && (has("discharge") || has("charge")),
      cycles: cycles.count > 1 && passed,
      sweep: has("voltage") && has("current"),
      plane: has("real") && has("imaginary"),
    };
    this.modes = Object.keys(modes).filter(mode => modes[mode]);
    this.over = canvas.nextElementSibling;
    this.draw = later(() => this.drawNow());
    this.listen();
  }

  // Row ranges of the steps of a cycle, with what they charged.
  stepsOf(cycle) {
    const { steps, cycles } = this, count = cycles.count_[cycle], found = [];
    let low = 0, high = steps.count;
    while (low < high) { const middle = (low + high) >> 1; if (steps.last[middle] < cycles.first[cycle]) low = middle + 1; else high = middle; }
    for (let k = low; k < steps.count && steps.first[k] <= cycles.last[cycle]; k++) if (steps.cycle[k] === count) found.push(k);
    return found;
  }

  // Points of some rows: not more than can be seen.
  points(first, last, xKey, yKey) {
    const closer = [...this.closer.values()].find(rows => rows.first <= first && last < rows.first + rows.count), rows = closer ?? this.rows;
    const { bin } = rows, found = [], [x, y] = [rows.get(xKey), rows.get(yKey)];
    // A bin that reaches into another step says nothing of this one.
    const from = Math.ceil((first - rows.first) / bin), to = Math.floor((last - rows.first + 1) / bin) - 1;
    const every = Math.max(1, Math.ceil((to - from + 1) / MOST_POINTS));
    const middle = (quantity, k) => (quantity.low[k] + quantity.high[k]) / 2;
    for (let k = from; k <= to; k += every) {
      const point = [middle(x, k), middle(y, k), rows.row(k)];
      if (point[0] === point[0] && point[1] === point[1]) found.push(point);
      if (k < to && k + every > to) k = to - every;
    }
    return found;
  }

  // Asks for the rows of the cycles that are chosen, where the page is served and there are not too many.
  refine() {
    if (typeof ask === "undefined" || this.rows.bin === 1 || this.isAsking || this.trouble) return;
    const length = cycle => this.cycles.last[cycle] - this.cycles.first[cycle] + 1, chosen = [...this.chosen].filter(cycle => length(cycle) > 0);
    if (chosen.reduce((sum, cycle) => sum + length(cycle), 0) > 4 * MOST_ASKED) return;
    for (const cycle of this.closer.keys()) if (!this.chosen.has(cycle)) this.closer.delete(cycle);
    const next = chosen.find(cycle => !this.closer.has(cycle));
    if (next === undefined) return;
    this.isAsking = true;
    ask(this.series, this.cycles.first[next], this.cycles.last[next]).then(rows => { this.closer.set(next, rows); }, error => { this.trouble = error.message; })
      .then(() => { this.isAsking = false; this.found = null; this.draw(); this.refine(); });
  }

  // The halves of a cycle: charge, voltage, and whether it was a discharge. A cycle that goes there and back more often has more of
  // them, each where the one before of its direction ended.
  halves(cycle) {
    const { steps, rows } = this, found = [], before = { discharge: 0, charge: 0 };
    for (const k of this.stepsOf(cycle)) {
      const discharged = steps.discharge?.[k] || 0, charged = steps.charge?.[k] || 0;
      const key = discharged >= charged ? "discharge" : "charge", passed = Math.max(discharged, charged);
      if (!(passed > 0) || !rows.get(key)) continue;
      if (found[found.length - 1]?.key !== key) found.push({ key, points: [] });
      const { points } = found[found.length - 1];
      for (const [q, v, row] of this.points(steps.first[k], steps.last[k], key, "voltage")) points.push([before[key] + q, v, row]);
      before[key] += passed;
    }
    return found.filter(({ points }) => points.length > 1);
  }

  // What is drawn: lines with a name and a colour, and the names of the axes.
  content() {
    const { rows, steps, cycles, mode } = this, picked = [...this.chosen].sort((a, b) => a - b), lines = [];
    const shade = k => ramp(picked.length > 1 ? k / (picked.length - 1) : 0);
    const unitOf = (key, most) => pickUnit(rows.get(key).units, most);
    const most = key => rows.get(key)?.largest ?? 0;
    if (mode === "plane") {
      const unit = unitOf("real", Math.max(most("real"), most("imaginary")));
      const all = [];
      const parts = steps.count ? [...Array(steps.count).keys()].map(k => [steps.first[k], steps.last[k], `step ${steps.number[k]}`]) : [[0, rows.count - 1, ""]];
      for (const [first, last, name] of parts) {
        const points = this.points(first, last, "real", "imaginary").map(([x, y, row]) => [x * unit[1], -y * unit[1], row]);
        if (points.length) all.push({ name, points, spots: true });
      }
      const every = Math.ceil(all.length / MOST_CURVES);
      const some = all.filter((_, k) => k % every === 0);
      some.forEach((line, k) => { line.color = ramp(some.length > 1 ? k / (some.length - 1) : 0); });
      // The nearest frequency stands for its decade, as in the pictures.
      const frequency = rows.get("frequency"), marks = [];
      for (const line of frequency && some.length <= 3 ? some : []) {
        const nearest = new Map();
        for (const point of line.points) {
          const exponent = Math.log10(frequency.high[Math.floor(point[2] / rows.bin)]), decade = Math.round(exponent), off = Math.abs(exponent - decade);
          if (off <= 0.12 && off < (nearest.get(decade)?.off ?? 1)) nearest.set(decade, { off, point });
        }
        for (const [decade, { point }] of nearest) marks.push([point, hertz(decade)]);
      }
      return { lines: some, marks, x: `Re Z [${unit[0]}]`, y: `−Im Z [${unit[0]}]`, same: true };
    }
    if (mode === "cycles") {
      const kinds = [["charge", RAMP[0], true], ["discharge", RAMP[2], false]].filter(([key]) => cycles[key]);
      const unit = unitOf(rows.get("discharge") ? "discharge" : "charge", Math.max(...kinds.map(([key]) => cycles[key].reduce((most, value) => value > most ? value : most, 0))));
      for (const [key, color, rings] of kinds) {
        // A cycle without a charge is not one with a charge of 0.
        const points = [...cycles[key]].map((value, k) => [cycles.shown[k], value * unit[1], -1]).filter(([, value]) => value > 0);
        lines.push({ name: key, color: lineColor(color), points, spots: true, rings, bare: true });
      }
      return { lines, x: "Cycle", y: `Capacity of the cycle [${unit[0]}]`, legend: lines };
    }
    // A few cycles have a name each, of many the first and the last; then what is solid and what is dashed.
    const ends = picked.length > 8 ? [0, picked.length - 1] : picked.map((_, k) => k);
    const legend = ends.map(k => ({ name: `${k ? "" : "cycle "}${number(cycles.shown[picked[k]])}`, color: shade(k) }));
    if (ends.length < picked.length) legend.splice(1, 0, { name: "…" });
    const named = cycle => `${cycles.name} ${number(cycles.shown[cycle])}`;
    if (mode === "sweep") {
      const unit = unitOf("current", most("current"));
      const add = (parts, color, name) => {
        const points = parts.flatMap(([first, last]) => this.points(first, last, "voltage", "current")).map(([x, y, row]) => [x, y * unit[1], row]);
        if (points.length) lines.push({ name, color, points });
      };
      if (!cycles.count || !steps.count) add([[0, rows.count - 1]], ramp(0), "");
      picked.forEach((cycle, k) => add(this.stepsOf(cycle).map(s => [steps.first[s], steps.last[s]]), shade(k), named(cycle)));
      return { lines, legend, x: "Voltage [V]", y: `Current [${unit[0]}], discharge > 0` };
    }
    const key = rows.get("discharge") ? "discharge" : "charge";
    const largest = Math.max(...["discharge", "charge"].flatMap(key => [...(cycles[key] ?? [])]).filter(Number.isFinite), 0);
    const unit = unitOf(key, largest || most(key));
    const wide = rows.get("voltage").extremes(0, rows.get("voltage").low.length), rough = (wide[1] - wide[0]) / 400;
    const power = 10 ** Math.floor(Math.log10(rough || 1)), step = power * ([1, 2, 5].find(times => times * power >= rough) ?? 10);
    picked.forEach((cycle, k) => this.halves(cycle).forEach(({ key, points }) => {
      let shown = points.map(([q, v, row]) => [q * unit[1], v, row]);
      if (mode === "incremental") {
        const sorted = shown.filter(([q, v]) => q === q && v === v);
        shown = incremental(sorted.map(([q]) => q), sorted.map(([, v]) => v), key === "charge", step);
      }
      if (shown.length > 1) lines.push({ name: `${named(cycle)}, ${key}`, color: shade(k), points: shown, dash: key === "charge" ? [6, 3] : [] });
    }));
    if (mode === "capacity") legend.push(...["discharge", "charge"].map((name, k) => ({ name, color: theme().ink, dash: k ? [6, 3] : [] })));
    if (mode === "incremental") {
      const window = number(2000 * step, 3);
      return { lines, legend, x: "Voltage [V]", y: `dQ/dV [${unit[0]}/V]`, how: `Differences over ${window} mV; voltages that fall back are left out. A discharge is below 0.` };
    }
    return { lines, legend, x: `Capacity [${unit[0]}]`, y: "Voltage [V]" };
  }

  renew() { this.found = null; this.view = null; this.draw(); this.refine(); }

  drawNow() {
    if (!this.mode) return;
    const { pen, width, colors } = fit(this.canvas, CURVE);
    this.found ??= this.content();
    const { lines, same } = this.found, ranges = [0, 1].map(axis => {
      let low = Infinity, high = -Infinity;
      for (const line of lines) for (const point of line.points) { if (point[axis] < low) low = point[axis]; if (point[axis] > high) high = point[axis]; }
      return low <= high ? padded(low, high) : [0, 1];
    });
    let [x, y] = this.view ?? ranges;
    const [wide, high] = [width - LEFT - RIGHT, CURVE - ABOVE - BELOW];
    if (same && !this.view) {
      // An arc is an arc: one unit is as long on both axes.
      const scale = Math.max((x[1] - x[0]) / wide, (y[1] - y[0]) / high), around = ([a, b], size) => [(a + b - size) / 2, (a + b + size) / 2];
      [x, y] = [around(x, scale * wide), around(y, scale * high)];
    }
    const at = this.at = place(LEFT, ABOVE, wide, high, x, y);
    if (lines.length) xAxis(pen, at, colors, this.found.x, 1, false, this.mode === "cycles");
    if (lines.length) yAxis(pen, at, colors, this.found.y, 1);
    clip(pen, at, () => {
      for (const line of lines) {
        pen.strokeStyle = pen.fillStyle = line.color; pen.lineWidth = 1.4; pen.setLineDash(line.dash ?? []);
        if (!line.bare) { pen.beginPath(); line.points.forEach(([x, y]) => pen.lineTo(at.px(x), at.py(y))); pen.stroke(); pen.setLineDash([]); }
        if (line.spots) for (const [x, y] of line.points) {
          pen.beginPath(); pen.arc(at.px(x), at.py(y), line.rings ? 4 : 2.5, 0, 7);
          if (line.rings) pen.stroke(); else pen.fill();
        }
      }
    });
    pen.fillStyle = colors.ink; pen.textAlign = "left"; pen.textBaseline = "bottom";
    // Names that would stand on each other are left out: closer there is room for them.
    const named = [];
    clip(pen, at, () => (this.found.marks ?? []).forEach(([[x, y], text]) => {
      const [left, bottom, wide] = [at.px(x) + 6, at.py(y) - 4, pen.measureText(text).width];
      if (named.some(([l, b, w]) => left < l + w + 4 && l < left + wide + 4 && Math.abs(b - bottom) < 14)) return;
      named.push([left, bottom, wide]);
      pen.fillText(text, left, bottom);
    }));
    frameOf(pen, at, colors);
    if (lines.length) legendOf(pen, at, colors, this.found.legend ?? []);
    if (!lines.length) {
      pen.fillStyle = colors.soft; pen.textAlign = "center"; pen.textBaseline = "middle";
      pen.fillText(this.mode === "plane" ? "no spectrum" : this.chosen.size ? "nothing to draw of the chosen cycles" : "no cycle is chosen", at.left + at.width / 2, at.top + at.height / 2);
    }
    this.over.setAttribute("aria-label", `${this.found.y} over ${this.found.x}, ${lines.length} curves`);
    Object.assign(this.over.dataset, { mode: this.mode, curves: lines.length });
    this.drawOver();
  }

  drawOver() {
    const { over, at } = this, ratio = devicePixelRatio || 1;
    if (!at) return;
    if (over.width !== this.canvas.width) over.width = this.canvas.width;
    if (over.height !== this.canvas.height) over.height = this.canvas.height;
    over.style.height = this.canvas.style.height;
    const pen = over.getContext("2d"), colors = theme();
    pen.setTransform(ratio, 0, 0, ratio, 0, 0); pen.clearRect(0, 0, over.width, over.height);
    if (this.drag) {
      const { from, to } = this.drag;
      pen.fillStyle = colors.ink; pen.globalAlpha = 0.12; pen.fillRect(from[0], from[1], to[0] - from[0], to[1] - from[1]); pen.globalAlpha = 1;
    }
    if (this.near) {
      pen.fillStyle = this.near.line.color;
      pen.beginPath(); pen.arc(at.px(this.near.point[0]), at.py(this.near.point[1]), 4.5, 0, 7); pen.fill();
      pen.strokeStyle = colors.ink; pen.stroke();
    }
  }

  nearest(x, y) {
    let best = null, least = 900;
    for (const line of this.found?.lines ?? []) for (const point of line.points) {
      const distance = (this.at.px(point[0]) - x) ** 2 + (this.at.py(point[1]) - y) ** 2;
      if (distance < least) { least = distance; best = { line, point }; }
    }
    return best;
  }

  zoom(times, x = (this.at.x[0] + this.at.x[1]) / 2, y = (this.at.y[0] + this.at.y[1]) / 2) {
    const around = ([a, b], middle) => [middle - (middle - a) * times, middle + (b - middle) * times];
    this.view = [around(this.at.x, x), around(this.at.y, y)];
    this.draw();
  }
  move(across, up) {
    const by = ([a, b], share) => [a + share * (b - a), b + share * (b - a)];
    this.view = [by(this.at.x, across), by(this.at.y, up)];
    this.draw();
  }
  reset() { this.view = null; this.draw(); }

  listen() {
    const { over } = this;
    const inside = event => [
      Math.min(Math.max(event.offsetX, this.at.left), this.at.left + this.at.width),
      Math.min(Math.max(event.offsetY, this.at.top), this.at.top + this.at.height),
    ];
    over.addEventListener("wheel", event => {
      event.preventDefault();
      const [x, y] = inside(event);
      this.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY * (event.deltaMode === 1 ? 30 : 1) * 0.002))), this.at.atX(x), this.at.atY(y));
    }, { passive: false });
    over.addEventListener("pointerdown", event => {
      if (event.button) return;
      over.setPointerCapture(event.pointerId);
      this.drag = { from: inside(event), to: inside(event) };
    });
    over.addEventListener("pointermove", event => {
      if (!this.at) return;
      if (this.drag) this.drag.to = inside(event);
      this.near = this.nearest(event.offsetX, event.offsetY);
      this.drawOver();
      this.told(this);
    });
    over.addEventListener("pointerup", event => {
      const { drag } = this;
      this.drag = null;
      if (!drag) return;
      const sorted = axis => [drag.from[axis], inside(event)[axis]].sort((a, b) => a - b), [x, y] = [sorted(0), sorted(1)];
      if (x[1] - x[0] > 4 && y[1] - y[0] > 4) {
        this.view = [x.map(this.at.atX), [this.at.atY(y[1]), this.at.atY(y[0])]];
        this.draw();
      } else this.drawOver();
    });
    over.addEventListener("pointercancel", () => { this.drag = null; this.drawOver(); });
    over.addEventListener("pointerleave", () => { this.near = null; this.drawOver(); this.told(this); });
    over.addEventListener("dblclick", () => this.reset());
    const keys = {
      ArrowLeft: () => this.move(-0.1, 0), ArrowRight: () => this.move(0.1, 0), ArrowUp: () => this.move(0, 0.1), ArrowDown: () => this.move(0, -0.1),
      "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2),
      0: () => this.reset(), Home: () => this.reset(), Escape: () => this.reset(),
    };
    over.addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
  }
}
