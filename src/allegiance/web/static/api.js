// The same HTTP interface that any program may use.
export async function get(path) {
  return answered(await fetch(`/api${path}`));
}

async function answered(response) {
  if (response.status === 204) return null;
  const found = await response.json().catch(() => ({}));
  if (response.ok) return found;
  const error = new Error(found.detail ?? `the server answers ${response.status}`);
  error.status = response.status;
  throw error;
}

const post = async (path, body) => answered(await fetch(`/api${path}`, {
  method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
}));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// The result if an equal order has been worked off before, else null.
export async function stored(kind, order) {
  const job = await post(`/jobs/${kind}?only_stored=true`, order);
  return job && (job.parts.includes("result.json") ? result(job) : { job, found: null });
}

// What this page waits for: a way to leave each job, and its kind.
const live = new Map();

// The story and the kept world serve nobody once another case is looked at.
export function abandon() {
  for (const [leave, kind] of live) if (kind === "story" || kind === "ready") leave();
}

// A page that closes leaves its jobs; one that another page waits for as well goes on.
window.addEventListener("pagehide", () => { for (const leave of live.keys()) leave(); });

// A name for an order that the page knows before the server has answered.
const named = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Work off an order; `told` hears of progress and gets a way to cancel.
export async function work(kind, order, told) {
  const ticket = named();
  const end = (path) => fetch(`/api/${path}`, { method: "DELETE", keepalive: true });
  const leave = () => { live.delete(leave); end(`tickets/${ticket}`); };
  live.set(leave, kind);
  let job;
  try {
    job = await post(`/jobs/${kind}?ticket=${ticket}`, order);
    const cancel = () => end(`jobs/${job.id}`);
    while (job.state === "queued" || job.state === "running") {
      told(job, cancel);
      await pause(job.seconds < 3 ? 150 : 400);
      job = await get(`/jobs/${job.id}`);
    }
  } finally {
    live.delete(leave);
  }
  if (job.state !== "done") {
    const error = new Error(job.state === "cancelled" ? "Cancelled." : job.error);
    error.cancelled = job.state === "cancelled";
    throw error;
  }
  return job.parts.includes("result.json") ? result(job) : { job, found: null };
}

async function result(job) {
  return { job, found: await get(`/jobs/${job.id}/result`) };
}
