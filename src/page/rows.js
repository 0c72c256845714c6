// The rows of the measurement, and coarser levels of them: what a pixel shows is found without looking at each row.
const FACTOR = 8;

const coarser = (low, high) => {
  const count = Math.ceil(low.length / FACTOR), lows = new Float64Array(count), highs = new Float64Array(count);
  for (let bin = 0; bin < count; bin++) {
    let least = NaN, most = NaN;
    for (let k = bin * FACTOR, end = Math.min(k + FACTOR, low.length); k < end; k++) {
      if (!(low[k] >= least)) least = low[k] === low[k] ? low[k] : least;
      if (!(high[k] <= most)) most = high[k] === high[k] ? high[k] : most;
    }
    lows[bin] = least; highs[bin] = most;
  }
  return [lows, highs];
};

class Quantity {
  constructor(about, low, high) {
    Object.assign(this, { key: about.key, name: about.name, units: about.units });
    this.levels = [[low, high]];
  }
  // The largest magnitude.
  get largest() {
    if (this.most === undefined) { const all = this.extremes(0, this.low.length); this.most = all ? Math.max(-all[0], all[1]) : 0; }
    return this.most;
  }
  get low() { return this.levels[0][0]; }
  get high() { return this.levels[0][1]; }
  // Lowest and highest of the rows from `from` up to `to`.
  extremes(from, to) {
    let least = Infinity, most = -Infinity, level = 0;
    const take = k => {
      const [low, high] = this.levels[level];
      if (low[k] < least) least = low[k];
      if (high[k] > most) most = high[k];
    };
    while (from < to) {
      while (from < to && from % FACTOR) take(from++);
      while (to > from && to % FACTOR) take(--to);
      if (from >= to) break;
      if (!this.levels[level + 1]) {
        const [low, high] = this.levels[level];
        this.levels.push(coarser(low, high));
      }
      level++; from /= FACTOR; to /= FACTOR;
    }
    return least <= most ? [least, most] : null;
  }
}

class Rows {
  // `first` is the row that these begin with.
  constructor(series, columns, first = 0) {
    this.count = series.rows; this.bin = series.bin; this.first = first;
    const known = column => column ?? new Float64Array();
    this.time = known(columns.time);
    // What is searched never falls, whatever a damaged file says.
    this.sorted = this.time; let last = -Infinity;
    for (let k = 0; k < this.time.length; k++) {
      if (this.time[k] >= last) last = this.time[k];
      else { if (this.sorted === this.time) this.sorted = this.time.slice(); this.sorted[k] = last; }
    }
    this.range = [this.sorted.find(Number.isFinite) ?? 0, Math.max(last, series.range[1] ?? last)];
    if (!Number.isFinite(this.range[1])) this.range = [0, 0];
    this.quantities = series.quantities.map(about =>
      new Quantity(about, columns[about.key], columns[about.key + ".high"] ?? columns[about.key]));
  }
  // The row that the measurement has at a place of these.
  row(k) { return this.first + k * this.bin; }
  get(key) { return this.quantities.find(quantity => quantity.key === key); }
  // The first row (or bin) that is not before a time.
  at(time) {
    let from = 0, to = this.sorted.length;
    while (from < to) { const middle = (from + to) >> 1; if (this.sorted[middle] < time) from = middle + 1; else to = middle; }
    return from;
  }
  // The row (or bin) that is nearest to a time.
  nearest(time) {
    const k = Math.min(this.at(time), this.sorted.length - 1);
    return k > 0 && time - this.sorted[k - 1] < this.sorted[k] - time ? k - 1 : k;
  }
  // The rows that a range shows, with a neighbour on each side.
  within([from, to]) {
    return [Math.max(this.at(from) - 1, 0), Math.min(this.at(to) + 1, this.time.length)];
  }
}
