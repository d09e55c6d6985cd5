// A job under way: a bar, what is being done, and a way to stop it.
import { el } from "./dom.js";
import { work } from "./api.js";

// Work off an order with a bar inside `place`; null where it was cancelled or failed (and says so).
export async function watched(kind, order, place, what) {
  const bar = el("progress", { max: 1, value: 0, "aria-label": what });
  const line = el("span", {}, `${what}…`);
  let stop = null, unwanted = false;
  const button = el("button", { type: "button", onclick: () => { unwanted = true; button.disabled = true; line.textContent = "Cancelling…"; stop?.(); } }, "Cancel");
  const box = el("div", { class: "progress" }, line, bar, button);
  const said = el("p", { class: "problem", role: "status" });
  place.replaceChildren(box, said);
  try {
    const done = await work(kind, order, (job, cancel) => {
      if (unwanted && !stop) cancel(); // asked for before the order had arrived
      stop = cancel;
      if (unwanted) return;
      bar.value = job.share;
      const waiting = job.state === "queued" ? `waiting, ${job.ahead} before it` : job.phase;
      line.textContent = `${what}: ${waiting}, ${job.seconds.toFixed(0)} s`;
    });
    place.replaceChildren();
    return done;
  } catch (error) {
    box.remove();
    said.textContent = error.message;
    said.classList.toggle("calm", Boolean(error.cancelled));
    return null;
  }
}
