/* Elements of the page and of drawings, and how figures are written. */

const NAMESPACE = document.getElementById("namespace").namespaceURI;

/** An element with attributes (`on...` are listeners) and children; text is only ever text. */
function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** An element of a drawing. */
function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS(NAMESPACE, name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null));
  return made;
}

/** Options of a select, each [value, text], with one of them chosen. */
function fillSelect(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => element("option", { value, selected: value === chosen }, text)));
}

const pen = document.createElement("canvas").getContext("2d");

/** The width of a text in a drawing, in pixels. */
function textWidth(text) {
  pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return pen.measureText(text).width;
}

const MISSING = "–";
const TOLERANCE = 1e-6;

function fixed(value, digits) {
  return value === null ? MISSING : value.toFixed(digits);
}

/** So many significant digits, without an exponent between a millionth and a million. */
function significant(value, digits = 3) {
  if (value === null) return MISSING;
  if (value === 0) return "0";
  if (Math.abs(value) < 1e-6 || Math.abs(value) >= 1e6) return value.toExponential(digits - 1);
  return value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)))));
}

/** A gap, a fraction, in per cent: 0 within the contract's tolerance, never a rounded 0 above it. */
function gapPercent(fraction) {
  if (fraction === null) return MISSING;
  if (fraction <= TOLERANCE) return "0";
  return fraction < 0.5e-5 ? "<0.001" : (100 * fraction).toFixed(fraction < 0.01 ? 3 : 2);
}

/** A gap as the interval that holds it; an upper end of null is infinite. */
function gapInterval(low, high) {
  if (low === null) return MISSING;
  const first = gapPercent(low);
  if (high === null) return first === "0" ? "unknown" : `≥ ${first}`;
  const last = gapPercent(high);
  return first === last ? first : `${first} to ${last}`;
}

function percent(fraction) {
  return fraction === null ? MISSING : `${(100 * fraction).toFixed(1)} %`;
}

function counted(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
