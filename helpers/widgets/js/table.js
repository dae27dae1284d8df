// A table that can be sorted by its heads and picked from by its rows, with the mouse and with the keyboard:
// one Tab reaches the rows, the arrows move among them, Enter or Space picks.

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function headCell(model, name, column) {
  const cell = element("th", model.get("numbers").includes(column) ? "number" : "");
  cell.scope = "col";
  if (!model.get("sortable")) {
    cell.textContent = name;
    return cell;
  }
  const mine = model.get("sorted_by") === column;
  const down = model.get("descending");
  const button = element("button", "cookbook-head", mine ? `${name} ${down ? "▾" : "▴"}` : name);
  button.dataset.key = `head ${column}`;
  cell.ariaSort = mine ? (down ? "descending" : "ascending") : "none";
  button.addEventListener("click", () => press(model, "pressed_head", column));
  cell.append(button);
  return cell;
}

function bodyRow(model, row, number) {
  const line = element("tr", row.mark);
  row.cells.forEach((text, column) => {
    const cell = element(column ? "td" : "th", model.get("numbers").includes(column) ? "number" : "");
    if (!column) cell.scope = "row";
    const [first, ...rest] = text.split("\n");
    cell.append(column || !model.get("pickable") ? first : rowButton(model, first, number));
    for (const more of rest) cell.append(element("small", "", more));
    line.append(cell);
  });
  if (model.get("pickable")) line.addEventListener("click", () => press(model, "pressed_row", number));
  return line;
}

function rowButton(model, text, number) {
  const button = element("button", "cookbook-row", text);
  button.dataset.key = `row ${number}`;
  button.tabIndex = number === Math.max(0, model.get("picked")) ? 0 : -1;
  button.setAttribute("aria-pressed", number === model.get("picked"));
  button.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.currentTarget.closest("tbody").querySelector(`[data-key="row ${number + step}"]`)?.focus();
  });
  return button;
}

function press(model, name, number) {
  model.set(name, { number, again: (model.get(name).again ?? 0) + 1 }); // counted: the same one may be pressed twice
  model.save_changes();
}

function render({ model, el }) {
  const scroller = element("div", "cookbook-table");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  el.append(scroller);

  const draw = () => {
    const key = scroller.contains(document.activeElement) ? document.activeElement.dataset.key : "";
    const top = scroller.scrollTop;
    const table = element("table");
    const head = element("tr");
    const body = element("tbody");
    table.append(element("caption", "", model.get("caption")), element("thead"), body);
    table.tHead.append(head);
    head.append(...model.get("head").map((name, column) => headCell(model, name, column)));
    body.append(...model.get("rows").map((row, number) => bodyRow(model, row, number)));
    scroller.setAttribute("aria-label", model.get("caption"));
    scroller.style.maxHeight = model.get("height");
    scroller.replaceChildren(table);
    scroller.scrollTop = top;
    if (key) scroller.querySelector(`[data-key="${key}"]`)?.focus();
    const changed = body.querySelector(".changed");
    if (changed) scroller.scrollTop = Math.max(0, changed.offsetTop - 2 * changed.offsetHeight);
  };
  model.on("change", draw);
  draw();
}

export default { render };
