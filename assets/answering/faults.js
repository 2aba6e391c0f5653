// Is each answer possible? The same codes as the server's validator gives when the vault is opened.

// Line breaks and tabs belong in a text; other control characters and half characters do not.
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f]|[\ud800-\udfff]/u;

function choice(item, value) {
  if (!Number.isInteger(value)) return "wrong_form";
  return item.codes.includes(value) || item.outside.includes(value) ? "" : "not_an_option";
}

function several(item, value) {
  if (!Array.isArray(value)) return item.outside.includes(value) ? "" : choice(item, value) || "wrong_form";
  if (value.length === 0) return "empty";
  if (value.length > item.codes.length) return "too_many";
  if (value.some((one) => !item.codes.includes(one))) return "not_an_option";
  return new Set(value).size === value.length ? "" : "chosen_twice";
}

function number(item, value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "wrong_form";
  if (item.whole && !Number.isInteger(value)) return "wrong_form";
  return value >= item.minimum && value <= item.maximum ? "" : "out_of_range";
}

function written(item, value) {
  if (!value || typeof value.text !== "string" || typeof value.may_quote !== "boolean") return "wrong_form";
  if (value.text.trim() === "") return "empty";
  if ([...value.text].length > item.longest) return "too_long";
  if (UNWANTED.test(value.text)) return "control_characters";
  return value.may_quote && !item.quote ? "quote_not_asked" : "";
}

const BY_KIND = { single_choice: choice, scale: choice, multiple_choice: several, number, free_text: written };

// Return the codes of what is wrong, by question; {} where every answer can be stored.
export function faultsOf(definition, answers) {
  const found = {};
  for (const [id, value] of Object.entries(answers)) {
    const item = definition.items[id];
    const code = item ? BY_KIND[item.kind](item, value) : "unknown_item";
    if (code) found[id] = code;
  }
  return found;
}

// Say what is wrong and what to do, in the page's language.
export function sentenceFor(code, item, words) {
  if (code === "too_long") return words.too_long.replace("{number}", item.longest);
  if (item.kind === "number")
    return words.number.replace("{low}", item.minimum).replace("{high}", item.maximum);
  return code === "control_characters" ? words.control_characters : words.choose;
}
