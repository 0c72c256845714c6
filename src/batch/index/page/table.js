// The list. Lines are made as they come near: thousands cost what some hundred cost.
const PORTION = 150;

class Table {
  constructor(choice, codes, acts) {
    Object.assign(this, { choice, codes, acts, opened: new Set(), lines: [], made: 0, current: null });
    this.body = find("list").tBodies[0];
    this.heads();
    this.body.addEventListener("click", event => this.click(event));
    this.body.addEventListener("keydown", event => this.press(event));
    this.body.addEventListener("focusin", event => this.enter(event.target.closest("tr.line")));
    new IntersectionObserver(seen => { if (seen.some(one => one.isIntersecting)) this.fill(); }, { rootMargin: "1500px" }).observe(find("end"));
  }

  heads() {
    const head = find("list").tHead.rows[0];
    head.append(make("th", { className: "pick", scope: "col" }, make("span", { ariaHidden: "true" })));
    for (const [name, { head: text, isNumber, title }] of Object.entries(COLUMNS)) {
      const button = make("button", { type: "button", textContent: text, title: title ?? "" });
      button.addEventListener("click", () => this.acts.sort(name));
      head.append(make("th", { className: name + (isNumber ? " n" : ""), scope: "col" }, button));
    }
    this.headOf = Object.fromEntries(Object.keys(COLUMNS).map((name, k) => [name, head.cells[k + 1]]));
  }

  // Columns that have room; whoever reaches over all of them must not add more.
  get across() { return [...find("list").tHead.rows[0].cells].filter(head => head.offsetWidth).length; }
  resize() { for (const cell of this.body.querySelectorAll("[colspan]")) cell.colSpan = this.across; }

  // Lists these groups anew, `least` lines at once.
  show(groups, least = PORTION) {
    for (const [name, head] of Object.entries(this.headOf)) {
      if (name === this.choice.sort) head.ariaSort = this.choice.down ? "descending" : "ascending"; else head.removeAttribute("aria-sort");
    }
    this.lines = groups.flatMap(group => [...(group.name === null ? [] : [{ group }]), ...(this.choice.folded.has(group.name) ? [] : group.cells.map(cell => ({ cell })))]);
    this.made = 0; this.current = null;
    this.body.replaceChildren();
    this.fill(least);
  }
  fill(most = PORTION) {
    const some = this.lines.slice(this.made, this.made + most);
    this.made += some.length;
    this.body.append(...some.flatMap(({ group, cell }) => group ? [this.head(group)] : this.opened.has(cell) ? [this.line(cell), this.details(cell)] : [this.line(cell)]));
    if (!this.current) this.enter(this.body.querySelector("tr.line"));
    // Where all of these lines are in sight, nothing scrolls to ask for more.
    if (some.length && this.made < this.lines.length) requestAnimationFrame(() => { if (find("end").getBoundingClientRect().top < innerHeight + 1500) this.fill(); });
  }

  head({ name, key, cells }) {
    const drawn = cells.filter(cell => cell.over), isFolded = this.choice.folded.has(name);
    const states = ORDER.map(state => [state, cells.filter(cell => cell.status === state).length]).filter(([state, some]) => some && state !== "prepared");
    const fold = make("button", { type: "button", className: "fold", textContent: name, ariaExpanded: String(!isFolded) });
    fold.addEventListener("click", () => this.acts.fold(name));
    const cell = make("th", { colSpan: this.across, scope: "rowgroup" }, fold, make("span", { textContent: [count(cells.length, "measurement"), ...states.map(([state, some]) => `${some} ${spoken(state)}`)].join(" · ") }));
    if (drawn.length) {
      const all = make("button", { type: "button", className: "all", textContent: `Draw ${drawn.length > 1 ? `these ${drawn.length}` : "it"}` });
      all.addEventListener("click", () => this.acts.draw(drawn, true));
      cell.append(all);
    }
    return make("tr", { className: "group" }, cell);
  }

