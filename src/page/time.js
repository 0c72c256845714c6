// Quantities over time, below each other, with one axis of time.
const PANEL = 150, ABOVE = 24, BELOW = 42, BRIDGE = 0.01;

class TimeChart {
  constructor(canvas, rows, series, phases, colors, told) {
    Object.assign(this, { canvas, rows, series, phases, told, marks: [], chosen: null, hover: null, drag: null, closer: null, trouble: "" });
    this.view = [...rows.range];
    const one = (key, color, name) => ({ name: name ?? rows.get(key).name, lines: [{ key, color, dash: [] }] });
    this.panels = [];
    if (rows.get("voltage")) this.panels.push(one("voltage", colors[0]));
    if (rows.get("current")) this.panels.push(one("current", colors[1]));
    if (rows.get("density")) this.panels.push(one("density", colors[1]));
    if (rows.get("temperature")) this.panels.push(one("temperature", colors[2]));
    const capacities = [["discharge", colors[1], []], ["charge", colors[0], [6, 3]]].filter(([key]) => rows.get(key));
    if (capacities.length) {
      this.panels.push({ name: "Capacity of the step", lines: capacities.map(([key, color, dash]) => ({ key, color, dash })) });
    }
    this.over = canvas.nextElementSibling;
    this.draw = later(() => this.drawNow());
    this.drawOver = later(() => this.drawOverNow());
    this.listen();
  }

  get isUseful() { return this.panels.length > 0 && this.rows.range[1] > this.rows.range[0]; }

  // A range that stays within the test and is never narrower than a browser can count.
  within(from, to) {
    const [first, last] = this.rows.range, least = Math.max((last - first) * 1e-9, Math.abs(last) * 1e-12, 1e-6);
    const wide = Math.min(Math.max(to - from, least), last - first);
    from = Math.min(Math.max(from + (to - from - wide) / 2, first), last - wide);
    return [from, from + wide];
  }
  show(from, to) {
    this.view = this.within(from, to);
    this.hover = null;
    this.draw();
    this.told(this);
    this.refine();
  }

  // The rows that are drawn: single ones that were asked for where these reach, else those of the page.
  get seen() {
    if (!this.closer) return this.rows;
    const [from, to] = this.rows.within(this.view), { closer, rows } = this;
    return closer.first <= rows.row(from) && closer.first + closer.count >= Math.min(rows.row(to), rows.count) ? closer : rows;
  }
  get asks() { return typeof ask !== "undefined" && this.rows.bin > 1; }
  // Asks for single rows where there are not too many in sight, with as many on both sides.
  refine() {
    if (!this.asks || this.isAsking || this.trouble || this.seen !== this.rows) return;
    const [from, to] = this.rows.within(this.view).map(k => this.rows.row(k)), wide = to - from;
    if (wide > MOST_ASKED) return;
    const first = Math.max(0, from - wide), last = Math.min(this.rows.count, to + wide) - 1;
    this.isAsking = true;
    ask(this.series, first, last).then(closer => { this.closer = closer; this.hover = null; }, error => { this.trouble = error.message; })
      .then(() => { this.isAsking = false; this.draw(); this.told(this); this.refine(); });
  }
  reset() { this.chosen = null; this.show(...this.rows.range); }
  choose(from, to) {
    const room = 0.04 * Math.max(to - from, 1e-6 * (this.rows.range[1] - this.rows.range[0]));
    this.chosen = [from, to];
    this.show(from - room, to + room);
  }
  zoom(times, around = (this.view[0] + this.view[1]) / 2) {
    const [from, to] = this.view;
    this.show(around - (around - from) * times, around + (to - around) * times);
  }
  move(share) { const wide = share * (this.view[1] - this.view[0]); this.show(this.view[0] + wide, this.view[1] + wide); }

  // How many rows or bins the range has, and whether each is drawn.
  get shown() {
    const rows = this.seen, { sorted } = rows, from = rows.at(this.view[0]);
    let to = rows.at(this.view[1]);
    while (to < sorted.length && sorted[to] === this.view[1]) to++;
    return to - from;
  }
  get drawsEach() { return this.shown <= 2 * (this.width ?? 1000); }

