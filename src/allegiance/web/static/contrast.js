// A finished contrast: what differs, with intervals, and what departed first.
import { el, svg, table } from "./dom.js";
import { chance, number, percent, sentence } from "./format.js";

const MOST = 25;

export function outcome({ job, found }) {
  const lines = Object.values(found.outcomes).filter((o) => o.difference !== null).map(line);
  const chance = lines.length ? [table(`What differs? ${found.runs} pairs of futures, seed ${found.seed}; bold where the 90% interval leaves out no difference`,
    ["outcome", "unit", "a: as it is", "b: levers", "b − a", "5% to 95%", ""], lines, 2)] : [];
  const files = job.parts.map((part) => el("li", {}, el("a", { href: `/api/jobs/${job.id}/files/${part}`, download: true }, part)));
  return [el("h3", {}, "Two worlds"), el("p", {}, `World b: ${[found.theory === "default" ? null : `theory ${found.theory}`, ...found.levers].filter(Boolean).join(" ")}`), ...headline(found), ...chance, ...departures(found.chain),
    el("p", { class: "files" }, "Keep it:"), el("ul", { class: "files" }, files)];
}

const clear = (o) => o.q05 !== null && !(o.q05 <= 0 && o.q95 >= 0);

function headline(found) {
  const events = Object.values(found.outcomes).filter((o) => o.kind === "event");
  return events.map((o) => el("p", { class: "headline" }, `${sentence(o.label)}: ${chance(o.a)} as it is, ${chance(o.b)} under the levers`, clear(o) ? "." : `; no clear difference in ${found.runs} pairs.`));
}

function line(o) {
  const event = o.kind === "event";
  const shown = event ? (v) => `${number(100 * v)}%` : number;
  const cells = [sentence(o.label), event ? "probability" : o.unit, shown(o.a), shown(o.b), shown(o.difference), o.q05 === null ? "–" : `${shown(o.q05)} to ${shown(o.q95)}`];
  return el("tr", { class: clear(o) ? "clear" : null }, cells.map((text, at) => el("td", { class: at > 4 ? "number interval" : at > 1 ? "number" : null }, text)), el("td", {}, whisker(o)));
}

// The interval about no difference, drawn to the larger of its ends.
function whisker(o) {
  if (o.q05 === null) return "";
  const reach = Math.max(Math.abs(o.q05), Math.abs(o.q95), 1e-12) * 1.1, x = (v) => 60 + (56 * v) / reach;
  return svg("svg", { viewBox: "0 0 120 16", class: "whisker", "aria-hidden": "true" },
    svg("line", { x1: 60, x2: 60, y1: 1, y2: 15, class: "axis" }),
    svg("line", { x1: x(o.q05), x2: x(o.q95), y1: 8, y2: 8, class: "span" }),
    svg("circle", { cx: x(o.difference), cy: 8, r: 3.5, class: clear(o) ? "dot" : "dot faint" }));
}

// The first MOST rows, then those that an outcome reads: the rows that the command line prints.
function departures(chain) {
  if (!chain.length) return [el("p", {}, "No recorded quantity departs clearly: the two worlds are alike.")];
  const together = new Map();
  for (const entry of chain) {
    const key = `${entry.first} ${entry.address.split("->").at(-1)}`;
    together.set(key, [...(together.get(key) ?? []), entry]);
  }
  const groups = [...together.values()];
  const late = groups.slice(MOST).filter((group) => group.some((entry) => entry.asked));
  const some = groups.length > MOST ? `the first ${MOST} of ${groups.length}${late.length ? ", then what outcomes read" : ""}` : "in order";
  const item = ([first, ...others]) => [`${first.label}${others.length ? `, and ${others.length} more such ties` : ""}`, first.first, first.unit || "index",
    number(first.effect), `${number(first.q05)} to ${number(first.q95)}`, percent(first.share)];
  return [table(`What departed first? (${some}; b − a is the mean over the year from then on)`, ["quantity", "from", "unit", "b − a", "5% to 95%", "futures"], [...groups.slice(0, MOST), ...late].map(item), 3),
    el("p", { class: "quiet" }, "Futures: the share in which that year differs by 1% or more, in this sense.")];
}
