// Values of the cycles of several measurements in one chart.
const HEIGHT = 320, ABOVE = 24, BELOW = 42, MOST = 100;
const HIGHEST_SHARE = 150;
const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3]];
const QUANTITIES = { discharge: "Discharge capacity", charge: "Charge capacity", efficiency: "Efficiency" };

// Spots differ too, so that no colour has to be told from another.
const SPOTS = [
  (pen, x, y) => pen.arc(x, y, 2.6, 0, 7),
  (pen, x, y) => pen.rect(x - 2.3, y - 2.3, 4.6, 4.6),
  (pen, x, y) => { pen.moveTo(x, y - 3.2); pen.lineTo(x + 3, y + 2.2); pen.lineTo(x - 3, y + 2.2); pen.closePath(); },
  (pen, x, y) => { pen.moveTo(x, y - 3.4); pen.lineTo(x + 3.4, y); pen.lineTo(x, y + 3.4); pen.lineTo(x - 3.4, y); pen.closePath(); },
  (pen, x, y) => { pen.moveTo(x, y + 3.2); pen.lineTo(x + 3, y - 2.2); pen.lineTo(x - 3, y - 2.2); pen.closePath(); },
];

class Chart {
  constructor(about, changed) {
    Object.assign(this, { about, changed, slots: new Map(), quantity: "discharge", relative: false, near: null, marked: null });
    this.canvas = find("cycles"); this.over = this.canvas.nextElementSibling;
    this.draw = later(() => this.drawNow());
    this.drawOver = later(() => this.drawOverNow());
    this.over.addEventListener("pointermove", event => { this.near = this.nearest(event.offsetX, event.offsetY); this.drawOver(); });
    this.over.addEventListener("pointerleave", () => { this.near = null; this.drawOver(); });
  }

  // Each keeps its colour while others come and go.
  pick(cells, isPicked) {
    const used = new Set(this.slots.values());
    let free = 0;
    for (const cell of cells) {
      if (!isPicked) { this.slots.delete(cell); continue; }
      if (!cell.over || this.slots.has(cell) || this.slots.size >= MOST) continue;
      while (used.has(free)) free++;
      used.add(free); this.slots.set(cell, free);
    }
    this.renew();
  }
  renew() {
    this.lines = null; this.near = null;
    this.changed(this);
    if (this.slots.size) this.draw();
  }

  style(slot) {
    const colors = this.about.colors;
    return { color: colors[slot % colors.length][isDark() ? 1 : 0], dash: DASHES[Math.floor(slot / colors.length) % DASHES.length], spot: SPOTS[slot % SPOTS.length] };
  }

  // Lines in the unit of the axis.
  content() {
    const { quantity } = this, isShare = this.relative && quantity !== "efficiency";
    const found = [...this.slots].map(([cell, slot]) => ({ cell, slot, line: cell.line(quantity) })).filter(({ line }) => line);
    const largest = Math.max(0, ...found.map(({ line }) => line.values.reduce((most, value) => Math.max(most, value), 0)));
    const unit = quantity === "efficiency" ? ["%", 1] : isShare ? ["%", 100] : pickUnit(this.about.units, largest);
    this.lines = found.map(({ cell, slot, line }) => {
      const times = unit[1] / (isShare ? cell.first(quantity) : 1);
      // Parts of the first are compared from there on: counters that go on from another test would stand apart.
      const from = isShare ? line.cycles[0] : 0;
      return { cell, slot, from, points: line.cycles.map((cycle, k) => [cycle - from, line.values[k] * times]) };
    });
    const counters = new Set(found.map(({ cell }) => cell.over.x));
    this.x = isShare ? "Cycles since the first" : counters.size === 1 ? [...counters][0] : "Cycle (the cycler's number, else the count)";
    this.y = quantity === "efficiency" ? this.about.efficiency
      : `${this.about.capacity}, ${quantity} [${isShare ? "% of the first complete" : unit[0]}]`;
    this.unit = unit[0];
    // Parts of a first cycle that was none would flatten all others: they stay outside, and are counted.
    this.highest = isShare ? HIGHEST_SHARE : Infinity;
    this.outside = this.lines.reduce((sum, { points }) => sum + points.filter(([, value]) => value > this.highest).length, 0);
  }

