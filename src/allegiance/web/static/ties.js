// Allegiances: clients on the right, patrons on the left; a line is as wide as trust, as dark as alignment.
import { svg } from "./dom.js";
import { percent } from "./format.js";

export function network(ties, labels, colours) {
  const patrons = [...new Set(ties.map((tie) => tie.power))], clients = [...new Set(ties.map((tie) => tie.client))];
  const said = (name) => labels[name] ?? name;
  const room = (list, letter) => 18 + letter * Math.max(...list.map((name) => said(name).length));
  const least = matchMedia("(max-width: 620px)").matches ? 430 : 560;
  const left = room(patrons, 10), width = Math.max(least, left + room(clients, 9) + 120), right = width - room(clients, 9);
  const height = Math.max(clients.length * 30 + 30, 220);
  const row = (list, name) => 20 + ((list.indexOf(name) + 0.5) * (height - 30)) / list.length;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "ties" });
  const lines = ties.map((tie) => {
    const y1 = row(patrons, tie.power), y2 = row(clients, tie.client), tip = svg("title");
    const line = svg("path", { d: `M${left} ${y1}C${(left + right) / 2} ${y1} ${(left + right) / 2} ${y2} ${right} ${y2}`, fill: "none", stroke: colours[tie.power] }, tip);
    picture.append(line);
    return { tie, line, tip };
  });
  for (const [list, x, anchor] of [[patrons, left - 8, "end"], [clients, right + 8, "start"]]) {
    for (const name of list) {
      picture.append(svg("text", { x, y: row(list, name) + 5, "text-anchor": anchor, class: list === patrons ? "patron" : "client" }, said(name)));
    }
  }
  const show = (at, when) => {
    for (const { tie, line, tip } of lines) {
      const trust = tie.trust[at] ?? 0, alignment = tie.alignment[at] ?? 0;
      line.setAttribute("stroke-width", (0.5 + 13 * trust).toFixed(2));
      line.setAttribute("stroke-opacity", (0.12 + 0.8 * alignment).toFixed(2));
      tip.textContent = `${said(tie.client)} and ${said(tie.power)}: trust ${percent(trust)}, alignment ${percent(alignment)}`;
    }
    picture.setAttribute("aria-label", `Trust and alignment of ${clients.length} clients, ${when}; the table below says it in numbers`);
  };
  return { picture, show };
}
