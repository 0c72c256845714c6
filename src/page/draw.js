// Axes and lines on a canvas.
const dark = matchMedia("(prefers-color-scheme: dark)");
let printing = false;
const isDark = () => dark.matches && !printing;

const rgb = color => [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16));
const mix = (a, b, share) =>
  "#" + rgb(a).map((v, k) => Math.round(v + (rgb(b)[k] - v) * share).toString(16).padStart(2, "0")).join("");
const GROUND = { light: "#ffffff", dark: "#16181c" };
const theme = () => isDark()
  ? { ground: GROUND.dark, ink: "#e4e6ea", soft: "#a3a8b0", grid: "#3a3e46", mark: "#ffb03b", error: "#ff6e66" }
  : { ground: GROUND.light, ink: "#222222", soft: "#5d5d5d", grid: "#d4d4d4", mark: "#b34700", error: "#c2102e" };
// The pictures' colours are for a white ground: in the dark lines are lighter and areas darker.
const lineColor = color => isDark() ? mix(color, "#ffffff", 0.45) : color;
const areaColor = color => {
  if (!isDark()) return color;
  const values = rgb(color), least = Math.min(...values), wide = Math.max(...values) - least;
  const pure = "#" + values.map(v => Math.round(wide ? (v - least) / wide * 255 : 136).toString(16).padStart(2, "0")).join("");
  return mix(GROUND.dark, pure, wide ? 0.1 + (255 - least) / 255 * 0.6 : 0.14);
};

// Fits a canvas to its place: sizes are in pixels of the page.
const fit = (canvas, height) => {
  const width = Math.max(200, Math.round(canvas.parentElement.clientWidth)), ratio = printing ? 3 : devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  canvas.style.height = height + "px";
  const pen = canvas.getContext("2d"), colors = theme();
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = colors.ground; pen.fillRect(0, 0, width, height);
  pen.lineJoin = "round"; pen.font = "12px system-ui, sans-serif";
  return { pen, width, colors };
};

const LEFT = 64, RIGHT = 14;

// The place of a chart: from values to pixels.
const place = (left, top, width, height, x, y) => ({
  left, top, width, height, x, y,
  px: value => left + (value - x[0]) / (x[1] - x[0]) * width,
  py: value => top + height - (value - y[0]) / (y[1] - y[0]) * height,
  atX: pixel => x[0] + (pixel - left) / width * (x[1] - x[0]),
  atY: pixel => y[0] + (top + height - pixel) / height * (y[1] - y[0]),
});

const frameOf = (pen, at, colors) => {
  pen.strokeStyle = colors.soft; pen.lineWidth = 1; pen.setLineDash([]);
  pen.strokeRect(Math.round(at.left) + 0.5, Math.round(at.top) + 0.5, Math.round(at.width), Math.round(at.height));
};

// Ticks, their lines and the name of an axis; `times` is how many of the shown unit make one.
const yAxis = (pen, at, colors, name, times) => {
  const { ticks, told } = ticksOf(at.y[0] * times, at.y[1] * times, Math.max(2, Math.round(at.height / 34)));
  pen.textAlign = "right"; pen.textBaseline = "middle";
  for (const [value, text] of ticks) {
    const y = Math.round(at.py(value / times)) + 0.5;
    pen.strokeStyle = colors.grid; pen.lineWidth = 1;
    pen.beginPath(); pen.moveTo(at.left, y); pen.lineTo(at.left + at.width, y); pen.stroke();
    pen.fillStyle = colors.ink; pen.fillText(text, at.left - 6, y);
  }
  pen.textAlign = "left"; pen.textBaseline = "bottom"; pen.fillStyle = colors.ink;
  pen.fillText(name + told, at.left, at.top - 5);
};

const xAxis = (pen, at, colors, name, times, onlyLines, whole) => {
  const { ticks, told } = ticksOf(at.x[0] * times, at.x[1] * times, Math.max(2, Math.round(at.width / 90)), whole);
  pen.textAlign = "center"; pen.textBaseline = "top";
  for (const [value, text] of ticks) {
    const x = Math.round(at.px(value / times)) + 0.5;
    pen.strokeStyle = colors.grid; pen.lineWidth = 1;
    pen.beginPath(); pen.moveTo(x, at.top); pen.lineTo(x, at.top + at.height); pen.stroke();
    if (!onlyLines) { pen.fillStyle = colors.ink; pen.fillText(text, x, at.top + at.height + 6); }
  }
  if (!onlyLines) { pen.fillStyle = colors.ink; pen.fillText(name + told, at.left + at.width / 2, at.top + at.height + 22); }
};

const clip = (pen, at, draw) => {
  pen.save(); pen.beginPath(); pen.rect(at.left, at.top, at.width, at.height); pen.clip(); draw(); pen.restore();
};

// Names of lines, with a piece of each, above a chart at its right end; what has no room is left out.
const legendOf = (pen, at, colors, lines) => {
  let x = at.left + at.width;
  pen.textAlign = "right"; pen.textBaseline = "bottom"; pen.lineWidth = 2;
  for (const { name, color, dash, spots, rings } of lines.slice().reverse()) {
    const wide = pen.measureText(name).width + (color ? 42 : 14);
    if (x - wide < at.left + 140) break;
    pen.fillStyle = colors.ink; pen.fillText(name, x, at.top - 5);
    if (color) {
      const end = x - pen.measureText(name).width - 6;
      pen.strokeStyle = pen.fillStyle = color; pen.setLineDash(dash ?? []);
      pen.beginPath();
      if (spots) pen.arc(end - 4, at.top - 11, rings ? 4 : 2.5, 0, 7); else { pen.moveTo(end - 22, at.top - 11); pen.lineTo(end, at.top - 11); }
      if (spots && !rings) pen.fill(); else pen.stroke();
      pen.setLineDash([]);
    }
    x -= wide;
  }
};

// Draws again once, however often it is asked for before the next picture.
const later = draw => {
  let waits = false;
  return () => { if (waits) return; waits = true; requestAnimationFrame(() => { waits = false; draw(); }); };
};
