/* Marks: a colour and a shape a solver, the same as in the printed figures. */

const SHAPES = {
  o: (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  s: (r) => `M${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
  "^": (r) => `M0 ${-r}L${r} ${r}H${-r}z`,
  v: (r) => `M0 ${r}L${r} ${-r}H${-r}z`,
  D: (r) => `M0 ${-1.2 * r}L${1.2 * r} 0L0 ${1.2 * r}L${-1.2 * r} 0z`,
  P: (r) => `M${-r / 2.5} ${-r}h${r / 1.25}v${r / 1.67}h${r / 1.67}v${r / 1.25}h${-r / 1.67}v${r / 1.67}h${-r / 1.25}v${-r / 1.67}h${-r / 1.67}v${-r / 1.25}h${r / 1.67}z`,
  X: (r) => `M${-r} ${-r / 2}L${-r / 2} ${-r}L0 ${-r / 2}L${r / 2} ${-r}L${r} ${-r / 2}L${r / 2} 0L${r} ${r / 2}L${r / 2} ${r}L0 ${r / 2}L${-r / 2} ${r}L${-r} ${r / 2}L${-r / 2} 0z`,
};

/** A solver's mark at a place; hollow for a mean over an incomplete set. */
function markAt(solver, x, y, complete = true, size = 5) {
  return drawn("path", {
    d: SHAPES[solver.marker](size),
    transform: `translate(${x} ${y})`,
    fill: complete ? solver.colour : "var(--surface)",
    stroke: complete ? "var(--surface)" : solver.colour,
    "stroke-width": complete ? 0.75 : 1.75,
  });
}

/** The mark alone, beside a name in a legend. */
function markIcon(solver) {
  return drawn("svg", { width: 14, height: 14, viewBox: "-7 -7 14 14", "aria-hidden": "true" }, markAt(solver, 0, 0));
}
