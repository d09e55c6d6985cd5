// The story of a case: a map and ties through time under one slider, fans, and what comes out.
import { el, byId, details, table } from "./dom.js";
import { stored } from "./api.js";
import { controlMap } from "./map.js";
import { network } from "./ties.js";
import { fan, legend } from "./fan.js";
import { COLOURS, chance, number, percent, plain, sentence, words } from "./format.js";
import { pulled, state, world } from "./state.js";
import { watched } from "./progress.js";

export const STORY_RUNS = 128;
const SPEED = 140;

export const order = (levers) => ({ ...(levers ? world() : { case: state.case, seed: state.seed }), runs: STORY_RUNS });

// Draw the section: the start at once, the rest when the futures are there.
export async function show(about, place, asked = false) {
  const view = frame(about, place);
  const levers = asked && pulled();
  const wanted = order(levers);
  let done = await stored("story", wanted);
  if (!done) done = await watched("story", wanted, view.waiting, `Simulating ${STORY_RUNS} futures for the first picture`);
  if (!done || place.dataset.case !== about.name) return null;
  view.told(done.found, levers);
  return done;
}

function frame(about, place) {
  place.dataset.case = about.name;
  const colours = sideColours(about);
  const wars = Object.values(about.places).map((war) => ({ war, ...controlMap(war, colours) }));
  const date = el("output", { for: "date" }, about.from);
  const slider = el("input", { type: "range", id: "date", "aria-label": "Date", min: 0, max: 1, step: 1, value: 0, disabled: true });
  const play = el("button", { type: "button", id: "play", disabled: true }, "Play");
  const given = el("p", { class: "given", id: "given" });
  const waiting = el("div", { id: "waiting" });
  const lead = el("div", { class: "lead" });
  const tiesAt = el("div", { class: "panel" }, el("h3", {}, "Allegiances"), el("p", { class: "quiet" }, "Trust of every client in the patrons, once the futures are there."));
  const below = el("div");
  for (const { war, show } of wars) {
    show(Object.fromEntries(Object.entries(war.regions).map(([id, r]) => [id, r.control])), about.from);
  }
  const maps = wars.map(({ war, picture }) => el("div", { class: "panel" }, el("h3", {}, `${war.label}: who holds what`), picture,
    legend(war.sides.map((side) => [plain(side), colours[side]])),
    el("p", { class: "quiet" }, `Circles have the area of their region; the ringed one, ${seat(war)}, is the seat of government. Means of the futures.`)));
  place.replaceChildren(lead, waiting,
    el("div", { class: "time" }, play, el("label", { for: "date" }, "Date"), slider, date), given,
    el("div", { class: "pair" }, maps.length ? el("div", {}, maps) : null, tiesAt), below);
  return { waiting, told: (story, levers) => tell(about, story, levers, { wars, date, slider, play, given, lead, tiesAt, below, colours }) };
}

const seat = (war) => Object.values(war.regions).find((region) => region.seat)?.label ?? "none";

const sideColours = (about) => {
  const sides = [...new Set(Object.values(about.places).flatMap((war) => war.sides))];
  return Object.fromEntries(sides.map((side, i) => [side, COLOURS[i % COLOURS.length]]));
};

