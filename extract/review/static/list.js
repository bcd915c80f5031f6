// The lists: j and k walk through the letters, Enter opens, / goes to the search.

const links = [...document.querySelectorAll(".letters tbody th a")];

const step = (by) => {
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
};

const keys = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.getElementById("search")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, select, textarea")) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
