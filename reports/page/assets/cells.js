/* The table of cells: filtered, sorted and turned page by page; every choice stands in the address. */

const ROWS_A_PAGE = 50;

/** The cells of the page, read by their number. */
function cellsOf(data) {
  const { columns, texts } = data.cells;
  const instance = (row) => data.instances[columns.instance[row]];
  const solver = (row) => data.solvers[columns.solver[row]];
  return {
    count: columns.id.length,
    total: data.cells.total,
    statuses: texts.status,
    at: (name, row) => columns[name][row],
    id: (row) => columns.id[row],
    instance,
    solver,
    family: (row) => data.families[instance(row).family],
    status: (row) => texts.status[columns.status[row]],
    matrix: (row) => texts.matrix[columns.matrix[row]],
    reason: (row) => texts.reason[columns.reason[row]],
    command(row) {
      const { of, seeds } = instance(row);
      const sampled = `--scenario-seed ${seeds[0]} --trace-seed ${seeds[1]}`;
      const template = texts.command[columns.command[row]];
      const parts = { "\x01": of, "\x02": sampled, "\x03": columns.seed[row] };
      return template.replace(/[\x01-\x03]/g, (sign) => parts[sign]);
    },
  };
}

/** Columns of the table: what a cell shows and what it is sorted by. */
function cellTableColumns(cells) {
  const number = (key, heading, show, value = (row) => cells.at(key, row)) => ({ key, heading, show, value, number: true });
  const text = (key, heading, show) => ({ key, heading, show, value: show, number: false });
  return [
    text("solver", "solver", (row) => cells.solver(row).label),
    text("instance", "instance", (row) => cells.instance(row).name),
    number("repetition", "repetition", (row) => String(cells.at("repetition", row))),
    text("status", "status", (row) => cells.status(row)),
    number("gap_low", "gap, %", (row) => gapInterval(cells.at("gap_low", row), cells.at("gap_high", row))),
    number("cost", "cost", (row) => fixed(cells.at("cost", row), 4)),
    number("solve_s", "solve time, s", (row) => significant(cells.at("solve_s", row))),
    number("mean_latency_s", "latency, s", (row) => fixed(cells.at("mean_latency_s", row), 3)),
    number("mean_tv", "TV", (row) => fixed(cells.at("mean_tv", row), 2)),
    number("hit_ratio", "hit ratio", (row) => fixed(cells.at("hit_ratio", row), 3)),
    number("loaded_gb", "loaded, GB", (row) => fixed(cells.at("loaded_gb", row), 1)),
  ];
}

/** The numbers of the cells that the address asks for, in its order. */
function chosenCells(cells, columns) {
  const wanted = Object.fromEntries(["solver", "family", "status", "tier"].map((key) => [key, address.get(key)]));
  const words = address.get("text").toLowerCase().split(/\s+/).filter(Boolean);
  const rows = Array.from({ length: cells.count }, (_, row) => row).filter((row) => {
    const solved = Boolean(cells.at("solved", row));
    const name = `${cells.solver(row).label} ${cells.instance(row).name} ${cells.reason(row)}`.toLowerCase();
    const fits = { any: true, solved, "not solved": !solved }[wanted.status || "any"] ?? cells.status(row) === wanted.status;
    return (
      fits &&
      (!wanted.solver || cells.solver(row).label === wanted.solver) &&
      (!wanted.family || cells.family(row) === wanted.family) &&
      (!wanted.tier || cells.solver(row).tier === wanted.tier) &&
      words.every((word) => name.includes(word))
    );
  });
  const sort = address.get("sort");
  const column = columns.find(({ key }) => key === sort.replace(/^-/, ""));
  return column ? sorted(rows, column.value, sort.startsWith("-")) : rows;
}

/** Rows by value, those without one last whatever the direction. */
function sorted(rows, value, descending) {
  const sign = descending ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b);
  });
}

function startCells(data) {
  const cells = cellsOf(data);
  const columns = cellTableColumns(cells);
  const held = new Set(data.decisions.map(({ instance }) => instance));
  const part = (name) => document.getElementById(`cells-${name}`);
  const statuses = [...new Set(["solved", "not solved", ...cells.statuses])];
  const tiers = [...new Set(data.solvers.map(({ tier }) => tier))].filter(Boolean).sort();
  const choices = { solver: data.solvers.map(({ label }) => label), family: data.families, status: statuses, tier: tiers };

  const choose = (changes) => address.set("cells", { ...changes, page: "" });
  for (const key of Object.keys(choices)) part(key).addEventListener("change", (event) => choose({ [key]: event.target.value }));
  part("text").addEventListener("input", (event) => choose({ text: event.target.value }));
  part("filters").addEventListener("submit", (event) => event.preventDefault());
  part("clear").addEventListener("click", () => choose({ solver: "", family: "", status: "", tier: "", text: "", sort: "" }));

  const heads = columns.map(({ key, heading, number }) => {
    const turn = () => choose({ sort: address.get("sort") === key ? `-${key}` : key });
    return element("th", { scope: "col", class: number && "number" }, element("button", { type: "button", onclick: turn }, heading));
  });
  part("head").replaceChildren(element("tr", {}, heads));
  if (cells.count < cells.total) {
    part("limit").textContent =
      `The page holds ${counted(cells.count, "cell")} of ${cells.total.toLocaleString("en")}: whole instances, of every family in turn.` +
      " tables/cells.csv holds all; figures and plots are over all.";
  }

  function row(number) {
    const [first, second, ...others] = columns;
    const label = first.show(number);
    const name = second.show(number);
    const toInstance = held.has(cells.at("instance", number)) ? element("a", { href: instanceLink(cells, number) }, name) : name;
    const toCell = element("a", { href: address.link("cells", { cell: cells.id(number) }) }, label);
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, toCell),
      element("td", { class: "label" }, toInstance),
      others.map(({ show, number: isNumber }) => element("td", { class: isNumber ? "number" : "label" }, show(number))),
    );
  }

  function update() {
    for (const [key, values] of Object.entries(choices)) {
      fillSelect(part(key), [["", "all"], ...values.map((value) => [value, value])], address.get(key));
    }
    if (part("text").value !== address.get("text")) part("text").value = address.get("text");
    const rows = chosenCells(cells, columns);
    const pages = Math.max(1, Math.ceil(rows.length / ROWS_A_PAGE));
    const page = Math.min(Math.max(1, Number(address.get("page")) || 1), pages);
    const from = ROWS_A_PAGE * (page - 1);
    const shown = rows.slice(from, from + ROWS_A_PAGE);
    const sort = address.get("sort");
    columns.forEach(({ key }, place) => {
      const order = sort === key ? "ascending" : sort === `-${key}` ? "descending" : "none";
      heads[place].setAttribute("aria-sort", order);
    });
    part("body").replaceChildren(...shown.map(row));
    part("count").textContent = shown.length
      ? `Rows ${from + 1} to ${from + shown.length} of ${counted(rows.length, "cell")}.`
      : "No cell fits these filters.";
    const turn = (to) => () => address.set("cells", { page: to > 1 ? String(to) : "" });
    part("pages").replaceChildren(
      element("button", { type: "button", disabled: page === 1, onclick: turn(page - 1) }, "Previous"),
      element("span", {}, `page ${page} of ${pages}`),
      element("button", { type: "button", disabled: page === pages, onclick: turn(page + 1) }, "Next"),
    );
    part("pages").hidden = pages === 1;
  }
  address.listeners.push(update);
  startCell(data, cells);
}

function instanceLink(cells, row) {
  return address.link("instances", { instance: cells.instance(row).name, beside: cells.solver(row).label, cell: "" });
}
