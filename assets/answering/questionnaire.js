// How does the questionnaire go from part to part, to the last page and to the thanks, in this page
// alone? Nothing is sent before "Send the answer", and then it is sealed.

import { cardContent, fillCard, hasTold, isDoubtful, readCard } from "./card.js";
import { clearFaults, showFaults, showSentence } from "./errors.js";
import { faultsOf, sentenceFor } from "./faults.js";
import { fillAnswers, keepApart, readAnswers } from "./fields.js";
import { attend, fetched, put, view } from "./frame.js";
import { contentOf, deliver, TooLong } from "./letter.js";
import { visibleItems, withoutHidden } from "./rules.js";
import { secretBytes } from "./draft.js";
import { wireReceipt } from "./thanks.js";

const NEARLY_FULL = 0.8;

// One part alone on the page is its main heading.
function ranked(heading, tag) {
  if (heading.localName === tag) return;
  const other = document.createElement(tag);
  for (const { name, value } of heading.attributes) other.setAttribute(name, value);
  other.append(...heading.childNodes);
  heading.replaceWith(other);
}

export class Questionnaire {
  // `visit` outlives the page's language: {draft, secret, answers, step, isWhole, leaveToStart}.
  constructor(frame, visit) {
    this.frame = frame;
    this.visit = visit;
    this.form = frame.querySelector("form[data-definition]");
    this.definition = JSON.parse(this.form.dataset.definition);
    this.words = this.definition.words;
    this.parts = [...this.form.querySelectorAll("[data-part]")];
    this.last = this.parts.length + 1;
    this.#prepare();
  }

  #prepare() {
    // Nothing unsealed may leave: no field of the server's own way, no button of it.
    for (const one of this.form.querySelectorAll("input[type=hidden]")) one.remove();
    this.form.querySelector(".kp-actions").remove();
    this.form.append(view(this.frame, "buttons"));
    this.summary = view(this.frame, "summary");
    this.form.append(this.summary);
    this.form.after(view(this.frame, "device"));
    fillAnswers(this.form, this.definition, this.visit.answers);
    fillCard(this.form, this.visit.card);
    this.form.addEventListener("submit", (event) => this.#pressed(event));
    this.form.addEventListener("input", (event) => this.#changed(event));
    this.frame.addEventListener("click", (event) => this.#clicked(event));
    this.#follow();
  }

  // Show one step: a part, all parts, or the last page.
  show(step) {
    const { visit } = this;
    visit.step = Math.min(Math.max(step, 1), this.last);
    clearFaults(this.frame);
    const isSummary = visit.step === this.last;
    this.frame.querySelector("main").classList.toggle("kp-steps", isSummary || !visit.isWhole);
    this.frame.querySelector("[data-title-of-all]").hidden = isSummary || !visit.isWhole;
    this.parts.forEach((part, at) => {
      part.hidden = isSummary || !(visit.isWhole || at + 1 === visit.step);
      ranked(part.querySelector("[data-heading]"), visit.isWhole ? "h2" : "h1");
    });
    this.summary.hidden = !isSummary;
    this.form.querySelector("[data-buttons]").hidden = isSummary;
    if (isSummary) this.#fillSummary();
    this.#follow();
    this.#attend();
    this.#keep();
  }

  #attend() {
    const { step, isWhole } = this.visit;
    const isSummary = step === this.last;
    const shown = isSummary ? this.summary : this.parts[step - 1];
    const place = !isSummary && !isWhole ? shown.querySelector(".kp-step").textContent : "";
    document.title = place ? `${place} – ${this.words.survey}` : this.words.survey;
    const heading = isWhole && !isSummary ? "[data-title-of-all]" : "[data-heading]";
    attend((isWhole && !isSummary ? this.frame : shown).querySelector(heading));
  }

  // Go to a step as a reader does: the browser's own "back" leads here again.
  go(step) {
    if (step < 1) return this.visit.leaveToStart();
    this.show(step);
    window.history.pushState({ step: this.visit.step }, "");
  }

  next() {
    const { step, isWhole } = this.visit;
    const shown = isWhole ? this.parts : [this.parts[step - 1]];
    if (shown.some((part) => "cardPart" in part.dataset) && this.#needsSecondLook()) return undefined;
    const here = new Set(shown.flatMap((part) => [...part.querySelectorAll("[data-item]")].map((one) => one.dataset.item)));
    const answers = withoutHidden(this.definition, this.visit.answers);
    const found = Object.entries(faultsOf(this.definition, answers)).filter(([id]) => here.has(id));
    if (found.length === 0) return this.go(isWhole ? this.last : step + 1);
    const sentences = found.map(([id, code]) => [id, sentenceFor(code, this.definition.items[id], this.words)]);
    return showFaults(this.frame, this.form, Object.fromEntries(sentences));
  }

  // Words that are no card are shown once more; left as they are, they are kept.
  #needsSecondLook() {
    const { card } = this.visit;
    if (!isDoubtful(card) || card.typed === this.seen) return false;
    this.seen = card.typed;
    showFaults(this.frame, this.form, { card: this.words.card });
    return true;
  }

  back() {
    const { step, isWhole } = this.visit;
    this.go(isWhole && step === this.last ? 1 : step - 1);
  }

  #pressed(event) {
    event.preventDefault();
    if (this.visit.step === this.last) this.send();
    else this.next();
  }