  // What the cell was doing, by the kind that takes most of each pixel; nothing where nobody could tell the bands apart.
  bands(width) {
    const { time, kind } = this.phases, [from, to] = this.view, pixel = (to - from) / width, found = [];
    let low = 0, high = time.length;
    while (low < high) { const middle = (low + high) >> 1; if (time[middle] <= from) low = middle + 1; else high = middle; }
    let step = Math.max(low - 1, 0);
    for (let column = 0; column < width && step < time.length; column++) {
      const left = from + column * pixel, right = left + pixel, shares = new Map();
      for (;;) {
        const end = step + 1 < time.length ? time[step + 1] : this.rows.range[1];
        const share = Math.min(end, right) - Math.max(time[step], left);
        if (share > 0) shares.set(kind[step], (shares.get(kind[step]) ?? 0) + share);
        if (end > right || step + 1 >= time.length) break;
        step++;
      }
      let best = null;
      for (const [name, share] of shares) if (best === null || share > shares.get(best)) best = name;
      if (best === null) continue;
      const before = found[found.length - 1];
      if (before && before.kind === best && before.to === column) before.to = column + 1;
      else found.push({ kind: best, from: column, to: column + 1 });
    }
    return width / found.length < 3 ? [] : found;
  }

  // A line's path: each sample where there are few, else lowest and highest of each pixel.
  path(pen, at, rows, quantity) {
    const { time } = rows, [from, to] = rows.within(this.view);
    let lastX = NaN, lastY = NaN, isMissing = false;
    const point = (x, y) => {
      if (!(lastX === lastX) || isMissing && x - lastX > BRIDGE * at.width) pen.moveTo(x, y); else pen.lineTo(x, y);
      lastX = x; lastY = y; isMissing = false;
    };
    const both = (x, low, high) => {
      const a = at.py(low), b = at.py(high);
      if (a === b) return point(x, a);
      if (Math.abs(a - lastY) < Math.abs(b - lastY)) { point(x, a); point(x, b); } else { point(x, b); point(x, a); }
    };
    pen.beginPath();
    if (to - from <= 2 * at.width) {
      for (let k = from; k < to; k++) {
        if (quantity.low[k] === quantity.low[k] && time[k] === time[k]) both(at.px(time[k]), quantity.low[k], quantity.high[k]);
        else isMissing = true;
      }
      return to - from;
    }
    let next = from;
    for (let column = 0; column < at.width; column++) {
      const first = next;
      next = column + 1 < at.width ? Math.min(rows.at(at.atX(at.left + column + 1)), to) : to;
      if (next <= first) continue;
      const found = quantity.extremes(first, next);
      if (found) both(at.left + column + 0.5, ...found); else isMissing = true;
    }
    return Infinity;
  }

