// The line that says what happened: one live region that stays, so that a screen reader reads each new sentence.
// It also looks after the box around it: keys typed there never reach the notebook, and a dead kernel is told.

const DEAD = "✗ The kernel was restarted or has ended: nothing here works any more. Run this cell again.";

function keepKeys(box) {
  // JupyterLab's shortcuts leave an element with this attribute alone (an `x` would cut the cell otherwise). It asks
  // the element that has the focus before its parents, so the attribute must be on that element itself.
  box.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
}

function switchOff(box, el) {
  for (const part of box.children) {
    if (!part.contains(el)) part.inert = true;
  }
  box.classList.add("cookbook-dead");
}

function render({ model, el }) {
  const line = document.createElement("div");
  line.className = "cookbook-status";
  line.setAttribute("role", "status");
  el.append(line);

  const say = (text, tone) => {
    line.textContent = text;
    line.dataset.tone = tone;
  };
  const draw = () => say(model.get("text"), model.get("tone"));
  model.on("change", draw);
  draw();

  if (!model.get("outer")) return;
  let gone = false;
  const whenAttached = () => {
    const box = el.closest(".cookbook-box");
    if (gone) return;
    if (!box) return void requestAnimationFrame(whenAttached);
    keepKeys(box);
    model.on("comm_live_update", () => {
      say(DEAD, "bad");
      switchOff(box, el);
    });
  };
  whenAttached();
  return () => (gone = true);
}

export default { render };
