// How do the fields of the page become answers, and answers fields again?

const WHOLE = /^-?[0-9]{1,9}$/;
const DECIMAL = /^-?[0-9]{1,9}[.,][0-9]{1,6}$/;
const MAY_QUOTE = ".may_quote";

const inputs = (form, name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];

function chosen(form, id, item) {
  const codes = inputs(form, id).filter((one) => one.checked).map((one) => Number(one.value));
  if (codes.length === 0) return undefined;
  const isOutside = codes.length === 1 && codes[0] < 0;
  return item.kind === "multiple_choice" && !isOutside ? codes : codes[0];
}

function number(form, id, item) {
  const text = inputs(form, id)[0].value.trim();
  if (text === "") return undefined;
  if (WHOLE.test(text)) return Number(text);
  return DECIMAL.test(text) && !item.whole ? Number(text.replace(",", ".")) : text;
}

function written(form, id) {
  const text = inputs(form, id)[0].value.replace(/\r\n?/g, "\n").trim();
  if (text === "") return undefined;
  return { text, may_quote: inputs(form, id + MAY_QUOTE).some((one) => one.checked) };
}

const READ = { single_choice: chosen, scale: chosen, multiple_choice: chosen, number, free_text: written };

// Return what is answered, by question, as it would be sealed.
export function readAnswers(form, definition) {
  const answers = {};
  for (const [id, item] of Object.entries(definition.items)) {
    const value = READ[item.kind](form, id, item);
    if (value !== undefined) answers[id] = value;
  }
  return answers;
}

// Put answers back where they were given.
export function fillAnswers(form, definition, answers) {
  for (const [id, item] of Object.entries(definition.items)) {
    const value = answers[id];
    if (item.kind === "free_text") {
      inputs(form, id)[0].value = value ? value.text : "";
      for (const box of inputs(form, id + MAY_QUOTE)) box.checked = Boolean(value && value.may_quote);
    } else if (item.kind === "number") {
      inputs(form, id)[0].value = value === undefined ? "" : String(value);
    } else {
      const codes = Array.isArray(value) ? value : [value];
      for (const one of inputs(form, id)) one.checked = codes.includes(Number(one.value));
    }
  }
}

// "Does not apply" and an option cannot both be chosen: the latest choice stands.
export function keepApart(form, changed) {
  if (changed.type !== "checkbox" || !changed.checked || !WHOLE.test(changed.value)) return;
  for (const one of inputs(form, changed.name)) {
    const isOther = one !== changed;
    if (isOther && (Number(changed.value) < 0 || Number(one.value) < 0)) one.checked = false;
  }
}
