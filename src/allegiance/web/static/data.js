// What may be taken away: the story's data, a run with every future's outcomes, and how to repeat it.
import { el } from "./dom.js";
import { command, pulled, state, world } from "./state.js";
import { stored } from "./api.js";
import { watched } from "./progress.js";
import * as story from "./story.js";

const NAMES = { "result.json": "everything, as JSON", "series.csv": "through time, as CSV", "runs.csv": "outcomes of every future, as CSV", "contrast.csv": "differences, as CSV", "report.html": "the report, one file that needs no network" };

const MOST_REPORTED = 500;

export async function show(about, place) {
  const under = pulled() ? " under your levers" : "";
  const storyAt = el("div"), runAt = el("div", { id: "run-files" }), reportAt = el("div", { id: "report-files" });
  const reported = () => Math.min(state.runs, MOST_REPORTED);
  const reportOrder = () => ({ ...world(), runs: reported() });
  const report = async () => {
    const done = await watched("report", reportOrder(), reportAt, `Simulating ${reported()} futures for the report`);
    if (done) reportAt.replaceChildren(files(done.job));
  };
  const run = async () => {
    const done = await watched("run", { ...world(), runs: state.runs }, runAt, `Simulating ${state.runs} futures`);
    if (done) runAt.replaceChildren(files(done.job));
  };
  const same = (id, ...commands) => el("p", { class: "quiet" }, "The same futures on the command line: ", commands.map((text, at) => [at ? ", then " : null, el("code", { class: "long", id: at ? null : id }, text)]));
  const folder = `out/${about.name}`, saved = (to, levers) => `${command("run", reported(), levers)} --out ${to}`;
  const reportCommands = pulled()
    ? [saved(folder, true), saved(`${folder}_as_it_is`, false), `allegiance report ${folder} --against ${folder}_as_it_is`]
    : [saved(folder, true), `allegiance report ${folder}`];
  place.replaceChildren(el("h2", {}, "Data"),
    el("h3", {}, `The story of ${story.STORY_RUNS} futures, as the case is`), storyAt, same("story-command", command("run", story.STORY_RUNS, false)),
    el("h3", {}, `A run of ${state.runs} futures${under}`), el("p", {}, el("button", { type: "button", id: "run", onclick: run }, "Run and offer the files")), runAt, same("run-command", command("run", state.runs)),
    el("h3", {}, `A report of ${reported()} futures${under}`),
    el("p", {}, "One file to send on: verdict, pictures, evidence, where every number comes from. It needs no network.", pulled() ? " It shows your levers against the case as it is." : ""),
    el("p", {}, el("button", { type: "button", id: "report", onclick: report }, "Write the report")), reportAt, same("report-command", ...reportCommands),
    el("h3", {}, "Share"),
    el("p", {}, "This address keeps case, theory, levers, futures and seed: "), el("p", {}, el("code", { class: "long" }, location.href.split("#")[0])),
    ...(pulled() ? [same("contrast-command", command("contrast", state.runs))] : []),
    el("p", { class: "quiet" }, "Every number comes from the same interface, documented at ", el("a", { href: "/api/docs" }, "/api/docs"), "."));
  const told = await stored("story", story.order(false)).catch(() => null);
  storyAt.replaceChildren(told ? files(told.job) : el("p", {}, "It is here once the story has been simulated (open Story)."));
  const kept = await stored("run", { ...world(), runs: state.runs }).catch(() => null);
  if (kept) runAt.replaceChildren(files(kept.job));
  const written = await stored("report", reportOrder()).catch(() => null);
  if (written) reportAt.replaceChildren(files(written.job));
}

const files = (job) => el("ul", { class: "files" }, job.parts.map((part) =>
  el("li", {}, el("a", { href: `/api/jobs/${job.id}/files/${part}`, download: true }, part), ` ${NAMES[part] ?? ""}`,
    part.endsWith(".html") ? [" ", el("a", { href: `/api/jobs/${job.id}/files/${part}?view=true`, target: "_blank", rel: "noopener" }, "open it")] : null)));
