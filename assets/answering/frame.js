// What stands on the page now, and how does another page of the same survey take its place without a
// request that could fail?

export const current = () => document.querySelector(".kp-answering");

// Fetch a page of this survey and return its frame; null where the server cannot be reached.
export async function fetched(address) {
  try {
    const answer = await fetch(address, { cache: "no-store", credentials: "omit" });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const frame = page.querySelector(".kp-answering");
    if (frame) frame.lang = page.documentElement.lang;
    return frame && document.adoptNode(frame);
  } catch {
    return null;
  }
}

export function put(frame) {
  current().replaceWith(frame);
  if (frame.lang) document.documentElement.lang = frame.lang;
}

// Return a fresh copy of one of the page's views.
export function view(frame, name) {
  const template = frame.querySelector(`template[data-view="${name}"]`);
  return document.importNode(template.content, true).firstElementChild;
}

// Show the top of the page and let a screen reader begin there.
export function attend(element) {
  window.scrollTo(0, 0);
  element.focus({ preventScroll: true });
}
