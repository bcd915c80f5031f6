// Settling: take one side or the other on each point, then save.

import { NotReached, say, send } from "./talk.js";

const points = () => [...document.querySelectorAll(".point")];

const here = () => document.activeElement.closest(".point") ?? points()[0];

function step(by) {
  const all = points();
  const at = all.indexOf(document.activeElement.closest(".point"));
  all[Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
}

// Each answer is a whole new page: the list is short, and only the service knows what is decided.
async function tell(path, body, focus) {
  try {
    const answer = await send(path, body);
    if (answer.saved_state) document.getElementById("saved").textContent = answer.saved_state;
    if (path !== "save") reload(focus);
  } catch (error) {
    if (error instanceof NotReached) say("Not stored: the service does not answer.", { choices: [["Try again", () => tell(path, body, focus)]] });
    else say(error.message, { choices: [["Show the newer state", () => reload(focus)]] });
  }
}

function reload(focus) {
  if (focus) sessionStorage.setItem("point", focus);
  location.reload();
}

const take = (point, side) => tell("settle", { point: point.dataset.point, take: side }, point.dataset.point);

document.querySelectorAll(".side").forEach((button) => {
  button.addEventListener("click", () => take(button.closest(".point"), button.dataset.take));
});

const save = () => { if (!document.getElementById("save").disabled) tell("save", {}); };
const undo = () => tell("undo", {});
document.getElementById("undo").addEventListener("click", undo);
document.getElementById("save").addEventListener("click", save);

const keys = {
  j: () => step(1), k: () => step(-1),
  1: () => here() && take(here(), "first"), 2: () => here() && take(here(), "second"),
  e: () => here()?.querySelector("a")?.click(), u: undo,
  l: () => document.querySelector("[data-key=l]").click(),
};

document.addEventListener("keydown", (event) => {
  const ctrl = event.ctrlKey || event.metaKey;
  const act = ctrl ? { s: save }[event.key] : keys[event.key];
  if (!act || event.altKey) return;
  event.preventDefault();
  act();
});

const last = sessionStorage.getItem("point");
sessionStorage.removeItem("point");
(points().find((point) => point.dataset.point === last) ?? points()[0])?.focus();
