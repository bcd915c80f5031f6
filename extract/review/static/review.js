// One letter on a desk: every change is sent at once, every key has its meaning.

import { Refused, NotReached, get, hush, say, send, setVersion } from "./talk.js";
import { drawBoxes, togglePages } from "./pages.js";
import { findWords, selectedSpan, showFound, spanOf } from "./text.js";
import {
  addEntry, always, byId, current, entriesOf, isDoubtful, itemOf, label, makeCurrent, replaceRow, showFault, walk,
} from "./fields.js";

const form = document.getElementById("form");
const letterText = document.getElementById("text");
let found = [];
let foundAt = 0;
let lastCaret = 0;

const cellOf = (row) => ({ item: itemOf(row), field: row.dataset.field });
const isTyping = (element) => element.matches("input:not([type=checkbox]), textarea, select");

// ---- sending edits

async function edit(action, row = null) {
  const id = row?.id;
  try {
    show(await send("edit", { edit: action }), id);
    return true;
  } catch (error) {
    fail(error, id, () => edit(action, id ? byId(id) : null));
    return false;
  }
}

function show(answer, id) {
  hush();
  if (answer.form !== undefined) {
    const open = [...form.querySelectorAll("details.item[open]")].map((item) => item.id);
    form.innerHTML = answer.form;
    open.forEach((item) => byId(item)?.setAttribute("open", ""));
    makeCurrent(byId(answer.focus ?? id), { focus: true });
  }
  if (answer.row !== undefined && byId(answer.id)) replaceRow(byId(answer.id), answer.row);
  if (answer.text !== undefined) {
    letterText.innerHTML = answer.text;
    drawBoxes();
    if (current()) makeCurrent(current(), { focus: false });
  }
  if (answer.progress) document.getElementById("progress").textContent = answer.progress;
  if (answer.saved_state) document.getElementById("saved").textContent = answer.saved_state;
}

function fail(error, id, again) {
  if (error instanceof NotReached) {
    say("Not stored: the service does not answer. What you see in the form is still yours.", { choices: [["Try again", again]] });
  } else if (error instanceof Refused && error.status === 409 && error.problem.changes) {
    conflict(error.problem, again);
  } else if (error instanceof Refused && id && byId(id)) {
    showFault(byId(id), error.message);
  } else if (error instanceof Refused) {
    say(error.message);
  } else {
    throw error;
  }
}

// Somebody was faster: show what they did, and leave the choice.
function conflict(problem, again) {
  say("Not stored: this letter was changed in another window since you opened it.", {
    list: problem.changes,
    choices: [
      ["Show the newer state, drop mine", () => refresh()],
      ["Show the newer state, then apply mine", async () => { await refresh(); await again(); }],
    ],
  });
}

async function refresh() {
  const id = current()?.id;
  const answer = await get("state");
  setVersion(answer.version);
  show(answer, id);
}

async function commit(row) {
  if (!row?.isConnected) return true;
  showFault(row, "");
  return edit({ action: "set", ...cellOf(row), entries: entriesOf(row) }, row);
}

// ---- what a person can do to the current value

const onCurrent = (act) => () => { const row = current(); if (row) act(row); };

async function setEvidence(row, span = selectedSpan()) {
  if (!span) { say("Select the words in the letter first, or press f to find them.", { calm: true }); return; }
  const entry = document.activeElement.closest?.(".entry");
  const index = entry && row.contains(entry) ? [...row.querySelectorAll(".entry")].indexOf(entry) : 0;
  const control = row.querySelector(".value");
  const isText = ["text", "long", "texts"].includes(row.dataset.kind);
  const id = row.id;
  if (isText && !entriesOf(row).length) {
    const stored = await edit({ action: "set", ...cellOf(row), entries: [{ value: span.words }] }, row);
    if (!stored) return;
  } else if (control && !entriesOf(row).length) {
    showFault(row, "give the value first, then its evidence");
    return;
  }
  closeFind();
  await edit({ action: "evidence", ...cellOf(row), entry: index, start: span.start, end: span.end }, byId(id));
  getSelection().removeAllRanges();
  hideUse();
}

function comment(row) {
  const box = document.getElementById("comment-box");
  const text = document.getElementById("comment-text");
  text.value = row.querySelector(".comment")?.textContent.slice(1, -1) ?? "";
  const { id } = row;
  box.returnValue = "";
  box.onclose = () => {
    if (box.returnValue === "keep") edit({ action: "comment", ...cellOf(byId(id)), text: text.value }, byId(id));
    byId(id).focus();
  };
  box.showModal();
}

