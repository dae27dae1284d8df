// A text with a button that copies it.

async function copyTo(area) {
  try {
    await navigator.clipboard.writeText(area.value);
    return "Copied.";
  } catch {
    area.select(); // a page from another machine over plain http may not use the clipboard
    return document.execCommand("copy") ? "Copied." : "Marked: press Ctrl+C.";
  }
}

let count = 0;

function render({ model, el }) {
  const label = document.createElement("label");
  const area = document.createElement("textarea");
  const button = document.createElement("button");
  const said = document.createElement("span");
  el.classList.add("cookbook-copy");
  area.id = `cookbook-copy-${++count}`;
  area.readOnly = true;
  label.htmlFor = area.id;
  button.textContent = "Copy";
  button.className = "lm-Widget jupyter-button";
  said.setAttribute("role", "status");
  el.append(label, area, button, said);

  const draw = () => {
    label.textContent = model.get("label");
    button.setAttribute("aria-label", `Copy: ${model.get("label")}`);
    area.value = model.get("text");
    area.rows = area.value.split("\n").length;
    said.textContent = "";
  };
  button.addEventListener("click", async () => (said.textContent = await copyTo(area)));
  model.on("change", draw);
  draw();
}

export default { render };
