// Findings and notes: a list that leads to their rows, and marks over them.

// One that has rows: which are shown, and the way to the next ones.
const placesOf = (finding, chart, show) => {
  const name = span => span.first === span.last ? `row ${span.first.toLocaleString("en")}` : `rows ${span.first.toLocaleString("en")} to ${span.last.toLocaleString("en")}`;
  const { spans, more } = finding, box = make("span", { className: "places" });
  if (!spans.length) return box;
  if (!chart.isUseful) { box.append(spans.slice(0, 3).map(name).join(", ")); return box; }
  let at = 0;
  const go = make("button", { type: "button" }), next = make("button", { type: "button", textContent: "›", ariaLabel: "Next place" }), which = make("span", { className: "small" });
  const label = () => {
    go.textContent = `Show ${name(spans[at])}`;
    which.textContent = ` ${at + 1} of ${(spans.length + more).toLocaleString("en")}${more && at === spans.length - 1 ? ", the last that is marked" : ""} `;
  };
  finding.go = place => { if (place !== undefined) at = place; label(); show(finding, spans[at]); };
  go.addEventListener("click", () => finding.go());
  next.addEventListener("click", () => finding.go((at + 1) % spans.length));
  label();
  box.append(go);
  if (spans.length > 1) box.append(which, next);
  return box;
};

const findingList = (findings, list, chart, show) => {
  const lines = findings.map(finding => {
    const line = make("li", { className: finding.kind });
    line.append(make("span", { className: `badge ${finding.kind}`, textContent: finding.kind }), " ", make("code", { textContent: finding.code }), " ", finding.text);
    if (finding.place) line.append(make("span", { className: "place", textContent: ` (${finding.place})` }));
    line.append(" ", placesOf(finding, chart, (...what) => { choose(finding); show(...what); }));
    finding.spans.forEach((span, place) => { if (span.from !== null) chart.marks.push({ ...span, kind: finding.kind, go: () => finding.go?.(place), code: finding.code }); });
    return line;
  });
  const choose = finding => lines.forEach((line, k) => {
    if (findings[k] === finding) { line.setAttribute("aria-current", "true"); line.scrollIntoView({ block: "nearest" }); } else line.removeAttribute("aria-current");
  });
  // What makes a measurement invalid is drawn last, on top.
  const weight = { note: 0, warning: 1, error: 2 };
  chart.marks.sort((a, b) => weight[a.kind] - weight[b.kind]);
  list.append(...lines);
};
