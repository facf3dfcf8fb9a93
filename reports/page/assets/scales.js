/* Scales: from a value to a place between 0 and 1, with about so many ticks. A gap is linear below its least decade, so 0 has a place. */

const SCALES = {
  linear(values, most) {
    const low = Math.min(0, ...values);
    const high = Math.max(0, ...values) || 1;
    const room = 0.04 * (high - low);
    const [from, to] = [low < 0 ? low - room : low, high + room];
    const ticks = linearTicks(from, to, most);
    return { place: (value) => (value - from) / (to - from), ticks };
  },

  /** Without 0, where only differences matter. */
  span(values, most) {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = 0.06 * (high - low) || 0.05 * Math.abs(high) || 1;
    const [from, to] = [low - room, high + room];
    return { place: (value) => (value - from) / (to - from), ticks: linearTicks(from, to, most) };
  },

  log(values, most) {
    const positive = values.filter((value) => value > 0);
    const [from, to] = [Math.log10(Math.min(...positive)) - 0.1, Math.log10(Math.max(...positive)) + 0.1];
    const ticks = logTicks(from, to, most);
    return { place: (value) => (Math.log10(value) - from) / (to - from), ticks };
  },

  gap(values, most) {
    const positive = values.filter((value) => value > 0);
    const least = positive.length ? Math.max(Math.floor(Math.log10(Math.min(...positive))), -2) : 0;
    const greatest = positive.length ? Math.max(...positive) : 1;
    const threshold = 10 ** least;
    const bent = (value) => (value <= threshold ? (0.6 * value) / threshold : 0.6 + Math.log10(value / threshold));
    const [from, to] = [-0.12, bent(Math.max(1.3 * greatest, threshold))];
    const decades = Array.from({ length: 12 }, (_, n) => 10 ** (least + n)).filter((tick) => bent(tick) <= to);
    return { place: (value) => (bent(value) - from) / (to - from), ticks: [0, ...thinned(decades, most - 1)] };
  },
};

function linearTicks(from, to, most) {
  const rough = (to - from) / Math.min(6, most);
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = decade * [1, 2, 5, 10].find((size) => size * decade >= 0.8 * rough);
  const ticks = [];
  for (let n = Math.ceil(from / step); n * step <= to; n += 1) ticks.push(Number((n * step).toPrecision(12)));
  return ticks;
}

/** Whole decades, with 2 and 5 between them where those alone would be few. */
function logTicks(from, to, most) {
  const inside = (steps) => {
    const ticks = [];
    for (let power = Math.floor(from); power <= to; power += 1) {
      ticks.push(...steps.map((step) => Number((step * 10 ** power).toPrecision(3))));
    }
    return ticks.filter((tick) => Math.log10(tick) >= from && Math.log10(tick) <= to);
  };
  const finer = inside([1, 2, 5]);
  return finer.length <= Math.min(7, most) ? finer : thinned(inside([1]), most);
}

/** Of the ticks, at most so many, evenly. */
function thinned(ticks, most) {
  const every = Math.ceil(ticks.length / Math.max(1, most));
  return ticks.filter((_, place) => place % every === 0);
}
