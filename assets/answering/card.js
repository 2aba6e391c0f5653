// What is told so that this answer and the next one can be laid side by side? As `forms/card.py` and
// `answering.py` have it: the card typed again, and eight answers about oneself where somebody agrees.

import { isKnownWord } from "./receipt.js";

const FORM = 1;
const ELEMENTS = 8;
const LONGEST_CARD = 160;
const WORDS_ON_CARD = 7;

// One size in every study, with a card or without.
export const CARD_SIZE = 1024;

const field = (form, name) => form.querySelector(`[data-card-field][name="${name}"]`);
const elements = (form) => Array.from({ length: ELEMENTS }, (_, at) => field(form, `about-${at + 1}`));

// Return what the page's fields hold. Without consent nothing about oneself is kept.
export function readCard(form) {
  const typed = (field(form, "card")?.value || "").split(/\s+/).filter(Boolean).join(" ").slice(0, LONGEST_CARD);
  const agrees = Boolean(field(form, "agrees")?.checked);
  return { typed, agrees, about: agrees ? elements(form).map((one) => one.value || null) : [] };
}

export function fillCard(form, card) {
  if (field(form, "card")) field(form, "card").value = card.typed || "";
  if (!field(form, "agrees")) return;
  field(form, "agrees").checked = Boolean(card.agrees);
  elements(form).forEach((one, at) => { one.value = card.about?.[at] || ""; });
}

export const hasTold = (card) => Boolean(card.typed) || card.about.some(Boolean);

// Whether the words need a second look: not seven, or one that stands on no card.
export function isDoubtful({ typed }) {
  const words = typed.split(/[^\p{L}]+/u).filter(Boolean);
  return typed !== "" && (words.length !== WORDS_ON_CARD || !words.every(isKnownWord));
}

// Return what the second letter holds: the same, whoever seals it (`card_content`).
export const cardContent = (secret, { typed, about }) => ({ form: FORM, own: secret, typed, about });
