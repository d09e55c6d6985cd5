// Fan charts: the line is the median, the bands hold 50% and, paler, 90% of the futures.
import { el, svg } from "./dom.js";
import { COLOURS, number } from "./format.js";

const HEIGHT = 210, LEFT = 44, RIGHT = 8, TOP = 8, BOTTOM = 22, FLAT = 1e-5;

function ticks(high) {
  const rough = high / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough);
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
}

// `lines` are {label, q05, q25, q50, q75, q95} or {label, q50}; `mark(at)` moves the date's line.
export function fan(title, unit, lines, dates, runs, colours = COLOURS) {
  const width = 460, inner = width - LEFT - RIGHT, tall = HEIGHT - TOP - BOTTOM;
  const all = lines.flatMap((line) => (line.q95 ?? line.q50)).filter((v) => v !== null);
  const most = Math.max(...all, unit === "% of futures" ? 96 : 0);
  const high = (most > FLAT ? most : 1) * 1.04; // a scale of nothing would read 0, 0, 0
  const days = dates.map((d) => Date.parse(d)), first = days[0], last = days.at(-1);
  const x = (at) => LEFT + (inner * (days[at] - first)) / Math.max(last - first, 1);
  const y = (value) => TOP + tall * (1 - Math.max(value, 0) / high);
  const point = (value, at) => `${x(at).toFixed(1)} ${y(value ?? 0).toFixed(1)}`;
  const band = (low, up, colour, opacity) => svg("path", {
    d: `M${up.map(point).join("L")}L${low.map((v, at) => point(v, at)).reverse().join("L")}Z`, fill: colour, "fill-opacity": opacity,
  });
  const picture = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", class: "fan", "aria-label": `${title}, ${unit}: median and bands of ${runs} futures; at the end ${lines.map((l) => `${l.label} ${number(l.q50.at(-1))}`).join(", ")}` });
  for (const value of ticks(high)) {
    picture.append(svg("line", { x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value), class: "grid" }),
      svg("text", { x: LEFT - 6, y: y(value) + 4, class: "tick end" }, number(value)));
  }
  const years = [...new Set(dates.map((d) => d.slice(0, 4)))];
  const every = Math.max(1, Math.ceil(years.length / 8));
  years.forEach((year, i) => {
    const day = Date.parse(`${year}-01-01`);
    if (i % every || day < first) return;
    const at = LEFT + (inner * (day - first)) / (last - first);
    picture.append(svg("line", { x1: at, x2: at, y1: TOP + tall, y2: TOP + tall + 4, class: "axis" }));
    if (at < width - 24) picture.append(svg("text", { x: at, y: HEIGHT - 5, class: "tick middle" }, year));
  });
  lines.forEach((line, i) => {
    const colour = colours[i % colours.length];
    if (line.q95) picture.append(band(line.q05, line.q95, colour, 0.12), band(line.q25, line.q75, colour, 0.25));
  });
  lines.forEach((line, i) => picture.append(svg("path", { d: `M${line.q50.map(point).join("L")}`, fill: "none", stroke: colours[i % colours.length], "stroke-width": 2, "stroke-dasharray": i > 3 ? "5 3" : null })));
  const marker = svg("line", { y1: TOP, y2: TOP + tall, class: "now", x1: LEFT, x2: LEFT });
  picture.append(marker);
  const figure = el("figure", {}, el("figcaption", {}, el("strong", {}, title), el("span", { class: "quiet" }, ` ${unit}; ${runs} futures`)),
    picture, legend(lines.map((line, i) => [line.label, colours[i % colours.length]])));
  const mark = (at) => { marker.setAttribute("x1", x(at)); marker.setAttribute("x2", x(at)); };
  return { figure, mark };
}

export function legend(pairs) {
  return el("ul", { class: "legend" }, pairs.map(([label, colour]) =>
    el("li", {}, svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("rect", { width: 12, height: 12, rx: 2, fill: colour })), label)));
}
