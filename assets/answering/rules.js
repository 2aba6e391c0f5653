// Which questions are shown, given what is answered so far? The rules are data from the server
// (`definition_for_browser`), and the one pass through them is the server's (`skip_rules.py`).

const isAnswer = (answer) =>
  answer !== undefined && answer !== null && answer !== "" && !(Array.isArray(answer) && answer.length === 0);

// "Does not apply" (-1) and "prefer not to say" (-2) are neither at least nor at most anything.
function compares(rule, one) {
  const value = rule.values[0];
  if (Number.isInteger(one) && one < 0 && value >= 0) return false;
  return rule.operator === "at_least" ? one >= value : one <= value;
}

export function holds(rule, answer) {
  const answered = isAnswer(answer);
  if (rule.operator === "not_answered") return !answered;
  if (!answered || rule.operator === "answered") return answered;
  const chosen = Array.isArray(answer) ? answer : [answer];
  if (rule.operator === "in") return chosen.some((one) => rule.values.includes(one));
  if (rule.operator === "not_in") return chosen.every((one) => !rule.values.includes(one));
  return chosen.some((one) => compares(rule, one));
}

// Return the ids of the questions to show, in order. A hidden question counts as unanswered.
export function visibleItems(definition, answers) {
  const visible = new Set();
  for (const id of definition.order) {
    const governing = definition.rules.filter((rule) => rule.show.includes(id));
    const shown =
      governing.length === 0 ||
      governing.some((rule) => holds(rule, visible.has(rule.item) ? answers[rule.item] : undefined));
    if (shown) visible.add(id);
  }
  return [...visible];
}

// Return the answers without those to questions that are hidden.
export function withoutHidden(definition, answers) {
  const visible = new Set(visibleItems(definition, answers));
  return Object.fromEntries(Object.entries(answers).filter(([id]) => visible.has(id)));
}