  #clicked(event) {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed.name === "lang") {
      event.preventDefault();
      this.#speak(pressed.value);
    } else if (pressed.dataset.go) this.go(this.visit.isWhole ? 1 : Number(pressed.dataset.go));
    else if ("back" in pressed.dataset) this.back();
    else if ("forget" in pressed.dataset) this.visit.forget();
  }

  #changed(event) {
    keepApart(this.form, event.target);
    this.#follow();
    this.#keep();
  }

  // Let what is shown follow what is answered.
  #follow() {
    this.visit.answers = readAnswers(this.form, this.definition);
    this.visit.card = readCard(this.form);
    const visible = new Set(visibleItems(this.definition, this.visit.answers));
    for (const field of this.form.querySelectorAll("[data-item]")) field.hidden = !visible.has(field.dataset.item);
    for (const part of this.parts) {
      const none = part.querySelector("[data-none]");
      if (none) none.hidden = [...part.querySelectorAll("[data-item]")].some((one) => !one.hidden);
    }
    for (const text of this.form.querySelectorAll("textarea[maxlength]")) this.#room(text);
  }

  #room(text) {
    const line = this.form.querySelector(`[data-room="${CSS.escape(text.id)}"]`);
    if (!line) return;
    const isNear = text.value.length >= text.maxLength * NEARLY_FULL;
    line.textContent = isNear ? this.words.room.replace("{number}", text.maxLength - text.value.length) : "";
  }

  // Nothing is kept on the device before something is answered.
  #keep() {
    if (Object.keys(this.visit.answers).length === 0) return;
    const { draft, secret, answers, card, step, isWhole } = this.visit;
    draft.keep({ secret, answers, card, step, isWhole });
  }

  #fillSummary() {
    const list = this.summary.querySelector("ul");
    list.replaceChildren();
    const answers = withoutHidden(this.definition, this.visit.answers);
    const visible = new Set(visibleItems(this.definition, this.visit.answers));
    this.parts.forEach((part, at) => {
      const asked = [...part.querySelectorAll("[data-item]")].map((one) => one.dataset.item).filter((id) => visible.has(id) && id in this.definition.items);
      const given = asked.filter((id) => id in answers).length;
      const line = view(this.frame, "line");
      for (const slot of line.querySelectorAll("[data-title]")) slot.textContent = part.querySelector("[data-heading]").textContent;
      const isCard = "cardPart" in part.dataset;
      const told = hasTold(this.visit.card) ? this.words.told : this.words.unanswered;
      line.querySelector("[data-sentence]").textContent = isCard ? told : this.#progress(given, asked.length);
      line.querySelector("button").dataset.go = String(at + 1);
      list.append(line);
    });
  }

  #progress(given, asked) {
    if (asked === 0) return this.words.none;
    if (given === 0) return this.words.unanswered;
    if (given === asked) return this.words.all;
    return this.words.some.replace("{given}", given).replace("{asked}", asked);
  }

  // The same page in another language, with everything that is answered.
  async #speak(language) {
    const frame = await fetched(`${this.form.dataset.address}?vis=alt&lang=${language}`);
    if (!frame) return showSentence(this.frame, this.form, this.words.offline);
    put(frame);
    this.visit.questionnaire = new Questionnaire(frame, this.visit);
    return this.visit.questionnaire.show(this.visit.step);
  }

  async send() {
    if (this.isSending) return;
    this.isSending = true;
    clearFaults(this.frame);
    const status = this.summary.querySelector("[data-status]");
    status.textContent = this.words.sending;
    try {
      this.#ended(await this.#delivered());
    } catch (error) {
      const isLong = error instanceof TooLong;
      showSentence(this.frame, this.form, isLong ? this.words.too_large : this.words.failed);
    } finally {
      this.isSending = false;
      status.textContent = "";
    }
  }

  #delivered() {
    const { address, instrument, language, ...round } = this.form.dataset;
    const answers = withoutHidden(this.definition, this.visit.answers);
    const content = contentOf(instrument, language, answers);
    const secret = secretBytes(this.visit.secret);
    const card = cardContent(this.visit.secret, this.visit.card);
    return deliver({ address, round, content, secret, card });
  }

  #ended({ outcome, words, sentence, is_repeat: isRepeat }) {
    if (outcome === "delivered") return this.#thank(words, isRepeat);
    if (outcome === "used" || outcome === "closed") return this.#finish(view(this.frame, "sentence"), sentence);
    return showSentence(this.frame, this.form, sentence || this.words.unsent);
  }

  #thank(words, isRepeat) {
    const thanks = view(this.frame, "thanks");
    thanks.querySelector("[data-words]").textContent = words.join(" ");
    thanks.querySelector("[data-repeat]").hidden = !isRepeat;
    this.#finish(thanks, "");
    wireReceipt(thanks);
  }

  // The visit is over: nothing of it stays on the device or on the page.
  #finish(shown, sentence) {
    this.visit.isOver = true;
    this.visit.answers = {};
    this.visit.draft.forget();
    if (sentence) shown.querySelector("[data-slot]").textContent = sentence;
    this.frame.querySelector("main").classList.remove("kp-steps");
    this.frame.querySelector("main").replaceChildren(shown);
    for (const one of this.frame.querySelectorAll(".kp-languages")) one.remove();
    document.title = this.words.survey;
    attend(shown.querySelector("h1"));
  }
}