async function take(row, button) {
  const value = row.dataset.kind === "number" ? Number(button.dataset.value) : button.dataset.value;
  const { id } = row;
  if (!await edit({ action: "set", ...cellOf(row), entries: [{ value }] }, row)) return;
  const { start, end } = button.dataset;
  if (start !== "None") await edit({ action: "evidence", ...cellOf(byId(id)), start: Number(start), end: Number(end) }, byId(id));
}

async function acceptAndGoOn(row) {
  const { id } = row;
  if (await edit({ action: "accept", ...cellOf(row) }, row)) {
    if (byId(id) === current()) walk(1);
  }
}

async function moveItem(row, by) {
  if (itemOf(row) !== null) await edit({ action: "move_item", item: itemOf(row), by }, row);
}

const itemKeys = {
  move_item: (item, button) => ({ action: "move_item", item, by: Number(button.dataset.by) }),
  remove_item: (item) => ({ action: "remove_item", item }),
  split_item: (item) => ({ action: "split_item", item, at: Math.max(lastCaret, 1) }),
};

async function undo() {
  try {
    const answer = await send("undo");
    show(answer, current()?.id);
    if (answer.id && byId(answer.id)) makeCurrent(byId(answer.id));
  } catch (error) { fail(error, null, undo); }
}

async function save(more = {}) {
  const row = document.activeElement.closest?.(".field");
  if (row && isTyping(document.activeElement) && !await commit(row)) return;
  try {
    show(await send("save", more), null);
  } catch (error) {
    if (error.problem?.faults) faults(error.problem.faults);
    else if (error.problem?.type === "urn:imr:DoubtsOpen") say(error.message, { choices: [["Save all the same", () => save({ ...more, unseen: true })]] });
    else if (error.problem?.type === "urn:imr:LabelTaken") say(error.message, { choices: [["Replace it", () => save({ ...more, replace: true })]] });
    else fail(error, null, () => save(more));
  }
}

function faults(list) {
  list.forEach(({ id, message }) => byId(id) && showFault(byId(id), message));
  makeCurrent(byId(list[0].id));
  say(`Not saved: ${list.length} value${list.length === 1 ? "" : "s"} cannot be so.`, { list: list.map(({ label: name, message }) => `${name}: ${message}`) });
}

// ---- finding words in the letter

function openFind() {
  document.getElementById("find").hidden = false;
  document.getElementById("find-text").select();
  document.getElementById("find-text").focus();
}

function closeFind() {
  document.getElementById("find").hidden = true;
  showFound(null);
}

function showHit(by) {
  if (found.length) foundAt = (foundAt + by + found.length) % found.length;
  showFound(found[foundAt]);
  document.getElementById("found").textContent = found.length ? `${foundAt + 1} of ${found.length}` : "not found";
}

document.getElementById("find-text").addEventListener("input", (event) => {
  found = findWords(event.target.value);
  foundAt = 0;
  showHit(0);
});

document.getElementById("find-text").addEventListener("keydown", (event) => {
  const acts = {
    ArrowDown: () => showHit(1),
    ArrowUp: () => showHit(-1),
    Escape: () => { closeFind(); current()?.focus(); },
    Enter: onCurrent((row) => { const span = found.length ? spanOf(found[foundAt]) : null; row.focus(); setEvidence(row, span); }),
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
  acts[event.key]();
});

// ---- selecting with the pointer

const use = document.getElementById("use-selection");
const hideUse = () => { use.hidden = true; };

document.addEventListener("selectionchange", () => {
  const row = current();
  const span = document.getElementById("find").hidden ? selectedSpan() : null;
  if (!row || !span) { hideUse(); return; }
  const box = getSelection().getRangeAt(0).getBoundingClientRect();
  use.textContent = `Use as evidence for ${label(row)} (s)`;
  use.hidden = false;
  use.style.left = `${Math.max(8, Math.min(box.left, innerWidth - use.offsetWidth - 8))}px`;
  use.style.top = `${Math.min(box.bottom + 6, innerHeight - 44)}px`;
});
use.addEventListener("mousedown", (event) => event.preventDefault());
use.addEventListener("click", onCurrent((row) => setEvidence(row)));

function goToValue(event) {
  const ids = event.target.closest("[data-m]")?.dataset.m.split(" ");
  if (!ids || !getSelection().isCollapsed) return;
  const [, where, field] = ids[0].match(/^(r|i\d+)\.(.+)\.\d+$/);
  makeCurrent(byId(`${where}.${field}`));
}
letterText.addEventListener("click", goToValue);
document.getElementById("pages")?.addEventListener("click", goToValue);

// ---- the form

form.addEventListener("focusin", (event) => {
  const row = event.target.closest(".field");
  if (row && row !== current()) makeCurrent(row, { focus: false });
});

form.addEventListener("change", (event) => {
  const row = event.target.closest(".field");
  if (row && event.target.matches(".value")) commit(row);
});

form.addEventListener("keyup", rememberCaret);
form.addEventListener("click", rememberCaret);
function rememberCaret(event) {
  if (event.target.matches?.("[data-field=description] textarea")) lastCaret = event.target.selectionStart;
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  const row = event.target.closest(".field");
  if (!button) { if (row) makeCurrent(row, { focus: !event.target.closest("input, select, textarea, summary, label") }); return; }
  const act = button.dataset.do;
  if (itemKeys[act]) edit(itemKeys[act](Number(button.closest(".item").dataset.item), button), row);
  else if (act === "add_item") edit({ action: "add_item" });
  else if (act === "comment") comment(row);
  else if (act === "more") addEntry(row);
  else if (act === "drop") { button.closest(".entry").remove(); commit(row); }
  else if (act === "take") take(row, button);
  else edit({ action: act, ...cellOf(row) }, row);
});

