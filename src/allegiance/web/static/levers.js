// Levers: a form that writes the state, and the contrast that it orders.
import { el, details } from "./dom.js";
import { number } from "./format.js";
import { command, pulled, state, world, write } from "./state.js";
import { stored, work } from "./api.js";
import { watched } from "./progress.js";
import { outcome } from "./contrast.js";
import { STORY_RUNS } from "./story.js";

const MOST_RUNS = 2000, MOST_SEED = 4294967295;

export async function show(about, levers, theories, place, onStory) {
  const line = el("code", { id: "command" }), chips = el("ul", { class: "chips", "aria-label": "Levers pulled" });
  const answer = el("div", { id: "answer", "aria-live": "polite" });
  const button = el("button", { type: "submit", id: "contrast", class: "main" }, "Contrast the two worlds");
  const under = el("button", { type: "button", id: "under", onclick: onStory }, "Show the story under these levers");
  const refresh = (sound = true) => {
    if (sound) write();
    line.textContent = pulled() ? command("contrast", state.runs) : "pull a lever first";
    button.disabled = under.disabled = !pulled() || !form.checkValidity();
    chips.replaceChildren(...pulledChips(() => { form.replaceWith((form = drawn())); refresh(); }));
    answer.classList.toggle("old", Boolean(answer.childElementCount));
  };
  const drawn = () => el("form", { onsubmit: run },
    theory(theories, refresh), timeline(levers.entries, refresh), rows(levers, refresh), stocks(levers.stocks, refresh), other(() => { form.replaceWith((form = drawn())); refresh(); }),
    el("div", { class: "row" }, field("Futures", "runs", 1, MOST_RUNS, refresh), field("Seed", "seed", 0, MOST_SEED, refresh)),
    el("p", { class: "quiet" }, whole),
    chips, el("p", { class: "quiet" }, "On the command line: ", line),
    el("div", { class: "row" }, button, under));
  const order = () => ({ ...world(), runs: state.runs });
  async function run(event) {
    event?.preventDefault();
    answer.classList.remove("old");
    button.disabled = true;
    const done = await watched("contrast", order(), answer, `Contrasting ${state.runs} pairs of futures`);
    button.disabled = !pulled() || !form.checkValidity();
    if (done) answer.replaceChildren(...outcome(done));
  }
  const whole = `The story has ${STORY_RUNS} futures; a contrast, as many as stand here.`;
  let form = drawn();
  place.replaceChildren(el("h2", {}, "What if?"),
    el("p", {}, "Pull levers, then compare the case as it is (a) with the case under your levers (b). Both worlds share every random draw, so a difference is the levers' doing and not noise. The address of this page keeps your levers: copy it to share them."),
    form, answer);
  refresh();
  if (form.checkValidity()) work("ready", order(), () => {}).catch(() => {}); // world a, while the reader chooses
  if (!pulled()) return;
  const done = await stored("contrast", order()).catch((error) => ({ error }));
  if (done?.error) answer.replaceChildren(el("p", { class: "problem" }, done.error.message));
  else if (done) answer.replaceChildren(...outcome(done));
  else answer.replaceChildren(el("p", { class: "quiet" }, "These levers have not been contrasted here yet."));
}

function pulledChips(redraw) {
  const chip = (text, drop) => el("li", {}, text, el("button", { type: "button", "aria-label": `Remove ${text}`, onclick: () => { drop(); redraw(); } }, "×"));
  const of = (flag, name) => state[name].map((value) => chip(`${flag} ${value}`, () => { state[name] = state[name].filter((v) => v !== value); }));
  const all = [...of("without", "without"), ...of("free", "free"), ...of("set", "set")];
  if (state.theory !== "default") all.unshift(chip(`theory ${state.theory}`, () => { state.theory = "default"; }));
  return all.length ? all : [el("li", { class: "quiet" }, "No lever is pulled yet.")];
}

function theory(theories, refresh) {
  const says = el("p", { class: "quiet", id: "says" });
  const tell = () => { says.textContent = theories.find((t) => t.name === state.theory)?.summary ?? ""; };
  const choice = el("select", { id: "theory", "aria-describedby": "says", onchange: (e) => { state.theory = e.target.value; tell(); refresh(); } },
    theories.map((t) => el("option", { value: t.name, selected: t.name === state.theory }, t.name)));
  tell();
  return el("fieldset", {}, el("legend", {}, "Explanation"), el("label", {}, "Theory ", choice), says);
}

const toggle = (name, value, on) => {
  state[name] = state[name].filter((v) => v !== value);
  if (on) state[name].push(value);
};

const setting = (address) => state.set.find((text) => text.startsWith(`${address}=`))?.slice(address.length + 1);

