// The choice of a case: what there is, before anything is simulated.
import { el } from "./dom.js";

export const cards = (cases) => el("ul", { class: "shelf" }, cases.map((each) => el("li", {},
  el("h2", {}, el("a", { href: `?case=${each.name}` }, each.title)),
  el("p", {}, each.summary),
  el("p", { class: "quiet" }, `${each.from.slice(0, 4)} to ${each.until.slice(0, 4)}, ${each.actors} powers and clients, ${observed(each.items)}`))));

// What lies beside the cases and cannot be read as one, with the reason.
export const unreadable = (found) => (found.length ? [el("h2", {}, "Cannot be read"),
  el("ul", { class: "shelf unreadable" }, found.map((each) => el("li", {}, el("h3", {}, each.name), el("p", { class: "why" }, each.why))))] : []);

const observed = (items) => (items ? `${items} dated observations to hold it against` : "no dossier to hold it against");
