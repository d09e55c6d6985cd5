// A schematic map: a circle for each region, its area that of the region, cut by who holds how much.
// Circles lie near their place and are pushed apart where they overlap (Dorling 1996).
import { svg } from "./dom.js";
import { percent, plain } from "./format.js";

const WIDTH = 560, LEAST = 11, FEW = 4;

// A war of few regions has the smaller map, so that it does not outdo the one with many.
const sized = (regions) => (Object.keys(regions).length < FEW ? { height: 260, fill: 0.3 } : { height: 400, fill: 0.4 });

function layout(regions) {
  const places = Object.entries(regions), { height, fill } = sized(regions);
  const middle = places.reduce((sum, [, r]) => sum + r.lat, 0) / places.length;
  const flat = Math.cos((middle * Math.PI) / 180);
  const x = places.map(([, r]) => r.lon * flat), y = places.map(([, r]) => -r.lat);
  const span = (v) => Math.max(Math.max(...v) - Math.min(...v), 1e-6);
  const scale = Math.min((WIDTH * 0.7) / span(x), (height * 0.7) / span(y));
  const total = places.reduce((sum, [, r]) => sum + r.area, 0);
  const nodes = places.map(([id, region], i) => ({
    id, region,
    x: WIDTH / 2 + (x[i] - (Math.max(...x) + Math.min(...x)) / 2) * scale,
    y: height / 2 + (y[i] - (Math.max(...y) + Math.min(...y)) / 2) * scale,
    r: Math.max(LEAST, Math.sqrt((region.area / total) * fill * WIDTH * height / Math.PI)),
  }));
  for (let round = 0; round < 300; round += 1) {
    for (const a of nodes) for (const b of nodes) {
      if (a.id >= b.id) continue;
      const dx = b.x - a.x || 0.01, dy = b.y - a.y, far = Math.hypot(dx, dy), near = a.r + b.r + 3;
      if (far >= near) continue;
      const push = (near - far) / 2 / far;
      a.x -= dx * push; a.y -= dy * push; b.x += dx * push; b.y += dy * push;
    }
    for (const n of nodes) {
      n.x = Math.min(Math.max(n.x, n.r + 4), WIDTH - n.r - 4);
      n.y = Math.min(Math.max(n.y, n.r + 4), height - n.r - 4);
    }
  }
  return nodes;
}

const brief = (label) => label.split(" (")[0];

// Words on lines of at most `most` letters; a longer word stays whole.
function lines(text, most) {
  const found = [];
  for (const word of text.split(" ")) {
    if (found.length && `${found.at(-1)} ${word}`.length <= most) found.push(`${found.pop()} ${word}`);
    else found.push(word);
  }
  return found;
}

const shared = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.low, b.low) - Math.max(a.top, b.top));

// Where the names go: inside large circles, beside small ones on the side that is freest. A name
// that would lie on another is left out; the picture's description and the table have all of them.
function named(nodes, font, height) {
  const taken = [], found = [], frame = { left: 0, right: WIDTH, top: 0, low: height };
  const rounds = nodes.map((n) => ({ left: n.x - n.r, right: n.x + n.r, top: n.y - n.r, low: n.y + n.r }));
  const first = [...nodes].sort((a, b) => Number(b.region.seat) - Number(a.region.seat) || b.r - a.r);
  for (const n of first) {
    const text = brief(n.region.label), choices = [];
    for (const words of [[text], lines(text, 10)]) {
      const wide = 0.64 * font * Math.max(...words.map((line) => line.length)) + 6, tall = 1.15 * font * words.length;
      const inside = wide < 2 * n.r && tall < 1.6 * n.r, gap = n.r + 3;
      for (const [dx, dy] of [[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1], [-1, -1], [1, -1], [-1, 1], [1, 1]]) {
        const reach = dx && dy ? 0.7 * gap : gap;
        const x = n.x + dx * (reach + wide / 2), y = n.y + dy * (reach + tall / 2);
        const box = { left: x - wide / 2, right: x + wide / 2, top: y - tall / 2, low: y + tall / 2 };
        const covered = taken.reduce((sum, other) => sum + shared(box, other), 0), out = wide * tall - shared(box, frame);
        const over = rounds.reduce((sum, other, at) => sum + (nodes[at] === n ? 0 : shared(box, other)), 0);
        const middle = !dx && !dy;
        choices.push({ x, y, words, box, bad: covered + out, cost: 3 * covered + 9 * out + over + (inside === middle ? 0 : 0.4 * wide * tall) });
      }
    }
    const best = choices.reduce((a, b) => (b.cost < a.cost ? b : a));
    if (best.bad > 1) continue;
    taken.push(best.box);
    found.push(best);
  }
  return found;
}

