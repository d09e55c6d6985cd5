// The dossier: every dated observation, and what the model expected of it.
import { el, table } from "./dom.js";
import { get } from "./api.js";
import { number, plain } from "./format.js";

const FIRST = 25;

export async function show(about, place) {
  const found = await get(`/cases/${about.name}/dossier?theory=default`);
  const status = found.fitted ? `Expected: median (5% to 95%) over ${found.runs} futures under the default theory, reporting error included. Parameters are those of the table, not of a posterior.`
    : "The fit appears once the story of the case has been simulated (open Story).";
  const cover = found.standing.length ? [el("ul", { id: "standing" }, found.standing.map((line) => el("li", {}, line)))] : [];
  const use = el("select", { id: "use" }, ["all items", "fit", "hold"].map((text) => el("option", {}, text)));
  const only = el("select", { id: "inside" }, ["in and outside", "outside their 90% set"].map((text) => el("option", {}, text)));
  const list = el("div");
  const draw = () => {
    const items = found.items.filter((item) => use.selectedIndex === 0 || item.use === use.value).filter((item) => only.selectedIndex === 0 || (item.fit && !item.fit.inside));
    items.sort((a, b) => (a.fit?.score ?? 0) - (b.fit?.score ?? 0));
    const all = el("button", { type: "button", onclick: () => list.replaceChildren(drawn(items)) }, `Show all ${items.length}`);
    list.replaceChildren(items.length ? drawn(items.slice(0, FIRST)) : el("p", {}, "No item of this kind."), ...(items.length > FIRST ? [all] : []));
  };
  use.addEventListener("change", draw);
  only.addEventListener("change", draw);
  place.replaceChildren(el("h2", {}, "Evidence"),
    el("p", {}, "What the model is held against: dated observations, each with its source and an Admiralty grade. Nothing that the timeline gives stands here; “hold” items are held out and only tested, “fit” items may be fitted to."),
    el("p", { class: "quiet" }, status), ...cover,
    el("div", { class: "row" }, el("label", {}, "Use ", use), el("label", {}, "Show ", only)), list);
  draw();
}

function drawn(items) {
  const lines = items.map((item) => {
    const fit = item.fit;
    const cells = [
      [el("strong", {}, plain(item.id)), el("br"), el("span", { class: "quiet" }, item.labels.join(" + "), item.when ? `; ${item.when}` : "")],
      item.observed, fit ? expected(fit) : "–", fit ? (fit.inside ? "inside" : "outside") : "–", fit ? fit.score?.toFixed(2) ?? "–" : "–",
      `${item.grade}, ${item.use}`, [item.source, item.note ? el("span", { class: "quiet" }, ` ${item.note}`) : ""],
    ];
    return el("tr", { class: fit && !fit.inside ? "missed" : null }, cells.map((cell, at) => el("td", { class: at === 6 ? "source" : null }, cell)));
  });
  return table(`${items.length === 1 ? "One item" : `${items.length} items`}, worst first`, HEADER, lines, 99);
}

const HEADER = ["item", "observed", "expected", "90% set", "log score", "grade, use", "source"];

function expected(fit) {
  const [low, middle, high] = [fit.q05, fit.q50, fit.q95].map(shown);
  return low === high ? middle : `${middle} (${low} to ${high})`;
}

const shown = (value) => (value === null ? "never" : number(value));
