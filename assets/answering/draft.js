// What is kept on this device until the answer is sent, and how is it forgotten?
//
// One entry of the browser's own store, sealed under a key made from the slip's code, so that
// somebody who opens the browser without the slip's address reads nothing. It goes when the answer is sent, when
// the page is left by its button, when somebody presses "forget", and when the deadline has passed.

const PREFIX = "kp-";
const ITERATIONS = 60000;
const random = (count) => crypto.getRandomValues(new Uint8Array(count));
const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

function store() {
  try {
    return window.localStorage;
  } catch {
    return null; // a browser that keeps nothing
  }
}

async function keyOf(code, salt) {
  const bare = new TextEncoder().encode(code);
  const from = await crypto.subtle.importKey("raw", bare, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS };
  return crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

// Remove everything this site keeps on the device.
export function forgetAll() {
  const kept = store();
  for (const name of kept ? Object.keys(kept) : []) if (name.startsWith(PREFIX)) kept.removeItem(name);
}

export class Draft {
  // Find what was kept for this slip; `content` is null where there is nothing.
  static async open(code, until) {
    const draft = new Draft();
    const kept = store();
    const today = new Date().toISOString().slice(0, 10);
    for (const name of kept ? Object.keys(kept).filter((one) => one.startsWith(PREFIX)) : []) {
      const entry = read(kept, name);
      if (!entry || entry.until < today) kept.removeItem(name);
      else await draft.#recognise(name, entry, code);
    }
    if (!draft.name) {
      const salt = random(16);
      Object.assign(draft, { name: PREFIX + hex(random(8)), salt, key: await keyOf(code, salt) });
    }
    draft.until = until;
    return draft;
  }

  content = null;
  #forgotten = false;

  async #recognise(name, entry, code) {
    try {
      const salt = unhex(entry.salt);
      const key = await keyOf(code, salt);
      const sealed = unhex(entry.sealed);
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: unhex(entry.iv) }, key, sealed);
      Object.assign(this, { name, salt, key, content: JSON.parse(new TextDecoder().decode(plain)) });
    } catch {
      // Another slip's: somebody else answers on the same device.
    }
  }

  async keep(content) {
    this.content = content;
    const iv = random(12);
    const plain = new TextEncoder().encode(JSON.stringify(content));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, plain);
    const kept = store();
    if (this.#forgotten || this.content !== content || !kept) return;
    const entry = { until: this.until, salt: hex(this.salt), iv: hex(iv), sealed: hex(new Uint8Array(sealed)) };
    try {
      kept.setItem(this.name, JSON.stringify(entry));
    } catch {
      // The store is full or forbidden: the page itself still holds everything.
    }
  }

  forget() {
    this.#forgotten = true;
    this.content = null;
    const kept = store();
    if (kept) kept.removeItem(this.name);
  }
}

function read(kept, name) {
  try {
    return JSON.parse(kept.getItem(name));
  } catch {
    return null;
  }
}

export const newSecret = (count) => hex(random(count));
export const secretBytes = unhex;
