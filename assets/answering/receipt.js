// Which words take the answer back, and what does the server keep of them? As `receipts.py` has it.

import list from "../../src/knutepunkt/responses/words.txt";

export const SECRET_BYTES = 8;
const WORDS = list.trim().split(/\s+/);
const WORD_BITS = 10n;
const CHECK_BITS = 6n;
const WORDS_IN_RECEIPT = 7;
const DIGEST_BITS = 256;

const utf8 = (text) => new TextEncoder().encode(text);

// Return the words that stand for these eight bytes.
export async function wordsOf(secret) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", secret));
  const check = BigInt(digest[0] >> (8 - Number(CHECK_BITS)));
  const number = secret.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const all = (number << CHECK_BITS) | check;
  return Array.from({ length: WORDS_IN_RECEIPT }, (_, place) => {
    const shift = WORD_BITS * BigInt(WORDS_IN_RECEIPT - 1 - place);
    return WORDS[Number((all >> shift) & ((1n << WORD_BITS) - 1n))];
  });
}

// Return a word as any keyboard can type it.
export function plain(word) {
  const letters = word.toLowerCase().replace(/ø/g, "o").replace(/æ/g, "e").replace(/å/g, "a");
  const bare = letters.normalize("NFKD").replace(/\p{M}/gu, "");
  return bare.replace(/aa/g, "a").replace(/ae/g, "e").replace(/oe/g, "o");
}

const PLAIN = new Set(WORDS.map(plain));

export const isKnownWord = (word) => PLAIN.has(plain(word));

// Return the slow digest of the words, bound to the round by its salt.
export async function digestOf(words, salt, iterations) {
  const text = utf8(words.map(plain).join(" "));
  const key = await crypto.subtle.importKey("raw", text, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, DIGEST_BITS));
}