// ---- keys

function startEditing(row) {
  const details = row.querySelector("details.choices");
  if (details) details.open = true;
  const control = row.querySelector(".value");
  if (!control) { addEntry(row); return; }
  control.focus();
  control.select?.();
}

const follow = (selector) => () => document.querySelector(selector)?.click();

const keys = {
  j: () => walk(1, always), k: () => walk(-1, always), ArrowDown: () => walk(1, always), ArrowUp: () => walk(-1, always),
  n: () => { if (!walk(1, isDoubtful)) say("No doubtful value is left below.", { calm: true }); },
  N: () => walk(-1, isDoubtful),
  Enter: onCurrent(startEditing), e: onCurrent(startEditing),
  a: onCurrent(acceptAndGoOn),
  x: onCurrent((row) => edit({ action: "not_stated", ...cellOf(row) }, row)),
  c: onCurrent(comment),
  s: onCurrent((row) => setEvidence(row)),
  t: onCurrent((row) => { const button = row.querySelector("[data-do=take]"); if (button) take(row, button); }),
  "+": onCurrent((row) => { if (row.dataset.list && row.dataset.kind !== "choices") addEntry(row); }),
  f: openFind, u: undo,
  i: onCurrent((row) => edit({ action: "add_item", after: itemOf(row) })),
  p: () => togglePages(),
  l: follow("[data-key=l]"), "[": follow("[rel=prev]"), "]": follow("[rel=next]"),
  "?": () => document.getElementById("help").showModal(),
};

const withModifier = {
  "ctrl+s": () => save(),
  "ctrl+z": undo,
  "alt+ArrowUp": onCurrent((row) => moveItem(row, -1)),
  "alt+ArrowDown": onCurrent((row) => moveItem(row, 1)),
  "alt+Delete": onCurrent((row) => { if (itemOf(row) !== null) edit({ action: "remove_item", item: itemOf(row) }); }),
  "alt+Enter": onCurrent((row) => { if (itemOf(row) !== null) edit({ action: "split_item", item: itemOf(row), at: Math.max(lastCaret, 1) }); }),
  "alt+x": () => document.activeElement.closest(".entry")?.querySelector("[data-do=drop]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const name = (event.ctrlKey || event.metaKey ? "ctrl+" : "") + (event.altKey ? "alt+" : "") + event.key;
  const typing = isTyping(event.target);
  if (typing && event.key === "Escape") { leave(event.target, true); event.preventDefault(); return; }
  if (typing && event.key === "Enter" && name === "Enter" && !event.shiftKey) { leave(event.target, false); event.preventDefault(); return; }
  const single = document.getElementById("single-keys").checked && !typing && !isButtonKey(event);
  const act = withModifier[name] ?? (single ? keys[name] : undefined);
  if (!act || (typing && name === "ctrl+z")) return;
  event.preventDefault();
  act();
});

const isButtonKey = (event) => event.key === "Enter" && event.target.matches("button, a, summary, input[type=checkbox]");

// Leave a control: Enter keeps what was typed, Escape puts back what stood there.
function leave(control, back) {
  const row = control.closest(".field");
  if (!row) { control.blur(); return; }
  if (back && control.tagName !== "SELECT") control.value = control.defaultValue;
  row.focus();
}

document.getElementById("undo").addEventListener("click", undo);
document.getElementById("save").addEventListener("click", () => save());
document.getElementById("help-button").addEventListener("click", keys["?"]);
const single = document.getElementById("single-keys");
single.checked = localStorage.getItem("single-keys") !== "off";
single.addEventListener("change", () => localStorage.setItem("single-keys", single.checked ? "on" : "off"));

togglePages(true);
makeCurrent(byId(decodeURIComponent(location.hash.slice(1))) ?? form.querySelector(".field"));
