// Leaving quickly: Shift three times, or the button. Answering pages work without this file.
"use strict";

(() => {
  const leave = () => {
    const link = document.querySelector("[data-leave]");
    if (link) window.location.replace(link.href);
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
  document.addEventListener("DOMContentLoaded", () => {
    const link = document.querySelector("[data-leave]");
    // Replacing the page keeps "back" from returning to it.
    if (link) link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
    const summary = document.querySelector(".ds-error-summary");
    if (summary) summary.focus();
  });
})();
