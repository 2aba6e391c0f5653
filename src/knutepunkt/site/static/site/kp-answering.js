// Leaving quickly: Shift three times, or the button. Answering pages work without this file.
"use strict";

(() => {
  // What the survey's script keeps on this device; leaving forgets it (see surveys/answering).
  const forget = () => {
    window.dispatchEvent(new Event("kp:leave"));
    try {
      for (const name of Object.keys(localStorage)) if (name.startsWith("kp-")) localStorage.removeItem(name);
    } catch { /* a browser that keeps nothing */ }
  };
  const leave = () => {
    const link = document.querySelector("[data-leave]");
    if (!link) return;
    forget();
    // Replacing the page keeps "back" from returning to it.
    window.location.replace(link.href);
  };
  let presses = 0;
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      presses = 0;
      return;
    }
    if (event.repeat) return;
    const now = Date.now();
    presses = now - last < 1500 ? presses + 1 : 1;
    last = now;
    if (presses === 3) leave();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-leave]")) return;
    event.preventDefault();
    leave();
  });
  document.addEventListener("DOMContentLoaded", () => {
    const summary = document.querySelector(".ds-error-summary");
    if (summary) summary.focus();
  });
})();
