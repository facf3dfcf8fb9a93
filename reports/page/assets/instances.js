/* One instance: what solvers cached over the frames, and how they split a slot, beside the cheapest answer. */

const [LARGE, SMALL] = [18, 8];
const CACHE_COLOURS = { both: "#0072b2", here: "#e69f00", there: "var(--absent)" };

function startInstances(data) {
  const part = (name) => document.getElementById(`instances-${name}`);
  if (!data.decisions.length) {
    part("limit").textContent = "No stored solution, so there are no decisions to show.";
    part("shown").hidden = true;
    return;
  }
  const entries = new Map(data.decisions.map((entry) => [data.instances[entry.instance].name, entry]));
  if (entries.size < data.instances.length) {
    part("limit").textContent =
      `The page holds the decisions on ${entries.size} of ${counted(data.instances.length, "instance")}, of every family in turn.`;
  }
  const labelOf = ({ solver }) => data.solvers[solver].label;
  part("instance").addEventListener("change", (event) => address.set("instances", { instance: event.target.value, beside: "", frame: "", slot: "" }));
  part("beside").addEventListener("change", (event) => address.set("instances", { beside: event.target.value }));
  for (const key of ["frame", "slot"]) part(key).addEventListener("input", (event) => address.set("instances", { [key]: event.target.value }));

  function update() {
    const asked = address.get("instance");
    const name = entries.has(asked) ? asked : [...entries.keys()][0];
    const entry = entries.get(name);
    const best = entry.answers[0];
    const other = entry.answers.find((answer) => labelOf(answer) === address.get("beside")) ?? firstOther(entry);
    const bestWords = entry.optimal ? "optimum" : "best known answer";
    part("lost").textContent = asked && asked !== name ? `The page has no decisions on ${asked}.` : "";
    fillSelect(part("instance"), [...entries.keys()].map((each) => [each, each]), name);
    fillSelect(part("beside"), entry.answers.map((answer) => [labelOf(answer), labelOf(answer)]), labelOf(other));
    part("facts").textContent =
      `${counted(entry.models.length, "model")}, ${entry.capacity} GB of cache; ${counted(entry.frames, "frame")} of ` +
      `${counted(entry.slots, "slot")}, ${counted(entry.users, "user")}. The ${bestWords} is that of “${labelOf(best)}”.`;
    const titled = [[best, `${labelOf(best)} (${bestWords})`], [other, labelOf(other)]];
    part("caches").replaceChildren(...titled.map(([answer, title]) => cacheMap(entry, answer, best, title, true)));
    part("all").replaceChildren(...entry.answers.map((answer) => {
      const link = element("a", { href: address.link("instances", { instance: name, beside: labelOf(answer) }) }, labelOf(answer));
      return cacheMap(entry, answer, best, link, false);
    }));
    part("cells").href = address.link("cells", { text: name, solver: "", family: "", status: "", tier: "", page: "" });
    updateSlot(entry, titled);
  }

  function updateSlot(entry, titled) {
    const chosen = { frame: 1, slot: 1 };
    for (const key of ["frame", "slot"]) {
      const most = entry[`${key}s`];
      chosen[key] = Math.min(Math.max(1, Number(address.get(key)) || 1), most);
      const input = part(key);
      input.max = most;
      input.value = chosen[key];
    }
    part("where").textContent = `frame ${chosen.frame} of ${entry.frames}, slot ${chosen.slot} of ${entry.slots}`;
    const known = entry.request !== null;
    part("unknown").hidden = known;
    part("slot-table").hidden = !known;
    if (known) part("slot-table").replaceChildren(...slotTable(entry, titled, chosen));
  }
  address.listeners.push(update);
}

/** The cheapest answer that is not the best one in disguise. */
function firstOther({ answers: [best, ...others] }) {
  const differs = ({ cache, steps }) => cache !== best.cache || String(steps) !== String(best.steps);
  return others.find(differs) ?? others[0] ?? best;
}