const whole = ({ x, y, r }) => `M${x - r} ${y}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0Z`;

// Slivers would be all outline.
const shown = (share) => (share >= 0.012 ? share : 0);

function wedge(n, from, to) {
  if (to <= from) return "";
  if (to - from > 0.995) return whole(n);
  const at = (share) => {
    const angle = 2 * Math.PI * share - Math.PI / 2;
    return `${(n.x + n.r * Math.cos(angle)).toFixed(1)} ${(n.y + n.r * Math.sin(angle)).toFixed(1)}`;
  };
  return `M${n.x.toFixed(1)} ${n.y.toFixed(1)}L${at(from)}A${n.r.toFixed(1)} ${n.r.toFixed(1)} 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}Z`;
}

// The picture of a war, and `show(shares)`, shares being {region: {side: 0..1}}.
export function controlMap(war, colours) {
  const nodes = layout(war.regions), { height } = sized(war.regions), font = matchMedia("(max-width: 620px)").matches ? 17 : 12;
  const byId = Object.fromEntries(nodes.map((n) => [n.id, n]));
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", class: "map" });
  for (const n of nodes) for (const other of n.region.neighbours) {
    const o = byId[other];
    if (o && n.id < other) picture.append(svg("line", { x1: n.x, y1: n.y, x2: o.x, y2: o.y, class: "road" }));
  }
  const pieces = {};
  for (const n of nodes) {
    const tip = svg("title");
    const group = svg("g", {}, tip, svg("circle", { cx: n.x, cy: n.y, r: n.r, class: n.region.seat ? "region seat" : "region" }));
    pieces[n.id] = { tip, paths: Object.fromEntries(war.sides.map((side) => [side, svg("path", { fill: colours[side] })])) };
    group.append(...Object.values(pieces[n.id].paths));
    if (n.region.seat) group.append(svg("circle", { cx: n.x, cy: n.y, r: n.r + 1.5, class: "ring" }));
    picture.append(group);
  }
  for (const { x, y, words } of named(nodes, font, height)) {
    const top = y + font / 3 - (0.575 * font * (words.length - 1));
    picture.append(svg("text", { class: "place", "font-size": font }, words.map((line, at) => svg("tspan", { x, y: top + 1.15 * font * at }, line))));
  }
  const show = (shares, when) => {
    const all = [];
    for (const n of nodes) {
      let from = 0;
      const told = [], held = shares[n.id] ?? {};
      const drawn = war.sides.reduce((sum, side) => sum + shown(held[side]), 0) || 1;
      for (const side of war.sides) {
        if (held[side] > 0.004) told.push(`${plain(side)} ${percent(held[side])}`);
        const to = from + shown(held[side]) / drawn;
        pieces[n.id].paths[side].setAttribute("d", wedge(n, from, to));
        from = to;
      }
      pieces[n.id].tip.textContent = `${n.region.label}: ${told.join(", ")}`;
      all.push(pieces[n.id].tip.textContent);
    }
    picture.setAttribute("aria-label", `Who holds which region of ${war.label}, ${when}. ${all.join("; ")}`);
  };
  return { picture, show };
}
