// Numbers as people read them: at most three significant digits; a probability with its words.
export const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999"];

let bands = [];
export const learn = (found) => { bands = found; };

export function number(value) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  if (Math.abs(value) < 1e-6) return "0";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

export const percent = (p) => (p === null || p === undefined ? "–" : `${Math.round(100 * p)}%`);

export const words = (p) =>
  p === null || p === undefined ? "" : (bands.find((band) => p < band.below) ?? bands.at(-1))?.words ?? "";

export const chance = (p, se) => `${percent(p)}${se ? ` ± ${(100 * se).toFixed(1)}` : ""} (${words(p)})`;

export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const plain = (name) => name.replaceAll("_", " ");