/** Models by frames, coloured by whether this answer and the best one hold them. */
function cacheMap(entry, answer, best, title, large) {
  const { frames, models } = entry;
  const size = large ? LARGE : SMALL;
  const left = large ? 8 + Math.max(...models.map(textWidth)) : 0;
  const [width, height] = [left + size * frames + 1, size * models.length + (large ? 36 : 1)];
  const paths = { both: "", here: "", there: "" };
  let differing = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    let differs = false;
    for (let model = 0; model < models.length; model += 1) {
      const at = frame * models.length + model;
      const [here, there] = [answer.cache[at] === "1", best.cache[at] === "1"];
      differs ||= here !== there;
      const kind = here && there ? "both" : here ? "here" : there ? "there" : null;
      if (kind) paths[kind] += `M${left + frame * size} ${model * size}h${size - 1}v${size - 1}h${1 - size}z`;
    }
    differing += differs;
  }
  const same = answer === best ? "what the others are compared with" : "holds what the best answer holds, in every frame";
  const words = differing ? `differs from the best answer in ${differing} of ${counted(frames, "frame")}` : same;
  const map = drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `cache of ${title.textContent ?? title}: ${words}` });
  map.append(drawn("rect", { class: "ground", x: left, width: size * frames, height: size * models.length }));
  map.append(...Object.entries(paths).map(([kind, d]) => drawn("path", { d, fill: CACHE_COLOURS[kind] })));
  if (large) map.append(...mapLabels(entry, left, size));
  return element("figure", { class: "cache" }, element("figcaption", {}, title, element("span", {}, words)), element("div", { class: "scroll", tabindex: large && "0" }, map));
}

function mapLabels({ frames, models, sizes }, left, size) {
  const names = models.map((model, n) =>
    drawn("text", { x: left - 6, y: size * (n + 0.5) + 4, "text-anchor": "end" }, drawn("title", {}, `${model}: ${sizes[n]} GB`), model),
  );
  const every = frames <= 12 ? 1 : 5;
  const numbers = Array.from({ length: frames }, (_, n) => n + 1).filter((frame) => frame === 1 || frame % every === 0);
  const ticks = numbers.map((frame) =>
    drawn("text", { x: left + size * (frame - 0.5), y: size * models.length + 15, "text-anchor": "middle" }, String(frame)),
  );
  const middle = { x: left + (size * frames) / 2, y: size * models.length + 31, "text-anchor": "middle" };
  return [...names, ...ticks, drawn("text", middle, "frame")];
}

/** What two answers give every user in one slot: bandwidth and steps. */
function slotTable(entry, titled, { frame, slot }) {
  const first = ((frame - 1) * entry.slots + slot - 1) * entry.users;
  const users = Array.from({ length: entry.users }, (_, user) => first + user);
  const heads = ["bandwidth, %", "steps"].flatMap((what) => titled.map(([, title]) => `${what}: ${title}`));
  const most = Math.max(1, ...titled.flatMap(([answer]) => users.map((at) => answer.steps[at])));
  const widest = Math.max(1, ...titled.flatMap(([answer]) => users.map((at) => answer.bandwidth[at])));
  const bar = (share, text) => element("td", { class: "number bar", style: `--share:${(100 * share).toFixed(1)}%` }, text);
  const rows = users.map((at, user) => {
    const model = entry.request[at];
    const bandwidths = titled.map(([answer]) => bar(answer.bandwidth[at] / widest, (answer.bandwidth[at] / 10).toFixed(1)));
    const steps = titled.map(([answer]) => bar(answer.steps[at] / most, answer.steps[at] ? String(answer.steps[at]) : "cloud"));
    const idle = [element("td", { colspan: heads.length, class: "muted" }, "idle")];
    return element("tr", {}, element("th", { scope: "row" }, `user ${user + 1}`), element("td", {}, model < 0 ? "" : entry.models[model]), model < 0 ? idle : [...bandwidths, ...steps]);
  });
  const used = (values) => users.reduce((sum, at) => sum + values[at], 0);
  const sums = [
    ...titled.map(([answer]) => (used(answer.bandwidth) / 10).toFixed(0)),
    ...titled.map(([answer]) => `${used(answer.steps)} of ${entry.budget}`),
  ].map((text) => element("td", { class: "number" }, text));
  return [
    element("caption", {}, element("span", {}, "The decisions of two solvers in one slot. Steps are those at the edge; “cloud” sends the request there. Bandwidth is rounded to a thousandth of the band.")),
    element("thead", {}, element("tr", {}, ["user", "asks for", ...heads].map((text, n) => element("th", { scope: "col", class: n > 1 && "number" }, text)))),
    element("tbody", {}, rows, element("tr", { class: "sum" }, element("th", { scope: "row" }, "together"), element("td", {}), sums)),
  ];
}
