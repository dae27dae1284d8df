// The page of tasks: a button on each line that copies its code, and a field that hides the lines without a word.
"use strict";

function button(task) {
  const code = task.querySelector("pre");
  if (!code) return;
  const made = document.createElement("button");
  const name = task.querySelector("summary").textContent;
  made.type = "button";
  made.className = "task-copy";
  made.textContent = "Copy";
  made.setAttribute("aria-label", `Copy the code: ${name}`);
  made.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent.trimEnd() + "\n");
    made.textContent = "Copied";
    setTimeout(() => (made.textContent = "Copy"), 1500);
  });
  task.append(made);
}

function filter(field, tasks) {
  const words = field.value.toLowerCase().split(/\s+/);
  const shown = tasks.filter((task) => {
    const text = task.textContent.toLowerCase();
    task.hidden = !words.every((word) => text.includes(word));
    return !task.hidden;
  });
  for (const section of document.querySelectorAll("section:has(.task)")) {
    section.hidden = !section.querySelector(".task:not([hidden])");
  }
  document.getElementById("task-count").textContent = `${shown.length} of ${tasks.length} tasks`;
}

document.addEventListener("DOMContentLoaded", () => {
  const tasks = [...document.querySelectorAll(".task")];
  const field = document.getElementById("task-filter");
  if (!field) return;
  tasks.forEach(button);
  field.closest("p").hidden = false;
  field.addEventListener("input", () => filter(field, tasks));
});