  line(cell) {
    const line = make("tr", { className: `line ${cell.status}` });
    line.dataset.cell = cell.index;
    const pick = make("td", { className: "pick" });
    if (cell.over) {
      const box = make("input", { type: "checkbox", checked: this.acts.isDrawn(cell), ariaLabel: `Draw the cycles of ${cell.title}`, tabIndex: -1 });
      box.addEventListener("change", () => this.acts.draw([cell], box.checked));
      pick.append(box);
    }
    const { why } = cell, isNoted = cell.status === "prepared" && why;
    const status = make("td", { className: `status${isNoted ? " noted" : ""}` }, make("strong", {}, make("b", { textContent: cell.state.sign, ariaHidden: "true" }), spoken(cell.status)));
    if (why?.text) status.append(make("div", { className: "clamp", title: why.text }, why.text));
    if (why?.code) status.append(make("code", { className: `badge ${why.kind}`, textContent: why.code }));
    const others = cell.issues.length - 1;
    if (!cell.error && others > 0) status.append(make("span", { className: "under", textContent: `and ${count(others, "other finding")}` }));
    if (cell.copy_of) status.append(make("span", { className: "under", textContent: `same content as ${cell.copy_of}` }));
    const voltage = make("td", { className: "voltage" }, cell.thumbnail(), cell.voltage ? make("span", { className: "under", textContent: volts(cell.voltage) }) : null);
    const name = make("td", { className: "name" });
    const main = cell.link ? make("a", { className: "main", href: cell.link, tabIndex: -1 }) : make("button", { type: "button", className: "main", tabIndex: -1 });
    main.append(...breakable(cell.title));
    const duration = cell.seconds === undefined ? "" : span(cell.seconds, 3);
    const facts = [cell.maker, cell.rows ? count(cell.rows, "row") : "", cell.notes.length ? count(cell.notes.length, "note") : "", cell.folder].filter(Boolean).join(" · ");
    const more = make("button", { type: "button", className: "more", ariaExpanded: String(this.opened.has(cell)), tabIndex: -1, ariaLabel: `Details of ${cell.title}` }, facts || "details");
    name.append(main, make("br"), more, make("span", { className: "narrow under", textContent: [duration, cell.startText].filter(Boolean).join(" · ") }));
    const value = (column, ...children) => make("td", { className: `${column} n` }, ...children);
    const capacity = cell.capacity ? [digits(cell.capacity[0]), ...(cell.cycles > 1 ? [" → ", digits(cell.capacity[1])] : [])].join("") : "";
    line.append(pick, status, voltage, name, value("cycles", cell.cycles ? grouped(cell.cycles) : ""), value("capacity", capacity),
      value("kept", cell.kept === undefined ? "" : cell.kept > 999 ? "> 999" : cell.kept.toFixed(1)), value("duration", duration), make("td", { className: "start", textContent: cell.startText }));
    return line;
  }