  drawNow() {
    const count = this.panels.length, height = ABOVE + count * (PANEL + ABOVE) - ABOVE + BELOW;
    const { pen, width, colors } = fit(this.canvas, height);
    Object.assign(this, { width: width - LEFT - RIGHT, height });
    const bands = this.bands(this.width), [unit, times] = timeUnit(this.view[1] - this.view[0]);
    const rows = this.seen, [from, to] = rows.within(this.view);
    this.places = this.panels.map((panel, index) => {
      const quantities = panel.lines.map(line => rows.get(line.key));
      const ranges = quantities.map(quantity => quantity.extremes(from, to)).filter(Boolean);
      const low = Math.min(...ranges.map(([low]) => low)), high = Math.max(...ranges.map(([, high]) => high));
      const largest = Math.max(...panel.lines.map(line => this.rows.get(line.key).largest));
      const shown = pickUnit(quantities[0].units, largest);
      const at = place(LEFT, ABOVE + index * (PANEL + ABOVE), this.width, PANEL, this.view, ranges.length ? padded(low, high) : [0, 1]);
      for (const band of bands) {
        pen.fillStyle = areaColor(this.phases.kinds[band.kind].color);
        pen.fillRect(at.left + band.from, at.top, band.to - band.from, at.height);
      }
      const isLast = index === count - 1, sign = ["current", "density"].includes(panel.lines[0].key) ? ", discharge > 0" : "";
      xAxis(pen, at, colors, `Time [${unit}]`, times, !isLast);
      yAxis(pen, at, colors, `${panel.name} [${shown[0]}]${sign}`, shown[1]);
      clip(pen, at, () => panel.lines.forEach((line, k) => {
        pen.strokeStyle = pen.fillStyle = lineColor(line.color); pen.lineWidth = 1.4;
        // Dashes of lines that cross every pixel would be a pattern of their own.
        pen.setLineDash(this.drawsEach ? line.dash : []);
        const drawn = this.path(pen, at, rows, quantities[k]);
        pen.stroke(); pen.setLineDash([]);
        if (drawn <= at.width / 6) this.dots(pen, at, rows, quantities[k]);
      }));
      if (panel.lines.length > 1) legendOf(pen, at, colors, panel.lines.map(line => ({ name: line.key, color: lineColor(line.color), dash: line.dash })));
      this.edges(pen, at, colors);
      frameOf(pen, at, colors);
      return { at, panel, shown, quantities };
    });
    this.drawMarks(pen, colors);
    const name = this.panels.map(panel => panel.name).join(", ");
    this.over.setAttribute("aria-label", `${name} over time, from ${span(this.view[0])} to ${span(this.view[1])}`);
    Object.assign(this.over.dataset, { from: this.view[0], to: this.view[1], shown: this.shown, each: this.drawsEach, marks: this.marks.filter(({ from, to }) => to >= this.view[0] && from <= this.view[1]).length });
    this.drawOverNow();
  }

  dots(pen, at, rows, quantity) {
    const [from, to] = rows.within(this.view);
    for (let k = from; k < to; k++) {
      pen.beginPath(); pen.arc(at.px(rows.time[k]), at.py(quantity.high[k]), 2.2, 0, 7); pen.fill();
    }
  }

  // Where the chosen step or cycle begins and ends.
  edges(pen, at, colors) {
    for (const time of this.chosen ?? []) {
      const x = at.px(time);
      if (x < at.left || x > at.left + at.width) continue;
      pen.strokeStyle = colors.ink; pen.lineWidth = 1; pen.setLineDash([3, 3]);
      pen.beginPath(); pen.moveTo(x, at.top); pen.lineTo(x, at.top + at.height); pen.stroke(); pen.setLineDash([]);
    }
  }

  // Rows that findings and notes are about: a tint over them with a bar above, a line and a triangle where they are few.
  drawMarks(pen, colors) {
    const [{ at }] = this.places, last = this.places[this.places.length - 1].at, bottom = last.top + last.height;
    for (const mark of this.marks) {
      const [from, to] = [at.px(mark.from), at.px(mark.to)], left = Math.max(from, at.left), right = Math.min(to, at.left + at.width);
      if (!(right >= left)) continue;
      pen.strokeStyle = pen.fillStyle = mark.kind === "error" ? colors.error : colors.mark; pen.lineWidth = 1;
      if (right - left > 2) {
        pen.globalAlpha = 0.13;
        for (const { at } of this.places) pen.fillRect(left, at.top, right - left, at.height);
        pen.globalAlpha = 1;
        pen.fillRect(left, at.top - 4, right - left, 4);
      }
      for (const x of from === to ? [from] : [from, to]) {
        if (x < at.left || x > at.left + at.width) continue;
        pen.beginPath(); pen.moveTo(x, at.top); pen.lineTo(x, bottom); pen.stroke();
      }
      if (from >= at.left) { pen.beginPath(); pen.moveTo(from, at.top); pen.lineTo(from - 5, at.top - 8); pen.lineTo(from + 5, at.top - 8); pen.fill(); }
    }
  }
  // The mark whose bar or triangle is there; the topmost.
  markAt(x, y) {
    const [{ at }] = this.places;
    if (y > at.top || y < at.top - 10) return null;
    return this.marks.findLast(mark => x >= at.px(mark.from) - 6 && x <= at.px(mark.to) + 6) ?? null;
  }

