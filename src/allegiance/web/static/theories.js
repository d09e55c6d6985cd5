// Rival explanations: what each says, and a stored comparison where the case has one.
import { el, table } from "./dom.js";
import { get } from "./api.js";
import { chance, number, percent, plain } from "./format.js";
import { state, write } from "./state.js";

export async function show(about, theories, place, onTheory) {
  const found = await get(`/cases/${about.name}/comparison`);
  const cards = theories.map((theory) => el("li", {}, el("strong", {}, theory.name), ` ${theory.summary}`,
    theory.off.length ? el("span", { class: "quiet" }, ` (without ${theory.off.join(", ")})`) : null,
    theory.name === "default" ? null : el("button", { type: "button", "data-theory": theory.name, onclick: () => { state.theory = theory.name; write(); onTheory(); } }, "Contrast with it")));
  place.replaceChildren(el("h2", {}, "Explanations"),
    el("p", {}, "Each is the same model with other motives of the patrons, and at most one mechanism off. A contrast shows what one would change; a comparison weighs them on the evidence."),
    el("ul", { class: "cards" }, cards), el("h3", {}, "Weighed on the evidence"), ...(found ? weighed(found) : missing(about)));
}

const missing = (about) => [el("p", {}, "No comparison is stored with this case. It takes many minutes, so this page does not start one. On the command line:"),
  el("pre", { tabindex: "0" }, `allegiance compare ${about.name} --theories unable,unwilling,disposable,stated --json > comparison.json`),
  el("p", { class: "quiet" }, "Put comparison.json into the case's folder and it appears here.")];

function weighed(found) {
  const names = Object.keys(found.posterior);
  const items = (found.diagnostic ?? []).slice(0, 12);
  return [el("p", { class: "headline" }, `Verdict: ${found.verdict}`),
    table("How likely is each explanation? (equal prior odds)", ["theory", "posterior", "Monte Carlo error"],
      names.map((name) => [name, chance(found.posterior[name]), percent(found.se?.[name])])),
    ...(items.length && items[0].log_ratio ? [table("What tells them apart: log likelihood against the mean, in nats", ["item", ...names],
      items.map((row) => [plain(row.item), ...names.map((name) => number(row.log_ratio[name]))]))] : [])];
}
