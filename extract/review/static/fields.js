// The form: which value is current, what stands in its controls.

import { showMarks } from "./text.js";

const form = document.getElementById("form");
const sentences = new Map(
  [...document.querySelectorAll("#sentences dt")].map((name) => [name.textContent, name.nextElementSibling.textContent]),
);

export const rows = () => [...form.querySelectorAll(".field")].filter((row) => row.checkVisibility());
export const current = () => form.querySelector(".field.current");
export const itemOf = (row) => (row.dataset.item === "" ? null : Number(row.dataset.item));
export const byId = (id) => document.getElementById(id);

export function label(row) {
  return row.getAttribute("aria-label").replace(/, doubtful$/, "");
}

// Make `row` the current value: its evidence shows in the letter, the guide says what it means.
export function makeCurrent(row, { focus = true } = {}) {
  if (!row) return;
  row.closest("details.item")?.setAttribute("open", "");
  current()?.classList.remove("current");
  row.classList.add("current");
  if (focus) row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  showMarks(markIds(row));
  const path = (row.dataset.item === "" ? "" : "items[].") + row.dataset.field;
  document.getElementById("guide-name").textContent = `${label(row)}: `;
  document.getElementById("guide-sentence").textContent = sentences.get(path) ?? "";
}

function markIds(row) {
  if (row.dataset.kind !== "choices") return [...row.querySelectorAll(".entry")].map((entry) => entry.dataset.m);
  const where = row.dataset.item === "" ? "r" : `i${row.dataset.item}`;
  return [...row.querySelectorAll("input:checked")].map((_, index) => `${where}.${row.dataset.field}.${index}`);
}

// Walk `by` values on, or to the next that `fits`; closed items are opened on the way.
export function walk(by, fits = () => true) {
  const all = [...form.querySelectorAll(".field")];
  const visible = fits === always ? rows() : all;
  const at = visible.indexOf(current());
  const order = by > 0 ? visible.slice(at + 1) : visible.slice(0, Math.max(at, 0)).reverse();
  const next = order.find(fits);
  if (next) makeCurrent(next);
  return Boolean(next);
}

export const always = () => true;
export const isDoubtful = (row) => row.classList.contains("doubtful");

// What stands in the row's controls, in the form in which an edit is sent.
export function entriesOf(row) {
  if (row.dataset.kind === "choices") {
    const chosen = [...row.querySelectorAll("input:checked")];
    return chosen.map((box) => ({ value: box.value, was: wasOf(row, box.value) }));
  }
  return [...row.querySelectorAll(".entry")].map((entry) => ({
    value: row.dataset.kind === "parts" ? partsOf(entry) : valueOf(entry.querySelector(".value")),
    was: entry.dataset.was === undefined ? null : Number(entry.dataset.was),
  })).filter(({ value }) => !isBlank(value));
}

function wasOf(row, value) {
  const before = [...row.querySelectorAll(".chip")].map((chip) => chip.textContent);
  return before.includes(value) ? before.indexOf(value) : null;
}

function partsOf(entry) {
  return Object.fromEntries([...entry.querySelectorAll(".value")].map((control) => {
    const name = control.dataset.part;
    if (name !== "pages") return [name, valueOf(control)];
    return [name, control.value.split(";").map((page) => page.trim()).filter(Boolean)];
  }));
}

function valueOf(control) {
  const text = control.value.trim();
  if (text === "") return null;
  return control.type === "number" || control.dataset.part === "year" ? Number(text) : text;
}

const isBlank = (value) => value === null
  || (typeof value === "object" && Object.values(value).every((part) => part === null || part.length === 0));

export function showFault(row, words) {
  const fault = row.querySelector(".fault");
  fault.textContent = words;
  fault.hidden = !words;
  row.classList.toggle("wrong", Boolean(words));
}

// Put the service's rendering of a row in place of the old one, the focus kept where it was.
export function replaceRow(row, html) {
  const inside = row.contains(document.activeElement) && document.activeElement !== row;
  const index = inside ? [...row.querySelectorAll(".value")].indexOf(document.activeElement) : -1;
  const wasCurrent = row.classList.contains("current");
  const hadFocus = row.contains(document.activeElement);
  const open = row.querySelector("details.choices")?.open;
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const fresh = template.content.firstElementChild;
  row.replaceWith(fresh);
  if (open) fresh.querySelector("details.choices")?.setAttribute("open", "");
  if (wasCurrent) makeCurrent(fresh, { focus: hadFocus });
  if (index >= 0) fresh.querySelectorAll(".value")[index]?.focus();
  return fresh;
}

export function addEntry(row) {
  const blank = row.querySelector("template").content.firstElementChild.cloneNode(true);
  row.querySelector(".add").before(blank);
  blank.querySelector(".value").focus();
}
