// Small courtesies on pages of staff and the public. Every page works without them.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  // After a refused form the list of what to mend comes first, also for those who do not see it.
  const summary = document.querySelector(".ds-error-summary");
  if (summary) summary.focus();
  // "Print" is a button only where there is something that can print.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
});