function tell(about, story, levers, view) {
  const { wars, date, slider, play, given, lead, tiesAt, below, colours } = view;
  const labels = { ...about.powers, ...about.clients };
  lead.replaceChildren(...leading(story, levers));
  const patrons = [...new Set(story.ties.map((tie) => tie.power))];
  const hues = Object.fromEntries(patrons.map((power, i) => [power, COLOURS[i % COLOURS.length]]));
  const net = story.ties.length ? network(story.ties, labels, hues) : null;
  tiesAt.replaceChildren(el("h3", {}, "Allegiances"), ...(net ? [net.picture,
    el("p", { class: "quiet" }, "A line is as wide as the client's trust that the patron keeps its word, and as dark as its alignment with it (means of the futures).")] : [el("p", {}, "No patron backs a government here.")]));
  const fans = story.fans.filter((each) => each.lines.length).map((each) => fan(each.title, each.unit, each.lines, story.dates, story.runs));
  const passed = Object.entries(story.first).map(([id, share]) => ({ label: story.outcomes[id].label, q50: share.map((v) => 100 * v) }));
  if (passed.length) fans.unshift(fan("What has happened by when", "% of futures", passed, story.dates, story.runs));
  const mapTable = el("div"), tieTable = el("div");
  const tables = details("The map and the ties as tables", mapTable, tieTable);
  let at = 0;
  const showTables = () => {
    if (!tables.open) return;
    mapTable.replaceChildren(...wars.map(({ war }) => {
      const id = Object.keys(about.places).find((name) => about.places[name] === war);
      return table(`${war.label}: share held, ${story.dates[at]}`, ["region", ...war.sides.map(plain)],
        Object.entries(war.regions).map(([place, r]) => [r.label, ...war.sides.map((side) => percent(story.maps[id][place][side][at]))]));
    }));
    tieTable.replaceChildren(table(`Ties, ${story.dates[at]}`, ["client", "patron", "trust", "alignment"],
      story.ties.map((tie) => [labels[tie.client], labels[tie.power], percent(tie.trust[at]), percent(tie.alignment[at])]), 2));
  };
  const move = () => {
    at = Number(slider.value);
    const day = story.dates[at];
    date.textContent = day;
    slider.setAttribute("aria-valuetext", day);
    for (const { war, show } of wars) {
      const id = Object.keys(about.places).find((name) => about.places[name] === war);
      show(Object.fromEntries(Object.entries(story.maps[id]).map(([place, sides]) =>
        [place, Object.fromEntries(Object.entries(sides).map(([side, path]) => [side, path[at]]))])), day);
    }
    net?.show(at, day);
    fans.forEach((each) => each.mark(at));
    const before = about.timeline.filter((entry) => entry.date <= day);
    const last = before.at(-1);
    given.textContent = last ? `Given last, ${last.date}: ${last.label}` : "Nothing has been given yet.";
    showTables();
  };
  tables.addEventListener("toggle", showTables);
  slider.max = story.dates.length - 1;
  slider.disabled = play.disabled = false;
  slider.addEventListener("input", move);
  let timer = null;
  const stop = () => { clearInterval(timer); timer = null; play.textContent = "Play"; };
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(slider.value) >= story.dates.length - 1) slider.value = 0;
    play.textContent = "Pause";
    timer = setInterval(() => {
      if (Number(slider.value) >= story.dates.length - 1 || !slider.isConnected) return stop();
      slider.value = Number(slider.value) + 1;
      move();
    }, SPEED);
  });
  below.replaceChildren(tables, el("h3", {}, "Through time"),
    el("p", { class: "quiet" }, "Lines are medians; bands hold 50% and, paler, 90% of the futures. The upright line is the date above."),
    el("div", { class: "fans" }, fans.map((each) => each.figure)),
    el("h3", {}, "What comes out"), el("div", { id: "outcomes" }, outcomes(story)));
  move();
}

function leading(story, levers) {
  const under = levers ? el("p", { class: "under" }, `Under your levers: ${[story.theory === "default" ? null : `theory ${story.theory}`, ...story.levers].filter(Boolean).join(" ")}`) : null;
  const events = Object.values(story.outcomes).filter((outcome) => outcome.kind === "event");
  const list = events.map((outcome) => el("li", {}, `${sentence(outcome.label)}: `, el("strong", {}, chance(outcome.p, outcome.se)),
    outcome.median_date ? `; if so, half of the time by ${outcome.median_date} (90% of it from ${outcome.date_q05} to ${outcome.date_q95})` : ""));
  return [under, el("ul", { class: "verdict" }, list)].filter(Boolean);
}

// Every outcome that the case reports: the asked one first, then whatever else happens, then how much.
export function outcomes(story) {
  const all = Object.values(story.outcomes), of = `${story.runs} futures, seed ${story.seed}, theory ${story.theory}`;
  const events = all.filter((outcome) => outcome.kind === "event")
    .map((o) => [sentence(o.label), percent(o.p), words(o.p), o.median_date, o.date_q05, o.date_q95]);
  const amounts = all.filter((outcome) => outcome.kind === "quantity")
    .map((o) => [sentence(o.label), ...(o.n ? amount(o) : [o.unit, "in no future", null, null])]);
  return [
    ...(events.length ? [table(`Does it happen by ${story.until}? ${of}`, ["outcome", "probability", "in words", "median date, if so", "5%", "95%"], events, 3)] : []),
    ...(amounts.length ? [table(`How much? ${of}`, ["outcome", "unit", "median", "5%", "95%"], amounts, 2)] : []),
  ];
}

// Of what is 0 or 1 a median says little: the mean is the share in which it is so.
const amount = (o) => (o.unit === "0 or 1" ? ["of futures, mean", percent(o.mean), null, null] : [o.unit, ...[o.q50, o.q05, o.q95].map(number)]);

export const section = () => byId("story");