function setTo(address, value, was) {
  state.set = state.set.filter((text) => !text.startsWith(`${address}=`));
  if (value !== "" && value !== was) state.set.push(`${address}=${value}`);
}

function timeline(entries, refresh) {
  const lines = entries.map((entry) => {
    const now = state.without.includes(entry.id) ? "without" : state.free.includes(entry.id) ? "free" : "given";
    const choices = [["given", "as given"], ["without", "never happens"], ...(entry.pins ? [["free", "the model decides"]] : [])];
    const date = el("input", { type: "date", value: setting(`${entry.id}.date`) ?? entry.date, disabled: now === "without", "aria-label": `Date of: ${entry.label}`, onchange: (e) => { setTo(`${entry.id}.date`, e.target.value, entry.date); refresh(); } });
    const choice = el("select", { "data-entry": entry.id, "aria-label": entry.label, onchange: (e) => {
      toggle("without", entry.id, e.target.value === "without");
      toggle("free", entry.id, e.target.value === "free");
      if ((date.disabled = e.target.value === "without")) { date.value = entry.date; setTo(`${entry.id}.date`, "", ""); }
      refresh();
    } }, choices.map(([value, text]) => el("option", { value, selected: value === now }, text)));
    const changed = now !== "given" || setting(`${entry.id}.date`) !== undefined;
    return el("li", { title: entry.id, class: changed ? "pulled" : null }, date, el("span", { class: "what" }, entry.label), choice);
  });
  return el("fieldset", {}, el("legend", {}, "What is given"), el("p", { class: "quiet" }, "Everything dated that comes from outside the model. Take an entry away, move its date, or let the model decide it."),
    el("div", { class: "entries", tabindex: "0", role: "group", "aria-label": "Entries of the timeline" }, el("ul", {}, lines)));
}

function rows(levers, refresh) {
  const boxes = levers.rows.map((row) => el("li", {}, el("label", { title: row.claim },
    el("input", { type: "checkbox", "data-row": row.id, checked: !state.without.includes(row.id), onchange: (e) => { toggle("without", row.id, !e.target.checked); refresh(); } }),
    ` ${row.id} ${row.name}`)));
  const made = details(`Mechanisms at work (${levers.rows_used ? "those that this case uses" : "all"}: ${levers.rows.length})`, el("ul", { class: "checks" }, boxes));
  made.open = levers.rows.some((row) => state.without.includes(row.id));
  return made;
}

function stocks(found, refresh) {
  const groups = [...new Set(found.map((stock) => stock.group))];
  const made = details("Start values and free parameters", groups.map((group) => el("fieldset", { class: "stocks" }, el("legend", {}, group),
    found.filter((stock) => stock.group === group).map((stock) => el("label", { title: `${stock.tag}: ${stock.source}` },
      el("span", {}, stock.label, el("span", { class: "quiet" }, ` ${stock.unit}`, stock.low !== null ? `, ${number(stock.low)} to ${number(stock.high)}` : "")),
      el("input", { type: "number", step: "any", "data-address": stock.address, value: setting(stock.address) ?? stock.value, onchange: (e) => { setTo(stock.address, e.target.value, String(stock.value)); refresh(); } }))))));
  made.open = found.some((stock) => setting(stock.address) !== undefined);
  return made;
}

function other(redraw) {
  const text = el("input", { type: "text", id: "other", placeholder: "ADDRESS=VALUE", maxlength: 200, autocomplete: "off" });
  const add = () => { if (text.value.includes("=")) { state.set.push(text.value.trim()); redraw(); } };
  text.addEventListener("keydown", (e) => { if (e.key === "Enter") { e.preventDefault(); add(); } });
  return details("Anything else", el("p", { class: "row" }, el("label", {}, "Set ", text), el("button", { type: "button", onclick: add }, "Add")),
    el("p", { class: "quiet" }, "Any start value, constant, parameter.NAME or ENTRY.date, as the command line's --set. A wrong address is refused with the nearest right one."));
}

// A whole number; what is out of range is refused where it stands, and the order keeps what it had.
function field(label, name, min, max, refresh) {
  const says = el("span", { class: "refused", id: `${name}-says`, role: "status" });
  const box = el("input", { type: "number", id: name, min, max, step: 1, value: state[name], required: true, "aria-describedby": `${name}-says`, oninput: () => {
    if (tell()) { state[name] = Number(box.value); refresh(); } else refresh(false);
  } });
  const tell = () => {
    const sound = box.checkValidity();
    says.textContent = sound ? "" : `${label}: a whole number from ${min} to ${max}.`;
    box.setAttribute("aria-invalid", String(!sound));
    return sound;
  };
  tell();
  return [el("label", {}, `${label} `, box), says];
}
