// Labels of the page's axes say exactly where they stand, whatever the range: node ticks.mjs src/page/ticks.js
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const ticksOf = new Function(`${readFileSync(process.argv[2], "utf8")}; return ticksOf;`)();
const read = text => +text.replace(/−/g, "-");

// The number that a reader takes a label for.
const meant = (told, text) => {
  const power = /× (1e-?\d+)$/.exec(told), base = /^ = (.+) \+ label/.exec(told);
  return (base ? read(base[1]) : 0) + read(text) * (power ? +power[1] : 1);
};

// The same ranges in each run.
let state = 1;
const random = (low, high) => { state = state * 48271 % 2147483647; return low + (high - low) * state / 2147483647; };
let seen = 0;
for (let run = 0; run < 50000; run++) {
  const middle = random(-1, 1) * 10 ** random(-9, 9), wide = 10 ** random(-9, 9), most = Math.floor(random(2, 13));
  // Closer numbers are one number in the picture.
  if (wide <= 1e-9 * Math.abs(middle)) continue;
  const [low, high] = [middle - wide / 2, middle + wide / 2], { ticks, told } = ticksOf(low, high, most);
  const what = `${low} to ${high}: ${JSON.stringify(ticks)} ${told}`;
  assert.ok(ticks.length >= 1 && ticks.length <= most + 3, what);
  const step = ticks.length > 1 ? ticks[1][0] - ticks[0][0] : wide;
  for (const [value, text] of ticks) {
    assert.ok(low <= value && value <= high && text.length <= 7, what);
    const off = Math.abs(meant(told, text) - value);
    assert.ok(off <= 1e-6 * step + 4 * Number.EPSILON * Math.abs(value), `${what}: ${text} at ${value}`);
  }
  assert.equal(new Set(ticks.map(([, text]) => text)).size, ticks.length, what);
  seen++;
}
assert.ok(seen > 30000, `${seen}`);
for (const range of [[1, 1], [NaN, 1], [-Number.MAX_VALUE, Number.MAX_VALUE], [2, 1]]) assert.deepEqual(ticksOf(...range, 6).ticks, []);
assert.deepEqual(ticksOf(0.9, 4.1, 6, true).ticks.map(([, text]) => text), ["1", "2", "3", "4"], "counts have whole ticks alone");
console.log(`ok      ${seen} axes say where they stand`);
