// Making elements. Text always goes in as text, never as markup: a label may hold anything.
const SVG = "http://www.w3.org/2000/svg";

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

export const el = (tag, attributes = {}, ...children) =>
  filled(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, tag), attributes, children);

export const byId = (id) => document.getElementById(id);

// A table with a caption that does not scroll with it; wide ones scroll by keyboard too. On a narrow
// screen a line becomes a card, each cell under the name of its column, so that nothing is cut off.
export function table(caption, header, lines, numeric = 1) {
  const cell = (tag, value, at) =>
    el(tag, { class: at >= numeric ? "number" : null, scope: tag === "th" ? "col" : null }, value ?? "–");
  const rows = lines.map((line) => (line instanceof Element ? line : el("tr", {}, line.map((value, at) => cell("td", value, at)))));
  for (const row of rows) {
    [...row.children].forEach((each, at) => { if (at && header[at]) each.dataset.label = header[at]; });
  }
  return el("div", { class: "tabled" }, el("p", { class: "caption" }, caption),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el("table", { "aria-label": caption },
      el("thead", {}, el("tr", {}, header.map((text, at) => cell("th", text, at)))),
      el("tbody", {}, rows))));
}

export const details = (summary, ...content) => el("details", {}, el("summary", {}, summary), ...content);
