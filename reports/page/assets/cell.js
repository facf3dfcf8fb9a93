/* One cell in a dialog: how it ended, the command that repeats it, what its solution is like. */

function startCell(data, cells) {
  const dialog = document.getElementById("cell");
  const held = new Set(data.decisions.map(({ instance }) => instance));
  const rowOf = new Map(Array.from({ length: cells.count }, (_, row) => [cells.id(row), row]));

  function facts(row) {
    const at = (name) => cells.at(name, row);
    const ended = [cells.status(row), at("proved") ? "its own bound proves its cost" : "", cells.reason(row)];
    const known = [
      ["status", ended.filter(Boolean).join("; ")],
      ["tier", cells.solver(row).tier || MISSING],
      ["matrix", cells.matrix(row)],
      ["repetition, seed", `${at("repetition")}, ${at("seed")}`],
      ["solve time", at("solve_s") === null ? MISSING : `${significant(at("solve_s"))} s`],
    ];
    if (at("lower_bound") !== null) known.push(["lower bound", significant(at("lower_bound"), 6)]);
    if (!at("solved")) return known;
    return [
      ...known,
      ["cost", significant(at("cost"), 6)],
      ["gap", `${gapInterval(at("gap_low"), at("gap_high"))} %`],
      ["latency, TV", `${fixed(at("mean_latency_s"), 3)} s, ${fixed(at("mean_tv"), 2)}`],
      ["requests", `${percent(at("hit_ratio"))} hit the cache, ${percent(at("edge_served_ratio"))} served at the edge, ${percent(at("late_ratio"))} late`],
      ["loaded into the cache", `${fixed(at("loaded_gb"), 1)} GB`],
    ];
  }

  function decisionsOf(row) {
    if (!cells.at("solved", row)) return element("p", {}, "It has no feasible judged solution.");
    if (!held.has(cells.at("instance", row))) {
      return element("p", {}, "The page has no room for the decisions on this instance; the command makes them again.");
    }
    return element("p", {}, element("a", { href: instanceLink(cells, row) }, "What it decided, beside the optimum"));
  }

  function update() {
    const row = rowOf.get(address.get("cell"));
    if (row === undefined) {
      dialog.close();
      return;
    }
    const close = element("button", { type: "button", autofocus: true, onclick: () => dialog.close() }, "Close");
    const command = cells.command(row);
    dialog.replaceChildren(
      close,
      element("h3", { id: "cell-title" }, `${cells.solver(row).label} on ${cells.instance(row).name}`),
      element("dl", {}, facts(row).map(([word, fact]) => [element("dt", {}, word), element("dd", {}, fact)])),
      command ? element("pre", { tabindex: "0", "aria-label": "command" }, element("code", {}, command)) : element("p", {}, "No command is recorded."),
      decisionsOf(row),
    );
    if (!dialog.open) dialog.showModal();
  }
  dialog.addEventListener("close", () => {
    if (address.get("cell")) address.set(address.place, { cell: "" });
  });
  address.listeners.push(update);
}
