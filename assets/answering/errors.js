// How is the reader told what to mend? The summary first, with links to the fields; nothing is lost.

import { view } from "./frame.js";

const described = (field) => field.querySelector("textarea, input:not([type=radio]):not([type=checkbox])") || field;

export function clearFaults(frame) {
  for (const one of frame.querySelectorAll("[data-fault], .ds-error-summary")) one.remove();
  for (const one of frame.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
  for (const one of frame.querySelectorAll("[data-described]")) {
    one.removeAttribute("aria-describedby");
    one.removeAttribute("data-described");
  }
}

// Show the sentences at their fields and in a summary before the form, and move there.
export function showFaults(frame, form, sentences) {
  clearFaults(frame);
  const summary = view(frame, "faults");
  for (const [id, sentence] of Object.entries(sentences)) {
    const field = form.querySelector(`[data-item="${CSS.escape(id)}"]`) || form.querySelector(`#${CSS.escape(id)}`).closest(".ds-field");
    const asked = field.querySelector("legend, .ds-label");
    mark(field, asked, id, sentence);
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${id}`;
    link.textContent = `${asked.textContent.trim()} – ${sentence}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById(id).focus();
    });
    line.append(link);
    summary.querySelector("ul").append(line);
  }
  form.before(summary);
  summary.scrollIntoView();
  summary.focus();
}

function mark(field, asked, id, sentence) {
  const message = document.createElement("p");
  message.className = "ds-validation-message";
  message.id = `${id}-error`;
  message.textContent = sentence;
  message.dataset.fault = "";
  asked.after(message);
  const target = described(field);
  target.setAttribute("aria-describedby", message.id);
  target.setAttribute("data-described", "");
  if (target !== field) target.setAttribute("aria-invalid", "true");
}

// Say in a summary that something did not happen, and why.
export function showSentence(frame, before, sentence) {
  clearFaults(frame);
  const summary = view(frame, "unsent");
  summary.querySelector("[data-slot]").textContent = sentence;
  before.before(summary);
  summary.scrollIntoView();
  summary.focus();
}
