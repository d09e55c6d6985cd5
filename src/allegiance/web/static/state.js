// What the page shows, kept in its address: case, theory, levers, runs and seed.
export const DEFAULT_RUNS = 500;

export const state = read();

export function read() {
  const query = new URLSearchParams(location.search);
  const whole = (name, otherwise) => {
    const value = Number.parseInt(query.get(name) ?? "", 10);
    return Number.isFinite(value) && value >= 0 ? value : otherwise;
  };
  return {
    case: query.get("case") ?? "",
    shipped: true, // else it lies in the folder that the server was given, DIR
    theory: query.get("theory") ?? "default",
    set: query.getAll("set"),
    without: query.getAll("without"),
    free: query.getAll("free"),
    runs: whole("runs", DEFAULT_RUNS),
    seed: whole("seed", 1),
  };
}

export const pulled = () =>
  state.theory !== "default" || state.set.length + state.without.length + state.free.length > 0;

export const world = () => ({
  case: state.case, theory: state.theory, set: state.set,
  without: state.without, free: state.free, seed: state.seed,
});

const quoted = (text) => (/^[\w.:=\/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

// The same order on the command line: `verb` with as many futures, under the levers or without.
export function command(verb, runs, levers = true) {
  const words = ["allegiance", verb, `${state.shipped ? "" : "DIR/"}${state.case}`, "--runs", runs, "--seed", state.seed];
  if (levers && state.theory !== "default") words.push("--theory", quoted(state.theory));
  for (const name of levers ? ["set", "without", "free"] : []) {
    for (const value of state[name]) words.push(`--${name}`, quoted(value));
  }
  return words.join(" ");
}

// Keep the state in the address; `step` makes it one that the browser's Back undoes.
export function write(step = false) {
  const query = new URLSearchParams();
  if (state.case) query.set("case", state.case);
  if (state.theory !== "default") query.set("theory", state.theory);
  for (const name of ["set", "without", "free"]) {
    for (const value of state[name]) query.append(name, value);
  }
  if (state.runs !== DEFAULT_RUNS) query.set("runs", state.runs);
  if (state.seed !== 1) query.set("seed", state.seed);
  const address = `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`;
  if (step) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
