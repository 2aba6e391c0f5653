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
  // Where a choice calls for more to be written, the folded fields for it open.
  for (const folded of document.querySelectorAll("[data-opens-for]")) {
    const choice = document.getElementById(folded.dataset.opensFor);
    const wanted = folded.dataset.opensWhen.split(" ");
    choice?.addEventListener("change", () => { folded.open = wanted.includes(choice.value); });
  }
  // A file that can be had once: the page then says what can be done next.
  for (const form of document.querySelectorAll("[data-then-reload]")) {
    form.addEventListener("submit", () => window.setTimeout(() => location.reload(), 4000));
  }
});
