/* Drawings of plots: points, lines, intervals and bars in SVG, in the page's own colours. */

const HEIGHT = 440;
const ROW = 22;
const EDGE = { top: 12, right: 16, bottom: 44 };
const CLEAR = 11; // A name keeps so far from points of others, so that it is not taken for theirs.
const PART_COLOURS = ["#0072b2", "#e69f00"];

/** A plot's shown series as a drawing of so many pixels' width. */
function drawPlot(plot, series, solvers, width) {
  const byRow = plot.y === null;
  const frame = byRow ? rowFrame(series, solvers, width) : planeFrame(width);
  const canvas = drawn("svg", { width, height: frame.height, viewBox: `0 0 ${width} ${frame.height}`, role: "img" });
  canvas.setAttribute("aria-label", `${plot.title}: ${counted(series.length, "solver")}. The same figures stand in the table below.`);
  const { draw, xs, ys } = KINDS[plot.kind];
  const x = scaled(plot.x, series.flatMap(xs), frame.left, frame.right, 60);
  const y = byRow ? null : scaled(plot.y, series.flatMap(ys), frame.bottom, frame.top, 40);
  canvas.append(axisBelow(x, plot.x.label, frame));
  if (y) canvas.append(axisBeside(y, plot.y.label, frame));
  canvas.append(...draw({ plot, series, solvers, x, y, frame }));
  return canvas;
}

const present = (value) => value !== null && value !== undefined;

const KINDS = {
  points: { draw: drawPoints, xs: ({ x }) => [x].filter(present), ys: ({ y }) => [y].filter(present) },
  lines: { draw: drawLines, xs: ({ x }) => x, ys: ({ y }) => y.filter(present) },
  intervals: { draw: drawIntervals, xs: ({ x, low, high }) => [x, low, high].filter(present) },
  bars: { draw: drawBars, xs: ({ parts }) => [parts.reduce((sum, part) => sum + part, 0)] },
};

function planeFrame(width) {
  return { left: 62, right: width - EDGE.right, top: EDGE.top, bottom: HEIGHT - EDGE.bottom, height: HEIGHT };
}

function rowFrame(series, solvers, width) {
  const longest = Math.max(...series.map(({ solver }) => textWidth(solvers[solver].label)));
  const left = Math.min(18 + longest, 0.45 * width);
  const bottom = EDGE.top + ROW * series.length;
  return { left, right: width - 52, top: EDGE.top, bottom, height: bottom + EDGE.bottom };
}

/** A scale in pixels, its ticks at least so many pixels apart. */
function scaled({ scale }, values, from, to, apart) {
  const { place, ticks } = SCALES[scale](values, Math.abs(to - from) / apart);
  return { at: (value) => from + (to - from) * place(value), ticks };
}

function axisBelow(x, label, { left, right, top, bottom }) {
  return drawn(
    "g",
    { class: "axis" },
    x.ticks.map((tick) => drawn("path", { d: `M${x.at(tick)} ${top}V${bottom}` })),
    x.ticks.map((tick) => drawn("text", { x: x.at(tick), y: bottom + 16, "text-anchor": "middle" }, tickText(tick))),
    drawn("text", { x: (left + right) / 2, y: bottom + 36, "text-anchor": "middle", class: "title" }, label),
  );
}

function axisBeside(y, label, { left, right, top, bottom }) {
  const middle = (top + bottom) / 2;
  return drawn(
    "g",
    { class: "axis" },
    y.ticks.map((tick) => drawn("path", { d: `M${left} ${y.at(tick)}H${right}` })),
    y.ticks.map((tick) => drawn("text", { x: left - 7, y: y.at(tick) + 4, "text-anchor": "end" }, tickText(tick))),
    drawn("text", { transform: `translate(14 ${middle}) rotate(-90)`, "text-anchor": "middle", class: "title" }, label),
  );
}

function tickText(tick) {
  return Math.abs(tick) >= 1e5 ? tick.toExponential(0) : String(tick);
}

/** All that belongs to one solver; hovering its name in the legend raises it. */
function ofSolver(solver, title, ...parts) {
  return drawn("g", { "data-solver": solver.label }, drawn("title", {}, title), parts);
}

function drawPoints({ plot, series, solvers, x, y, frame }) {
  const spots = series.filter((each) => present(each.x) && present(each.y)).map((each) => ({ ...each, left: x.at(each.x), up: y.at(each.y) }));
  const ahead = spots.filter((each) => each.front).sort((one, other) => one.x - other.x);
  const steps = ahead.slice(1).map((each, n) => `H${each.left}V${each.up}`).join("");
  const front = ahead.length > 1 ? [drawn("path", { class: "front", d: `M${ahead[0].left} ${ahead[0].up}${steps}` })] : [];
  const names = placedNames(spots, stepBoxes(ahead), solvers, frame);
  return [
    ...front,
    ...spots.map((each, n) => {
      const solver = solvers[each.solver];
      const title = `${solver.label}: ${plot.x.label} ${significant(each.x)}; ${plot.y.label} ${significant(each.y)}`;
      const top = present(each.high) ? Math.max(frame.top, y.at(each.high)) : frame.top;
      const reach = each.high === each.y ? null : drawn("path", { class: "reach", stroke: solver.colour, d: `M${each.left} ${each.up}V${top}` });
      return ofSolver(solver, title, reach, markAt(solver, each.left, each.up, each.complete), names[n]);
    }),
  ];
}