  drawNow() {
    if (!this.slots.size) return;
    if (!this.lines) this.content();
    const { pen, width, colors } = fit(this.canvas, HEIGHT), { lines } = this;
    const range = axis => {
      let low = Infinity, high = -Infinity;
      for (const { points } of lines) for (const point of points) if (point[1] <= this.highest) { low = Math.min(low, point[axis]); high = Math.max(high, point[axis]); }
      return low <= high ? [low, high] : null;
    };
    const x = range(0), y = range(1), wide = width - LEFT - RIGHT, high = HEIGHT - ABOVE - BELOW;
    // A fade of some percent is to be seen; a cycle that is cut short starts the axis at 0. The pictures do the same.
    const ranged = y && (this.quantity === "efficiency" || y[0] > 0.5 * y[1] ? padded(...y) : [0, 1.06 * y[1]]);
    const at = this.at = place(LEFT, ABOVE, wide, high, x ? padded(...x) : [0, 1], ranged ?? [0, 1]);
    if (lines.length) { xAxis(pen, at, colors, this.x, 1, false, true); yAxis(pen, at, colors, this.y, 1); }
    const total = lines.reduce((sum, { points }) => sum + points.length, 0);
    clip(pen, at, () => {
      for (const line of lines) {
        const { color, dash, spot } = this.style(line.slot), isFaint = this.marked && this.marked !== line.cell;
        pen.globalAlpha = isFaint ? 0.2 : 1;
        pen.strokeStyle = pen.fillStyle = color; pen.lineWidth = this.marked === line.cell ? 2.6 : 1.5; pen.setLineDash(dash);
        pen.beginPath(); line.points.forEach(([x, y]) => pen.lineTo(at.px(x), at.py(y))); pen.stroke(); pen.setLineDash([]);
        if (line.points.length > wide / 7 && total > 400) continue;
        for (const [x, y] of line.points) { pen.beginPath(); spot(pen, at.px(x), at.py(y)); pen.fill(); }
      }
      pen.globalAlpha = 1;
    });
    frameOf(pen, at, colors);
    if (!lines.length) {
      pen.fillStyle = colors.soft; pen.textAlign = "center"; pen.textBaseline = "middle";
      pen.fillText("nothing of that kind", at.left + at.width / 2, at.top + at.height / 2);
    }
    find("outside").textContent = this.outside ? `${count(this.outside, "point is", "points are")} above ${HIGHEST_SHARE} % and not shown.` : "";
    this.over.setAttribute("aria-label", `${this.y} over ${this.x}, ${count(lines.length, "measurement")}`);
    Object.assign(this.over.dataset, { lines: lines.length, points: total, quantity: this.quantity, unit: this.unit });
    this.drawOver();
  }

  drawOverNow() {
    const { over, at, near } = this, ratio = devicePixelRatio || 1;
    if (!at) return;
    over.width = this.canvas.width; over.height = this.canvas.height; over.style.height = this.canvas.style.height;
    const pen = over.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    find("readout").textContent = near ? `${near.line.cell.title} · cycle ${number(near.line.from + near.point[0])} · ${number(near.point[1])} ${this.unit}` : "";
    if (!near) return;
    pen.fillStyle = this.style(near.line.slot).color; pen.strokeStyle = theme().ink;
    pen.beginPath(); pen.arc(at.px(near.point[0]), at.py(near.point[1]), 5, 0, 7); pen.fill(); pen.stroke();
  }

  nearest(x, y) {
    let best = null, least = 900;
    for (const line of this.lines ?? []) for (const point of line.points) {
      const distance = (this.at.px(point[0]) - x) ** 2 + (this.at.py(point[1]) - y) ** 2;
      if (distance < least && point[1] <= this.highest) { least = distance; best = { line, point }; }
    }
    return best;
  }

  // Names of the lines; a click takes one out.
  legend() {
    const piece = slot => {
      const { color, dash } = this.style(slot);
      return drawing("svg", { viewBox: "0 0 30 12", "aria-hidden": "true" }, drawing("path", { d: "M1 6H29", stroke: color, "stroke-width": "2.5", "stroke-dasharray": dash.join(" ") }));
    };
    find("legend").replaceChildren(...[...this.slots].map(([cell, slot]) => {
      const button = make("button", { type: "button", title: `${cell.source}${cell.part ? ` [${cell.part}]` : ""}: a click takes it out` }, piece(slot), make("span", { textContent: cell.title }));
      const mark = cell => () => { this.marked = cell; this.draw(); };
      button.addEventListener("pointerenter", mark(cell)); button.addEventListener("pointerleave", mark(null));
      button.addEventListener("focus", mark(cell)); button.addEventListener("blur", mark(null));
      button.addEventListener("click", () => { this.marked = null; this.pick([cell], false); });
      return make("li", {}, button);
    }));
  }
}
