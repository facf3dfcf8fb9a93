/* The plots: one at a time, on the instances and with the solvers that the address says. */

function startPlots(data) {
  const part = (name) => document.getElementById(`plots-${name}`);
  part("plot").addEventListener("change", (event) => address.set("plots", { plot: event.target.value }));
  part("scope").addEventListener("change", (event) => address.set("plots", { scope: event.target.value }));
  part("all").addEventListener("click", () => address.set("plots", { hide: [] }));
  part("none").addEventListener("click", () => address.set("plots", { hide: panel(shownPlot()).map(labelOf) }));

  const labelOf = ({ solver }) => data.solvers[solver].label;
  const telling = data.plots.find(({ panels }) => Object.values(panels).some((series) => series.length));
  const shownPlot = () => data.plots.find(({ name }) => name === address.get("plot")) ?? telling ?? data.plots[0];
  const scopesOf = (plot) => [...data.scopes, ...Object.keys(plot.panels).filter((scope) => !data.scopes.includes(scope))];
  const shownScope = (plot) => (scopesOf(plot).includes(address.get("scope")) ? address.get("scope") : firstScope(plot));
  const firstScope = (plot) => scopesOf(plot).find((scope) => plot.panels[scope]?.length) ?? data.scopes[0];
  const panel = (plot) => plot.panels[shownScope(plot)] ?? [];

  function toggled(label, hidden) {
    const others = [...hidden].filter((each) => each !== label);
    return hidden.has(label) ? others : [...others, label];
  }

  function legend(series, hidden) {
    part("legend").replaceChildren(
      ...series.map((each, n) => {
        const solver = data.solvers[each.solver];
        const shown = !hidden.has(solver.label);
        const raise = (raised) => () => raiseSolver(raised ? solver.label : null);
        return element(
          "button",
          {
            type: "button",
            "aria-pressed": String(shown),
            onclick: () => {
              address.set("plots", { hide: toggled(solver.label, hidden) });
              part("legend").children[n]?.focus();
            },
            onmouseenter: raise(true),
            onmouseleave: raise(false),
          },
          markIcon(solver),
          solver.label,
        );
      }),
    );
  }

  function raiseSolver(label) {
    for (const group of part("canvas").querySelectorAll("g[data-solver]")) {
      group.classList.toggle("faded", label !== null && group.dataset.solver !== label);
    }
  }

  function draw(plot, shown) {
    const width = Math.max(280, part("canvas").clientWidth);
    const parts = plot.parts.map((name, n) => element("span", {}, element("i", { style: `background:${PART_COLOURS[n]}` }), name));
    part("parts").replaceChildren(...parts);
    const nothing = panel(plot).length ? "Every solver is hidden." : plot.nothing;
    part("canvas").replaceChildren(shown.length ? drawPlot(plot, shown, data.solvers, width) : element("p", {}, nothing));
    part("table").replaceChildren(...plotTable(plot, shown, data.solvers));
  }

  function update() {
    const plot = shownPlot();
    const scope = shownScope(plot);
    const hidden = new Set(address.getAll("hide"));
    fillSelect(part("plot"), data.plots.map(({ name, title }) => [name, title]), plot.name);
    fillSelect(part("scope"), scopesOf(plot).map((each) => [each, each]), scope);
    part("caption").textContent = plot.caption;
    part("solvers").hidden = !panel(plot).length;
    legend(panel(plot), hidden);
    draw(plot, panel(plot).filter((each) => !hidden.has(labelOf(each))));
  }
  address.listeners.push(update);
  new ResizeObserver(() => {
    if (part("canvas").firstElementChild?.getAttribute("width") !== String(Math.max(280, part("canvas").clientWidth))) update();
  }).observe(part("canvas"));
}

const SAMPLES = 5;

/** What a plot shows as the head and rows of a table. */
function plotTable(plot, series, solvers) {
  const { heads, cells } = TABLES[plot.kind](plot, series);
  const head = element("tr", {}, ["solver", ...heads].map((text, n) => element("th", { scope: "col", class: n > 0 && "number" }, text)));
  const rows = series.map((each) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, solvers[each.solver].label),
      cells(each).map((text) => element("td", { class: "number" }, text)),
    ),
  );
  return [element("thead", {}, head), element("tbody", {}, rows)];
}

const TABLES = {
  points: (plot) => ({
    heads: [plot.x.label, plot.y.label],
    cells: ({ x, y, high }) => [significant(x), high === null ? `≥ ${significant(y)}` : high === y ? significant(y) : `${significant(y)} to ${significant(high)}`],
  }),
  lines(plot, series) {
    const all = series.flatMap(({ x }) => x).sort((one, other) => one - other);
    if (!all.length) return { heads: [], cells: () => [] };
    const at = [...new Set(Array.from({ length: SAMPLES }, (_, n) => all[Math.round((n * (all.length - 1)) / (SAMPLES - 1))]))];
    return {
      heads: at.map((value) => `${plot.y.label} at ${significant(value)}`),
      cells: ({ x, y }) => at.map((value) => significant(y[x.findLastIndex((each) => each <= value)] ?? null)),
    };
  },
  intervals: (plot) => ({ heads: [plot.x.label, "from", "to"], cells: ({ x, low, high }) => [x, low, high].map((value) => significant(value, 4)) }),
  bars: (plot) => ({ heads: plot.parts.map((part) => `${part}, %`), cells: ({ parts }) => parts.map((part) => significant(part)) }),
};