/** Boxes round the steps that join the front, for names to stay off. */
function stepBoxes(ahead) {
  return ahead.slice(1).flatMap((to, n) => {
    const from = ahead[n];
    return [
      [from.left, from.up - 2, to.left, from.up + 2],
      [to.left - 2, from.up, to.left + 2, to.up],
    ];
  });
}

/** Names beside points where there is room, those on the front first; the legend and the table name all. */
function placedNames(spots, barred, solvers, frame) {
  const taken = [...barred, ...spots.map(({ left, up }) => [left - 5, up - 5, left + 5, up + 5])];
  const names = spots.map(() => null);
  const order = spots.map((_, n) => n).sort((a, b) => spots[b].front - spots[a].front);
  for (const n of order) {
    const { left, up, solver } = spots[n];
    const { label } = solvers[solver];
    const width = textWidth(label);
    const places = [[9, 4], [-9 - width, 4], [-width / 2, -9], [-width / 2, 18], [8, -7], [8, 15], [-8 - width, -7], [-8 - width, 15]];
    const strangers = spots.filter((other) => Math.hypot(other.left - left, other.up - up) > 5);
    const mistaken = (box) => strangers.some((other) => overlap(box, [other.left - CLEAR, other.up - CLEAR, other.left + CLEAR, other.up + CLEAR]));
    const box = places
      .map(([dx, dy]) => [left + dx, up + dy - 10, left + dx + width, up + dy + 2])
      .find((each) => within(each, frame) && !mistaken(each) && !taken.some((other) => overlap(each, other)));
    if (box === undefined) continue;
    taken.push(box);
    names[n] = drawn("text", { x: box[0], y: box[3] - 2 }, label);
  }
  return names;
}

function within([left, top, right, bottom], frame) {
  return left >= frame.left && right <= frame.right + EDGE.right && top >= 0 && bottom <= frame.bottom;
}

function overlap(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}

function drawLines({ plot, series, solvers, x, y, frame }) {
  return series.map((each) => {
    const solver = solvers[each.solver];
    const spots = each.x.map((value, n) => [x.at(value), y.at(each.y[n])]);
    const path = spots.map(([left, up], n) => (n === 0 ? `M${left} ${up}` : plot.stepped ? `H${left}V${up}` : `L${left} ${up}`)).join("");
    const last = spots.at(-1);
    const to = plot.stepped ? `H${frame.right}` : "";
    const title = `${solver.label}: ${plot.y.label} ${significant(each.y.at(-1))} at the end`;
    const every = Math.max(1, Math.ceil(spots.length / 4));
    const marked = spots.filter((_, n) => n % every === (each.solver * 7) % every || n === spots.length - 1);
    return ofSolver(
      solver,
      title,
      drawn("path", { class: "line", stroke: solver.colour, "stroke-dasharray": solver.dash.join(" ") || null, d: path + (last ? to : "") }),
      marked.map(([left, up]) => markAt(solver, left, up, each.complete, 4)),
    );
  });
}

function rowOf(each, n, solvers, frame) {
  const middle = frame.top + ROW * (n + 0.5);
  const { label } = solvers[each.solver];
  const shown = cut(label, frame.left - 10);
  return { middle, name: drawn("text", { x: frame.left - 8, y: middle + 4, "text-anchor": "end" }, shown) };
}

/** A text, with an ellipsis where it is wider than so many pixels. */
function cut(text, most) {
  let shown = text;
  while (shown && textWidth(shown) > most) shown = `${[...shown].slice(0, -2).join("")}…`;
  return shown;
}

function drawIntervals({ plot, series, solvers, x, frame }) {
  return series.map((each, n) => {
    const solver = solvers[each.solver];
    const { middle, name } = rowOf(each, n, solvers, frame);
    const known = present(each.low) && each.low !== each.high;
    const words = known ? `${significant(each.low, 4)} to ${significant(each.high, 4)}` : significant(each.x, 4);
    const reach = known && drawn("path", { class: "reach", stroke: solver.colour, d: `M${x.at(each.low)} ${middle}H${x.at(each.high)}` });
    const value = drawn("text", { x: x.at(each.high ?? each.x) + 9, y: middle + 4, class: "value" }, significant(each.x));
    return ofSolver(solver, `${solver.label}: ${plot.x.label} ${words}`, name, reach || null, markAt(solver, x.at(each.x), middle, each.complete), value);
  });
}

function drawBars({ plot, series, solvers, x, frame }) {
  return series.map((each, n) => {
    const solver = solvers[each.solver];
    const { middle, name } = rowOf(each, n, solvers, frame);
    let end = 0;
    const bars = each.parts.map((part, which) => {
      const from = x.at(end);
      end += part;
      return drawn("rect", { x: from, y: middle - 7, width: x.at(end) - from, height: 14, fill: PART_COLOURS[which] });
    });
    const words = plot.parts.map((part, which) => `${part} ${significant(each.parts[which])}`).join(", ");
    const sum = drawn("text", { x: x.at(end) + 5, y: middle + 4, class: "value" }, significant(end) + (each.complete ? "" : "†"));
    return ofSolver(solver, `${solver.label}: ${words}`, name, bars, sum);
  });
}
