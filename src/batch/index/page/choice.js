// What is listed, in which order, in which groups: kept in the address, so that it can be kept and sent.
const compareText = new Intl.Collator("en", { numeric: true }).compare;

// Columns: what they are called, and by what they sort; what is missing comes last both ways.
const COLUMNS = {
  status: { head: "Status and why", key: cell => `${cell.order} ${cell.why?.code ?? ""}` },
  voltage: { head: "Voltage", key: cell => cell.voltage?.[1] },
  name: { head: "Measurement", key: cell => cell.source },
  cycles: { head: "Cycles", key: cell => cell.cycles || undefined, isNumber: true },
  capacity: { head: "Capacity [A·h]", key: cell => cell.capacity?.[0], isNumber: true, title: "Discharge capacity of the first and the last complete cycle" },
  kept: { head: "Retention [%]", key: cell => cell.kept, isNumber: true, title: "Last of the first complete cycle's discharge capacity" },
  duration: { head: "Duration", key: cell => cell.seconds, isNumber: true },
  start: { head: "Start (UTC)", key: cell => cell.start },
};

// What lines are put together by.
const GROUPS = {
  maker: { head: "maker", none: "no maker", key: cell => cell.maker },
  schedule: { head: "schedule", none: "no schedule", key: cell => cell.facts.schedule },
  series: { head: "series", none: "no series", key: cell => cell.series },
  folder: { head: "folder", none: "no folder of its own", key: cell => cell.folder.replace(/[/\\]$/, "") },
  status: { head: "status", none: "", key: cell => spoken(cell.status) },
};

class Choice {
  constructor() { this.read(""); }

  // From the address; one that names nothing is a text to filter by.
  read(hash) {
    const text = decodeURIComponentSafely(hash.replace(/^#/, "")), isNamed = /^(q|status|maker|sort|group)=/.test(hash.replace(/^#/, ""));
    const named = new URLSearchParams(isNamed ? hash.replace(/^#/, "") : "");
    this.text = isNamed ? named.get("q") ?? "" : text;
    this.states = new Set((named.get("status") ?? "").split(",").filter(Boolean));
    this.maker = named.get("maker") ?? "";
    const [column, way] = (named.get("sort") ?? "status").split(",");
    this.sort = COLUMNS[column] ? column : "status"; this.down = way === "down";
    this.group = GROUPS[named.get("group")] ? named.get("group") : "";
    this.folded = new Set();
  }

  toString() {
    const named = new URLSearchParams();
    if (this.text) named.set("q", this.text);
    if (this.states.size) named.set("status", [...this.states].join(","));
    if (this.maker) named.set("maker", this.maker);
    if (this.sort !== "status" || this.down) named.set("sort", this.sort + (this.down ? ",down" : ""));
    if (this.group) named.set("group", this.group);
    return named.toString();
  }

  // Those that are listed, sorted.
  of(cells) {
    const words = this.text.toLowerCase().split(/\s+/).filter(Boolean), { key } = COLUMNS[this.sort], way = this.down ? -1 : 1;
    const listed = cells.filter(cell => (!this.states.size || this.states.has(cell.status)) && (!this.maker || cell.maker === this.maker) && words.every(word => cell.text.includes(word)));
    const compare = ([a, one], [b, two]) => {
      if (a === undefined || b === undefined) return (a === undefined) - (b === undefined) || one.index - two.index;
      return way * (typeof a === "string" ? compareText(a, b) : a - b) || one.index - two.index;
    };
    return listed.map(cell => [key(cell) ?? undefined, cell]).sort(compare).map(([, cell]) => cell);
  }

  // Groups with their measurements, by name; one of all where nothing groups.
  groups(listed) {
    if (!this.group) return [{ name: null, cells: listed }];
    const { key, none } = GROUPS[this.group], found = new Map();
    for (const cell of listed) {
      const name = key(cell) || "";
      if (!found.has(name)) found.set(name, []);
      found.get(name).push(cell);
    }
    const named = [...found].map(([name, cells]) => ({ key: name, name: name || none, cells }));
    return named.sort((a, b) => (a.key === "") - (b.key === "") || compareText(a.key, b.key));
  }
}

const decodeURIComponentSafely = text => { try { return decodeURIComponent(text); } catch { return text; } };
