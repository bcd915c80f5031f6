// The letter's text: offsets of a selection, marks of a value, the search in it.
// Offsets count characters as Python does, so that one beyond the basic plane counts once.

const root = document.getElementById("text");

const length = (text) => { let n = 0; for (const _ of text) n += 1; return n; };

function offsetOf(node, within) {
  const holder = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
  if (!holder) return null;
  const before = node.nodeType === Node.TEXT_NODE ? node.data.slice(0, within) : "";
  return Number(holder.dataset.at) + length(before);
}

// Start and end of what is selected in the letter, without white space at its ends.
export function selectedSpan() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  return root.contains(range.commonAncestorContainer) ? spanOf(range) : null;
}

export function spanOf(range) {
  const pieces = piecesOf(range);
  if (!pieces.length) return null;
  const words = pieces.map((piece) => piece.text).join("");
  const lead = length(words) - length(words.trimStart());
  const trail = length(words) - length(words.trimEnd());
  const last = pieces.at(-1);
  const start = pieces[0].start + lead;
  const end = last.start + length(last.text) - trail;
  return end > start ? { start, end, words: words.trim().replace(/\s+/g, " ") } : null;
}

// The stretches of text that a range covers, each with its offset in the letter.
function piecesOf(range) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const pieces = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!range.intersectsNode(node) || !node.parentElement.closest("[data-at]")) continue;
    const from = node === range.startContainer ? range.startOffset : 0;
    const to = node === range.endContainer ? range.endOffset : node.data.length;
    if (to > from) pieces.push({ start: offsetOf(node, from), text: node.data.slice(from, to) });
  }
  return pieces;
}

let shown = [];
export const isShown = (id) => shown.includes(id);

// Show where the values with these ids stand, in the text and on the page image.
export function showMarks(ids) {
  shown = ids;
  document.querySelectorAll(".on").forEach((mark) => mark.classList.remove("on"));
  let first = null;
  for (const id of ids) {
    for (const mark of document.querySelectorAll(`mark[data-m~="${CSS.escape(id)}"], .box[data-m="${CSS.escape(id)}"]`)) {
      mark.classList.add("on");
      if (mark.tagName === "MARK") first ??= mark;
    }
  }
  first?.scrollIntoView({ block: "nearest" });
  const page = first?.closest(".page").dataset.page;
  const box = document.querySelector(".box.on") ?? document.querySelector(`#pages figure[data-page="${page}"]`);
  box?.scrollIntoView({ block: "nearest" });
}

// Places where the words stand, white space and case aside, as ranges of the document.
export function findWords(words) {
  const wanted = words.trim().toLowerCase().replace(/\s+/g, " ");
  if (!wanted) return [];
  const { text, at } = foldedText();
  const found = [];
  for (let i = text.indexOf(wanted); i >= 0 && found.length < 500; i = text.indexOf(wanted, i + 1)) {
    const range = document.createRange();
    range.setStart(...at[i]);
    const [node, within] = at[i + wanted.length - 1];
    range.setEnd(node, within + 1);
    found.push(range);
  }
  return found;
}

function foldedText() {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const at = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest("[data-at]")) continue;
    for (let i = 0; i < node.data.length; i += 1) {
      const blank = /\s/.test(node.data[i]);
      if (blank && text.endsWith(" ")) continue;
      const low = node.data[i].toLowerCase();
      text += blank ? " " : (low.length === 1 ? low : node.data[i]);
      at.push([node, i]);
    }
  }
  return { text, at };
}

export function showFound(range) {
  globalThis.CSS.highlights?.delete("found");
  if (!range) return;
  if (CSS.highlights) CSS.highlights.set("found", new Highlight(range));
  range.startContainer.parentElement.scrollIntoView({ block: "center" });
}
