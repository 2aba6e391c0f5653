// What can be done with the card of words: print it, or do without it?

export function wireReceipt(page) {
  const print = page.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  const card = page.querySelector("[data-card]");
  const without = page.querySelector("[data-no-words]");
  if (!without) return;
  without.addEventListener("click", (event) => {
    event.preventDefault();
    const gone = page.querySelector("[data-gone]");
    card.remove();
    gone.hidden = false;
    gone.focus();
  });
}