  // What changes with the pointer stands on a canvas of its own.
  drawOverNow() {
    if (!this.places) return;
    const { over } = this, ratio = devicePixelRatio || 1;
    if (over.width !== this.canvas.width) over.width = this.canvas.width;
    if (over.height !== this.canvas.height) over.height = this.canvas.height;
    over.style.height = this.canvas.style.height;
    const pen = over.getContext("2d"), colors = theme(), { at } = this.places[0];
    pen.setTransform(ratio, 0, 0, ratio, 0, 0); pen.clearRect(0, 0, over.width, over.height);
    const bottom = this.height - BELOW;
    if (this.drag && !this.drag.pans) {
      const [a, b] = [this.drag.from, this.drag.to].sort((a, b) => a - b);
      pen.fillStyle = colors.ink; pen.globalAlpha = 0.12; pen.fillRect(a, at.top, b - a, bottom - at.top); pen.globalAlpha = 1;
    }
    if (this.hover === null) return;
    const time = this.seen.time[this.hover], x = at.px(time);
    if (!(x >= at.left && x <= at.left + at.width)) return;
    pen.strokeStyle = colors.soft; pen.lineWidth = 1;
    pen.beginPath(); pen.moveTo(x, at.top); pen.lineTo(x, bottom); pen.stroke();
    for (const { at, panel, quantities } of this.places) panel.lines.forEach((line, k) => {
      const value = quantities[k].high[this.hover];
      if (value !== value) return;
      pen.fillStyle = lineColor(line.color);
      pen.beginPath(); pen.arc(x, at.py(value), 3.5, 0, 7); pen.fill();
    });
  }

  listen() {
    const { over } = this;
    const inside = event => Math.min(Math.max(event.offsetX, LEFT), LEFT + this.width);
    const atX = pixel => this.places[0].at.atX(pixel);
    over.addEventListener("wheel", event => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 30 : 1;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.move(event.deltaX * lines / this.width);
      else this.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY * lines * 0.002))), atX(inside(event)));
    }, { passive: false });
    over.addEventListener("pointerdown", event => {
      if (event.button > 1) return;
      over.setPointerCapture(event.pointerId);
      const x = inside(event), pans = event.shiftKey || event.button === 1;
      this.drag = { from: x, to: x, pans, view: [...this.view] };
    });
    over.addEventListener("pointermove", event => {
      const x = inside(event);
      if (this.drag) {
        this.drag.to = x;
        const { view, pans, from } = this.drag, wide = view[1] - view[0];
        if (pans) { const by = (from - x) / this.width * wide; this.show(view[0] + by, view[1] + by); }
      }
      this.hover = this.seen.nearest(atX(x));
      over.style.cursor = this.markAt(event.offsetX, event.offsetY) ? "pointer" : "";
      this.drawOver();
      this.told(this);
    });
    over.addEventListener("pointerup", event => {
      const { drag } = this;
      this.drag = null;
      if (!drag || drag.pans) return;
      const [a, b] = [drag.from, inside(event)].sort((a, b) => a - b);
      if (b - a > 4) this.show(atX(a), atX(b));
      else { this.markAt(event.offsetX, event.offsetY)?.go(); this.drawOver(); }
    });
    over.addEventListener("pointercancel", () => { this.drag = null; this.drawOver(); });
    over.addEventListener("pointerleave", () => { this.hover = null; this.drawOver(); this.told(this); });
    over.addEventListener("dblclick", () => this.reset());
    const keys = {
      ArrowLeft: () => this.move(-0.1), ArrowRight: () => this.move(0.1), "+": () => this.zoom(0.5), "=": () => this.zoom(0.5),
      "-": () => this.zoom(2), 0: () => this.reset(), Home: () => this.reset(), Escape: () => this.reset(),
    };
    over.addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
  }
}
