// How is an answer sealed to the round, and handed over? As `sealing.py` has it: a fixed length,
// whatever was written, so that no length tells anything.

import { Encrypter } from "age-encryption";

import { CARD_SIZE } from "./card.js";
import { digestOf, wordsOf } from "./receipt.js";

const FORM = 1;
const PREFIX = 4;

export class TooLong extends Error {}

export function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

// Return content with its length in front and zeros behind, `length` bytes in all.
export function filled(content, length) {
  if (content.length + PREFIX > length) throw new TooLong();
  const whole = new Uint8Array(length);
  new DataView(whole.buffer).setUint32(0, content.length);
  whole.set(content, PREFIX);
  return whole;
}

export async function sealed(content, recipient, size) {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(filled(new TextEncoder().encode(JSON.stringify(content)), size));
}

// Return what is sealed: the same, whoever seals it (`answer_content`).
export const contentOf = (instrument, language, answers) => ({ form: FORM, instrument, language, answers });

// Seal the answer to the round, and `card` to the study where the round follows people, and hand both over. Returns {outcome, words, sentence}: "delivered",
// "used", "closed", "refused", or "unsent" where the server was not reached or could not answer.
export async function deliver({ address, round, content, secret, card }) {
  const words = await wordsOf(secret);
  const digest = await digestOf(words, fromBase64(round.salt), Number(round.iterations));
  const letter = await sealed(content, round.recipient, Number(round.letterSize));
  const second = round.cardRecipient ? toBase64(await sealed(card, round.cardRecipient, CARD_SIZE)) : "";
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ letter: toBase64(letter), digest: toBase64(digest), card: second }),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    return { ...(await answer.json()), words };
  } catch {
    return { outcome: "unsent", words };
  }
}
