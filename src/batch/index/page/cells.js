// The measurements as the page holds them, and the elements that all parts make.
const find = id => document.getElementById(id);
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter(child => child !== null && child !== undefined && child !== ""));
  return element;
};
const drawing = (tag, properties, ...children) => {
  const element = document.createElementNS(find("drawing").namespaceURI, tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const grouped = value => value.toLocaleString("en");
const count = (value, one, more = one + "s") => `${grouped(value)} ${value === 1 ? one : more}`;

// What became of a file, the worst first: its sign, and whether it is a test at all.
const STATES = {
  unreadable: { sign: "✕", test: true }, invalid: { sign: "!", test: true }, empty: { sign: "○", test: true }, prepared: { sign: "✓", test: true },
  unknown: { sign: "?", test: false }, side_file: { sign: "·", test: false },
};
const ORDER = Object.keys(STATES);
const spoken = word => word.replace(/_/g, " ");

const fileName = path => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
const address = path => path.split("/").map(encodeURIComponent).join("/");

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// An outline as a path: 101 columns, 64 heights. How it is written stands at `voltage_outline`, src/plot/outline.rs.
const pathOf = outline => {
  let column = 0, path = "", points = 0;
  const end = () => { if (points === 1) path += "h0"; points = 0; };
  for (let at = 0; at < outline.length;) {
    if (outline[at] === ".") { end(); at++; continue; }
    if (outline[at] === "-") { column += 63; at++; continue; }
    column += DIGITS.indexOf(outline[at]);
    path += `${points++ ? "L" : "M"}${column} ${63 - DIGITS.indexOf(outline[at + 1])}`;
    at += 2;
  }
  end();
  return path;
};

class Cell {
  constructor(row, index) {
    Object.assign(this, row, { index });
    this.findings ??= []; this.issues ??= []; this.notes ??= []; this.facts ??= {};
    this.state = STATES[row.status] ?? { sign: "?", test: true };
    this.order = ORDER.includes(row.status) ? ORDER.indexOf(row.status) : ORDER.length;
    this.file = fileName(row.source) || row.source || "…";
    this.folder = row.source.slice(0, row.source.length - this.file.length);
    this.title = this.part ? `${this.file} [${this.part}]` : this.file;
    this.kept = this.capacity && this.capacity[0] > 0 && this.cycles > 1 ? 100 * this.capacity[1] / this.capacity[0] : undefined;
    const opens = this.page ?? this.picture;
    this.link = this.output && opens ? `${address(this.output)}/${opens}` : null;
  }

  // Why it is what it is: code and text of what comes first.
  get why() {
    if (this.error) return { code: this.error[0], text: this.error[1], kind: "error" };
    const first = this.findings[0];
    if (first) return { code: first.code, text: first.text, kind: first.is_error ? "error" : "warning" };
    if (this.status === "empty") return { code: "", text: "a test without rows", kind: "warning" };
    return this.issues.length ? { code: this.issues[0], text: "", kind: this.status === "invalid" ? "error" : "warning" } : null;
  }

  // All that the filter looks through.
  get text() {
    return this.words ??= [
      this.source, this.part, this.status, this.maker, this.reader, this.error?.join(" "), ...this.issues, ...this.notes, ...this.findings.map(finding => finding.text),
      ...Object.values(this.facts), this.series, this.copy_of, this.startText,
    ].filter(Boolean).join("\n").toLowerCase();
  }

  get startText() { return this.start === undefined ? "" : new Date(this.start).toISOString().slice(0, 16).replace("T", " "); }

  // Numbers of cycles and values of a quantity.
  line(quantity) {
    const found = this.over?.[quantity];
    if (!found) return null;
    const [numbers, values] = found;
    return { cycles: Array.isArray(numbers) ? numbers : values.map((_, k) => numbers + k), values };
  }

  // What a quantity is told in parts of: the first complete cycle's, else the first there is.
  first(quantity) {
    const known = quantity === "discharge" ? this.capacity?.[0] : this.first_charge;
    return known > 0 ? known : this.over?.[quantity]?.[1][0];
  }

  thumbnail() {
    if (!this.outline) return null;
    const range = this.voltage ? `, ${volts(this.voltage)}` : "";
    return drawing("svg", { viewBox: "-1 -3 103 69", preserveAspectRatio: "none", role: "img", "aria-label": `Voltage over time${range}` }, drawing("path", { d: pathOf(this.outline) }));
  }
}

// A range of voltage with the digits that tell its ends apart, one value where millivolts do not.
const volts = ([low, high]) => {
  const text = digits => [...new Set([low, high].map(value => value.toFixed(digits)))].join(" to ");
  return `${text(high - low < 0.05 ? 3 : 2)} V`.replace(/-/g, "−");
};
