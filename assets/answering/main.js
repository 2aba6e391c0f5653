// What does a participant's page do where scripts run? It seals the answer in the browser; without
// this file every page works all the same, and says that the server seals.

import { Draft, forgetAll, newSecret } from "./draft.js";
import { attend, current, fetched, put } from "./frame.js";
import { SECRET_BYTES } from "./receipt.js";
import { Questionnaire } from "./questionnaire.js";
import { wireReceipt } from "./thanks.js";

export { faultsOf } from "./faults.js";
export { contentOf, filled, sealed } from "./letter.js";
export { digestOf, plain, wordsOf } from "./receipt.js";
export { visibleItems, withoutHidden } from "./rules.js";

// An older browser goes the server's way rather than half of this one.
const canSeal = () =>
  window.isSecureContext &&
  Boolean(window.crypto?.subtle) &&
  typeof TransformStream === "function" &&
  typeof Element.prototype.replaceChildren === "function";

const slipCode = () => document.querySelector("input[name=slip]").value;

class Visit {
  answers = {};
  card = { typed: "", agrees: false, about: [] };
  step = 1;
  isWhole = false;
  isOver = false;
  secret = newSecret(SECRET_BYTES);

  constructor(draft, start) {
    this.draft = draft;
    this.start = start;
    if (start) start.lang = document.documentElement.lang;
    window.addEventListener("kp:leave", () => draft.forget());
    window.addEventListener("popstate", (event) => this.#returned(event.state));
  }

  // Begin, or come back to what was begun in this page; `change` is what is taken up from before.
  begin(frame, change) {
    if (this.questionnaire) {
      put(frame);
      this.isWhole = Boolean(change.isWhole);
      this.questionnaire.go(this.isWhole ? 1 : this.step);
    } else {
      Object.assign(this, change);
      this.open(frame);
    }
  }

  // Open the questions in this page; `frame` holds them all.
  open(frame, { isNew = true } = {}) {
    if (frame !== current()) put(frame);
    this.questionnaire = new Questionnaire(frame, this);
    this.questionnaire.show(this.step);
    const how = isNew ? "pushState" : "replaceState";
    window.history[how]({ step: this.step }, "");
  }

  leaveToStart() {
    if (this.start) window.history.pushState(null, "");
    this.#returned(null);
  }

  forget() {
    this.draft.forget();
    forgetAll();
    this.isOver = true;
    this.answers = {};
    this.card = { typed: "", agrees: false, about: [] };
    window.location.replace(window.location.pathname + window.location.search.replace(/vis=alt&?/, ""));
  }

  #returned(state) {
    if (this.isOver) return;
    if (state?.step && this.questionnaire) {
      if (!current().contains(this.questionnaire.form)) put(this.questionnaire.frame);
      this.questionnaire.show(state.step);
    } else if (this.start) {
      put(this.start);
      attend(this.start.querySelector("h1"));
    }
  }
}

// The first page: offer to go on where somebody left, and fetch the questions while it is read.
async function fromStart(page) {
  for (const one of page.querySelectorAll("[data-without-script]")) one.hidden = true;
  for (const one of page.querySelectorAll("[data-with-script]")) one.hidden = false;
  const questions = fetched(page.dataset.survey);
  // Pressed at once, the button waits: nothing may go the server's way by accident.
  const ready = Draft.open(slipCode(), page.dataset.until).then((draft) => new Visit(draft, current()));
  const begin = async (change) => {
    const visit = await ready;
    const frame = visit.questionnaire?.frame || (await questions) || (await fetched(page.dataset.survey));
    if (!frame) page.querySelector("[data-offline]").hidden = false;
    else visit.begin(frame, change);
  };
  const on = (name, act) => page.querySelector(name).addEventListener("click", (event) => {
    event.preventDefault();
    act();
  });
  on("[data-start]", () => begin({}));
  on("[data-whole]", () => begin({ isWhole: true }));
  const visit = await ready;
  offerToGoOn(page, visit.draft, () => begin(visit.draft.content), () => visit.forget());
}

function offerToGoOn(page, draft, goOn, forget) {
  const offer = page.querySelector("[data-draft]");
  if (!draft.content) return;
  offer.hidden = false;
  page.querySelector("[data-fresh]").hidden = true;
  offer.querySelector("[data-go-on]").addEventListener("click", goOn);
  offer.querySelector("[data-forget]").addEventListener("click", forget);
}

// All questions on one page, opened by its own address. Where something is kept from before, the first
// page asks before it shows.
async function fromWhole(form) {
  const draft = await Draft.open(slipCode(), form.dataset.until);
  if (draft.content) {
    window.location.replace(`${window.location.pathname}?lang=${form.dataset.language}`);
    return;
  }
  const visit = new Visit(draft, null);
  visit.isWhole = true;
  visit.open(current(), { isNew: false });
}

async function begin() {
  // Coming back with the browser's own buttons shows the page as it is now, not as it was left.
  window.addEventListener("pageshow", (event) => {
    // A page that was posted is asked for anew: its address names no slip, and nothing is sent again.
    if (event.persisted) window.location.replace(window.location.href);
  });
  wireReceipt(document);
  if (!canSeal()) return;
  const start = document.querySelector("[data-survey]");
  const form = document.querySelector("form[data-definition]");
  if (start && !start.querySelector("input[name=state]")) await fromStart(start);
  else if (form) await fromWhole(form);
}

begin();
