/* The address holds what the reader chose: #place?key=value&key=value. A view is sent by sending the address. */

const address = {
  place: "",
  values: new URLSearchParams(),
  listeners: [],

  /** Take over what the address says; a plain link to a place keeps the choices. */
  read() {
    const [place, query] = location.hash.slice(1).split(/\?(.*)/s);
    this.place = decodeURIComponent(place);
    if (query === undefined) this.write();
    else this.values = new URLSearchParams(query);
  },

  write() {
    const query = this.values.toString();
    if (this.place || query) history.replaceState(null, "", `#${this.place}${query ? `?${query}` : ""}`);
  },

  get(key) {
    return this.values.get(key) ?? "";
  },

  getAll(key) {
    return this.values.getAll(key);
  },

  /** Change choices and say so: an empty text or list takes a key out of the address. */
  set(place, changes) {
    this.place = place;
    for (const [key, value] of Object.entries(changes)) {
      this.values.delete(key);
      for (const each of [value].flat()) if (each !== "") this.values.append(key, each);
    }
    this.write();
    this.tell();
  },

  /** The address after such changes, for a link. */
  link(place, changes) {
    const values = new URLSearchParams(this.values);
    for (const [key, value] of Object.entries(changes)) {
      if (value === "") values.delete(key);
      else values.set(key, value);
    }
    return `#${place}?${values}`;
  },

  tell() {
    for (const listener of this.listeners) listener();
  },

  start() {
    this.read();
    this.tell();
    this.show();
    addEventListener("hashchange", () => {
      this.read();
      this.tell();
      this.show();
    });
  },

  /** Go to the place; a row of a table is shown in the middle and marked. */
  show() {
    for (const row of document.querySelectorAll("tr.pointed")) row.classList.remove("pointed");
    const found = this.place ? document.getElementById(this.place) : null;
    const isRow = found?.tagName === "TR";
    if (isRow) found.classList.add("pointed");
    found?.scrollIntoView({ block: isRow ? "center" : "start", inline: "start" });
  },
};
