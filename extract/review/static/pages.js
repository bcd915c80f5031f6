// Page images of a PDF, with a box around the evidence of every value.

import { get } from "./talk.js";
import { isShown } from "./text.js";

const figures = [...document.querySelectorAll("#pages figure")];

const percent = (share) => `${share * 100}%`;

async function boxUp(figure) {
  const paper = figure.querySelector(".sheet-of-paper");
  const { marks } = await get("boxes", { page: figure.dataset.page });
  paper.querySelectorAll(".box").forEach((box) => box.remove());
  for (const mark of marks) {
    for (const [left, top, width, height] of mark.boxes) {
      const box = document.createElement("span");
      box.className = `box g-${mark.group}${isShown(mark.id) ? " on" : ""}`;
      box.dataset.m = mark.id;
      Object.assign(box.style, { left: percent(left), top: percent(top), width: percent(width), height: percent(height) });
      paper.append(box);
    }
  }
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((each) => each.isIntersecting)) {
    seen.unobserve(entry.target);
    boxUp(entry.target).catch(() => seen.observe(entry.target));
  }
});

// Draw the boxes of pages as they come into sight; call again when evidence has changed.
export function drawBoxes() {
  for (const figure of figures) {
    seen.unobserve(figure);
    seen.observe(figure);
  }
}

const toggle = document.getElementById("show-pages");

export function togglePages(on = !document.body.classList.contains("with-pages")) {
  if (!toggle) return;
  document.body.classList.toggle("with-pages", on);
  toggle.setAttribute("aria-pressed", String(on));
  if (on) drawBoxes();
}

toggle?.addEventListener("click", () => togglePages());
