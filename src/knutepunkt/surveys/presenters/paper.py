"""What did somebody type, in words?"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from knutepunkt.analysis.instruments import DOES_NOT_APPLY, PREFER_NOT_TO_SAY, Instrument


def in_words(instrument: Instrument, item_id: str, answer: Any, language: str) -> str:
    """Return a typed answer as the paper says it; nothing typed is said so."""
    if answer is None:
        return _("nothing")
    if isinstance(answer, dict):
        quote = _("may be quoted") if answer.get("may_quote") else _("may not be quoted")
        return f"“{answer.get('text', '')}” ({quote})"
    item = next(each for each in instrument.items if each.id == item_id)
    if not item.is_closed:
        return f"{answer:g}"
    words = {DOES_NOT_APPLY: _("Does not apply"), PREFER_NOT_TO_SAY: _("Prefer not to say")}
    for option in instrument.response_set_of(item).options:
        words[option.code] = option.texts.in_language(language)
    chosen = answer if isinstance(answer, list) else [answer]
    return ", ".join(words.get(code, str(code)) for code in chosen)