  details(cell) {
    const facts = { file: cell.source, ...cell.facts, maker: cell.maker, reader: cell.reader, "rows, steps, cycles": [cell.rows, cell.steps, cell.cycles].map(grouped).join(", "), size: `${grouped(cell.bytes)} bytes` };
    if (cell.voltage) facts.voltage = volts(cell.voltage);
    if (cell.current) facts["current, discharge > 0"] = `${number(cell.current[0])} to ${number(cell.current[1])} A`;
    if (cell.seconds !== undefined) facts.duration = span(cell.seconds);
    if (cell.startText) facts["start (UTC)"] = cell.startText;
    if (cell.series) facts.series = cell.series;
    if (cell.copy_of) facts["same content as"] = cell.copy_of;
    const list = make("dl", {}, ...Object.entries(facts).filter(([, value]) => value).flatMap(([name, value]) => [make("dt", { textContent: name }), make("dd", { textContent: value })]));
    const files = make("p", {}), place = cell.output ? address(cell.output) : "";
    const file = (name, text) => { if (cell.output && name) files.append(make("a", { href: `${place}/${name}`, textContent: text }), " "); };
    file(cell.page, "page"); file(cell.picture, "picture"); file(/\.parquet$/.test(cell.output ?? "") ? "" : "report.json", "report.json");
    const code = name => {
      const button = make("button", { type: "button", textContent: name, title: "List all with this code" });
      button.addEventListener("click", () => this.acts.filter(name));
      return button;
    };
    const told = [];
    if (cell.error) told.push(make("li", {}, make("code", { className: "badge error", textContent: cell.error[0] }), " ", cell.error[1]));
    for (const finding of cell.findings) told.push(make("li", {}, code(finding.code), ` ${finding.text}`));
    const known = new Set(cell.findings.map(finding => finding.code));
    for (const name of [...cell.issues.filter(name => !known.has(name)), ...cell.notes]) told.push(make("li", {}, code(name), ` ${this.codes[name] ?? ""}`));
    if (!told.length) told.push(make("li", { textContent: "Nothing was found and nothing was noted." }));
    const line = make("tr", { className: "details" }, make("td", { colSpan: this.across }, make("div", { className: "more-of" }, make("div", {}, list, files), make("ul", {}, ...told))));
    return line;
  }

  cellOf(line) { return this.acts.cell(+line.dataset.cell); }

  toggle(line, isOpen) {
    const cell = this.cellOf(line), next = line.nextElementSibling, has = next?.classList.contains("details") ?? false;
    if (has === isOpen) return;
    if (isOpen) { this.opened.add(cell); line.after(this.details(cell)); } else { this.opened.delete(cell); next.remove(); }
    line.querySelector("button.more").ariaExpanded = String(isOpen);
    this.acts.changed();
  }

  // One line at a time is reached with the tab key; the arrow keys go to the others.
  enter(line) {
    if (!line || line === this.current) return;
    const reach = (line, index) => line?.querySelectorAll("a, button, input").forEach(element => { element.tabIndex = index; });
    reach(this.current, -1); reach(line, 0);
    this.current = line;
  }

  click(event) {
    const line = event.target.closest("tr.line");
    if (!line) return;
    if (event.target.closest("button.more") || event.target.closest("button.main")) { this.toggle(line, line.querySelector("button.more").ariaExpanded !== "true"); return; }
    if (event.target.closest("a, input") || event.button || getSelection().toString()) return;
    if (event.target.closest("td.pick")) { line.querySelector("input")?.click(); return; }
    const { link } = this.cellOf(line);
    if (link) this.acts.open(link, event); else this.toggle(line, line.querySelector("button.more").ariaExpanded !== "true");
  }

  press(event) {
    const line = event.target.closest("tr.line");
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
    const isMain = event.target.classList.contains("main"), go = next => { if (next) next.querySelector(".main").focus(); };
    const walk = (from, way) => {
      let next = from;
      do { next = next[way]; } while (next && !next.classList.contains("line"));
      return next;
    };
    const acts = {
      ArrowDown: () => { if (!walk(line, "nextElementSibling")) this.fill(); go(walk(line, "nextElementSibling")); },
      ArrowUp: () => go(walk(line, "previousElementSibling")),
      ArrowRight: () => this.toggle(line, true),
      ArrowLeft: () => this.toggle(line, false),
      ...(isMain && { " ": () => line.querySelector("input")?.click() }),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  // Ticks that say what is drawn.
  tick() {
    for (const box of this.body.querySelectorAll("td.pick input")) box.checked = this.acts.isDrawn(this.cellOf(box.closest("tr")));
  }
}

// A capacity, as long as its size tells something.
const digits = value => value >= 100 ? value.toFixed(1) : value >= 0.1 ? value.toFixed(3) : number(value, 3);

// A name that breaks behind its signs, before it breaks inside its words.
const breakable = name => name.split(/(?<=[_\-. ])/).flatMap((piece, k) => k ? [make("wbr"), piece] : [piece]);
