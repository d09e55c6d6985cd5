// The page: which case, which section. Everything it shows comes from /api.
import { byId, el } from "./dom.js";
import { abandon, get } from "./api.js";
import { cards, unreadable } from "./cases.js";
import { learn } from "./format.js";
import { pulled, read, state, write } from "./state.js";
import * as story from "./story.js";
import * as levers from "./levers.js";
import * as evidence from "./evidence.js";
import * as theories from "./theories.js";
import * as data from "./data.js";

const SECTIONS = ["story", "levers", "evidence", "theories", "data"];
const drawn = new Set();
let about = null, known = null, under = false;

function complain(error) {
  const notice = byId("notice");
  notice.textContent = error.message;
  notice.hidden = false;
}

const current = () => (SECTIONS.includes(location.hash.slice(1)) ? location.hash.slice(1) : "story");

async function section() {
  const name = current();
  for (const each of SECTIONS) byId(each).hidden = each !== name;
  for (const link of byId("sections").children) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!about || drawn.has(name)) return;
  drawn.add(name);
  const place = byId(name);
  try {
    if (name === "story") await story.show(about, place, under);
    else if (name === "levers") await levers.show(about, await get(`/cases/${about.name}/levers`), known, place, () => { under = true; drawn.delete("story"); location.hash = "#story"; });
    else if (name === "evidence") await evidence.show(about, place);
    else if (name === "theories") await theories.show(about, known, place, () => { drawn.delete("levers"); location.hash = "#levers"; });
    else await data.show(about, place);
  } catch (error) {
    drawn.delete(name);
    complain(error);
  }
  // What these tell changes with what has been simulated or pulled since.
  for (const each of ["evidence", "data"]) if (each === name) drawn.delete(each);
}

async function choose(name) {
  abandon();
  byId("notice").hidden = true;
  about = null;
  drawn.clear();
  under = pulled();
  for (const each of SECTIONS) byId(each).replaceChildren();
  byId("sections").hidden = !name;
  byId("cases").hidden = Boolean(name);
  byId("case").value = name;
  if (!name) {
    document.title = "allegiance";
    byId("title").textContent = "Which case?";
    byId("summary").textContent = "Nothing is simulated until you choose one. Its story then takes some 20 seconds the first time, and is kept.";
    return;
  }
  try {
    about = await get(`/cases/${encodeURIComponent(name)}`);
  } catch (error) {
    byId("title").textContent = "No such case";
    byId("summary").textContent = "";
    complain(error);
    return;
  }
  state.shipped = about.shipped;
  document.title = `${about.title} · allegiance`;
  byId("title").textContent = about.title;
  byId("summary").textContent = about.summary;
  await section();
}

async function begin() {
  const [{ cases, unreadable: wrong }, found, { words }] = await Promise.all([get("/cases"), get("/theories"), get("/words")]);
  known = found.theories;
  learn(words);
  const choice = byId("case");
  choice.replaceChildren(el("option", { value: "" }, "Choose a case…"), ...cases.map((each) => el("option", { value: each.name }, each.title)));
  byId("cases").replaceChildren(cards(cases), ...unreadable(wrong));
  choice.addEventListener("change", () => {
    Object.assign(state, { case: choice.value, theory: "default", set: [], without: [], free: [] });
    write(true);
    choose(state.case);
  });
  window.addEventListener("hashchange", section);
  window.addEventListener("popstate", () => { const now = read(); if (now.case !== state.case) { Object.assign(state, now); choose(state.case); } });
  if (state.case) write();
  await choose(state.case);
}

begin().catch(complain);
