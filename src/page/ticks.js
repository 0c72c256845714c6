// Ticks as in the pictures (src/plot/ticks.rs): round numbers, and texts that say exactly these. What long numbers have in common is
// told by the name of the axis.
const LONGEST = 7, FAR = 20n;
const size = n => n < 0n ? -n : n;
const digitsOf = n => size(n).toString().length;
const floorDiv = (a, b) => (a - ((a % b) + b) % b) / b;

const textOf = (digits, power) => {
  if (digits === 0n) return "0";
  const sign = digits < 0n ? "−" : "", text = size(digits).toString();
  if (power >= 0) return sign + text + "0".repeat(power);
  const padded = text.padStart(1 - power, "0");
  return sign + padded.slice(0, power) + "." + padded.slice(power);
};

// About `most` ticks in a range: `{ ticks: [[value, text]], told }`. Counts have whole ones alone.
const ticksOf = (low, high, most, whole = false) => {
  const none = { ticks: [], told: "" }, rough = (high - low) / (Math.max(most, 2) + 2);
  if (!(rough > 0 && Number.isFinite(rough))) return none;
  let power = Math.floor(Math.log10(rough)), times = [1, 2, 5].find(times => times * +("1e" + power) >= rough * (1 - 1e-9));
  if (!times) { times = 1; power++; }
  if (whole && power < 0) { times = 1; power = 0; }
  const step = +(times + "e" + power), first = Math.ceil(low / step), last = Math.floor(high / step);
  if (last < first || Math.max(Math.abs(first), Math.abs(last)) >= 9e15) return none;
  const exact = [];
  for (let k = first; k <= last; k++) {
    const digits = BigInt(k) * BigInt(times), value = +(digits + "e" + power);
    if (value >= low && value <= high) exact.push([value, digits]);
  }
  if (!exact.length) return none;
  const isLong = digits => textOf(digits, power).length > LONGEST;
  let base = 0n, unit = 0;
  if (exact.some(([, digits]) => isLong(digits))) {
    const one = exact[0][1], end = exact[exact.length - 1][1], spans = end - one > 1n ? end - one : 1n;
    const nearest = size(one) < size(end) ? size(one) : size(end);
    if (nearest > FAR * spans) { const round = 10n ** BigInt(digitsOf(spans)); base = floorDiv(one, round) * round; }
    if (exact.some(([, digits]) => isLong(digits - base))) {
      const largest = exact.reduce((most, [, digits]) => size(digits - base) > most ? size(digits - base) : most, 1n);
      unit = 3 * Math.floor((digitsOf(largest) - 1 + power) / 3);
    }
  }
  let told = unit ? ` × 1e${unit}` : "";
  if (base) {
    let [digits, shift] = [base, power];
    while (digits % 10n === 0n && shift < 0) { digits /= 10n; shift++; }
    told = ` = ${textOf(digits, shift)} + label${told}`;
  } else if (unit) told = ` = label${told}`;
  return { ticks: exact.map(([value, digits]) => [value, textOf(digits - base, power - unit)]), told };
};

// A number for people, with so many digits.
const number = (value, digits = 5) => {
  if (!Number.isFinite(value)) return "–";
  const text = Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7 || value === 0
    ? (+value.toPrecision(digits)).toString() : value.toPrecision(digits).replace(/\.?0+(?=e|$)/, "");
  return text.replace("-", "−");
};

// For columns of numbers: all digits, zeros too.
const aligned = (value, digits) =>
  Math.abs(value) >= 10 ** -digits && Math.abs(value) < 10 ** digits ? value.toPrecision(digits).replace("-", "−") : number(value, digits);

// The first unit whose numbers are not all below 1.
const pickUnit = (units, largest) => !(largest > 0) ? units[0] : units.find(([, times]) => largest * times >= 1) ?? units[units.length - 1];

const timeUnit = span =>
  span <= 120 ? ["s", 1] : span <= 3 * 3600 ? ["min", 1 / 60] : span <= 4 * 86400 ? ["h", 1 / 3600] : ["d", 1 / 86400];

const span = (seconds, digits = 4) => { const [unit, times] = timeUnit(Math.abs(seconds)); return `${number(seconds * times, digits)} ${unit}`; };

// How long something took, in few letters.
const lasts = seconds => Math.abs(seconds) < 1 && seconds !== 0 ? `${number(+(1000 * seconds).toFixed(2), 3)} ms` : span(seconds, 3);

// A power of ten of hertz.
const hertz = exponent => {
  const [prefix, less] = exponent >= 6 ? ["M", 6] : exponent >= 3 ? ["k", 3] : exponent >= 0 ? ["", 0] : exponent >= -3 ? ["m", -3] : ["µ", -6];
  return `${number(10 ** (exponent - less))} ${prefix}Hz`;
};

// A range with room on both sides.
const padded = (low, high) => {
  const wide = high - low;
  if (wide > 1e-9 * Math.max(Math.abs(low), Math.abs(high))) return [low - 0.06 * wide, high + 0.06 * wide];
  const room = low === 0 ? 1 : 0.05 * Math.abs(low);
  return [low - room, high + room];
};
