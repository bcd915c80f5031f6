// How a page talks to the service: one edit after the other, each against the version that
// the page shows; a refusal, a conflict and a dead line are told apart.

const page = document.body.dataset;
export const place = () => ({ letter: page.letter, desk: page.desk });
export const version = () => Number(page.version);
export const setVersion = (number) => { page.version = String(number); };

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? "refused");
    this.status = status;
    this.problem = problem;
  }
}

export class NotReached extends Error {}

let line = Promise.resolve();

// Send one after the other: each edit needs the version that the one before it made.
export function send(path, body = {}) {
  const turn = line.then(() => post(path, body));
  line = turn.catch(() => undefined);
  return turn;
}

async function post(path, body) {
  let answer;
  try {
    answer = await fetch(`/review/api/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...place(), version: version(), ...body }),
    });
  } catch {
    throw new NotReached("the service does not answer");
  }
  const content = await answer.json();
  if (!answer.ok) throw new Refused(answer.status, content);
  if (content.version !== undefined) setVersion(content.version);
  return content;
}

export async function get(path, more = {}) {
  const answer = await fetch(`/review/api/${path}?${new URLSearchParams({ ...place(), ...more })}`);
  if (!answer.ok) throw new Refused(answer.status, await answer.json());
  return answer.json();
}

const banner = document.getElementById("banner");

// Say something that needs an answer; `choices` are pairs of words and what they do.
export function say(text, { list = [], choices = [], calm = false } = {}) {
  document.getElementById("banner-text").textContent = text;
  document.getElementById("banner-list")?.replaceChildren(
    ...list.map((words) => Object.assign(document.createElement("li"), { textContent: words })),
  );
  const buttons = [...choices, ["Close", () => {}]].map(([words, act]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
    button.addEventListener("click", () => { hush(); act(); });
    return button;
  });
  document.getElementById("banner-buttons").replaceChildren(...buttons);
  banner.classList.toggle("calm", calm);
  banner.hidden = false;
  buttons[0].focus();
}

export const hush = () => { banner.hidden = true; };
