"""How is a participant's page put together, in the participant's language?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from knutepunkt.analysis.instruments import languages_of
from knutepunkt.surveys.presenters.answering import page_of
from knutepunkt.surveys.presenters.easy_words import easy, easy_languages, is_easy, plain, said
from knutepunkt.surveys.queries.answering import AskedRound

#: What a browser may call the languages we have.
_SPOKEN = {"nb": "nb", "no": "nb", "nn": "nn", "en": "en", "da": "nb", "sv": "nb"}
#: What languages call themselves that Django does not know.
_OWN_NAMES = {"se": "Davvisámegiella", "smj": "Julevsámegiella", "sma": "Åarjelsaemiengïele"}

#: Pages that look the same to everyone, made once for each reading of a round.
_blank: WeakKeyDictionary[AskedRound, dict[tuple[str, str], str]] = WeakKeyDictionary()


def language_of(request: HttpRequest, usual: str = "", more: Sequence[str] = ()) -> str:
    """Return the language chosen on the page, else the address's, the browser's, the centre's.

    ``more`` are further languages of this survey.
    """
    chosen = request.POST.get("lang", "")
    return chosen if chosen in (_known() | {*more}) else language_of_headers(request, usual, more)


def language_of_headers(request: HttpRequest, usual: str = "", more: Sequence[str] = ()) -> str:
    """Return the language without reading the body, which may be what went wrong."""
    known = _known()
    chosen = request.GET.get("lang", "")
    if chosen in (known | {*more}):
        return chosen
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = tag.split("-")[0]
        spoken = code if code in more else _SPOKEN.get(code)
        if spoken:
            return spoken
    return usual if usual in known else settings.LANGUAGE_CODE


def show(name: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Return a page; the template reads the language that is active now."""
    return HttpResponse(_render(name, context), status=status)


def show_blank(
    asked: AskedRound,
    key: str,
    name: str,
    context: Callable[[], Mapping[str, Any]],
    fields: Mapping[str, str],
) -> HttpResponse:
    """Return a page that depends on the round and the language alone, but for its hidden fields.

    ``context`` is asked for once only: putting a questionnaire together takes longer than all else.
    """
    pages = _blank.setdefault(asked, {})
    language = translation.get_language() or ""
    page = pages.get((key, language))
    if page is None:
        marks = {field: _mark(field) for field in fields}
        page = pages[key, language] = _render(name, {**context(), **marks})
    for field, value in fields.items():
        page = page.replace(_mark(field), value)
    return HttpResponse(page)


def _mark(field: str) -> str:
    """Return what stands in a kept page in place of a field's value."""
    return f"@@{field}@@"


def about(asked: AskedRound) -> dict[str, Any]:
    """Return what the first page says of the questionnaire."""
    instrument = asked.instrument
    language = translation.get_language() or ""
    return {
        "title": instrument.title.in_language(language),
        "intro": said(instrument.intro, language),
        "other_words": _other_words(asked, language),
        "needs_help_lines": bool(instrument.harm_items),
        "code_address": _short(reverse("answering-code")),
    }


def _other_words(asked: AskedRound, language: str) -> str:
    """Return the code of the easy words, or of the usual ones where easy ones are shown; or none."""
    if easy(language) not in easy_languages(asked.instrument):
        return ""
    return plain(language) if is_easy(language) else easy(language)


def withdraw_address() -> str:
    """Return where the words are used, short enough to be copied by hand."""
    return _short(reverse("answering-withdraw"))


def _short(path: str) -> str:
    """Return an address as it is copied by hand."""
    return str(settings.SITE_URL.split("://")[-1] + path)


def whole_questionnaire(asked: AskedRound, **filled: Any) -> list[Any]:
    """Return all parts; hidden questions too, for a page that hides them itself or not at all."""
    language = translation.get_language() or ""
    shown = {"answers": {}, "only_visible": False, **filled}
    return [
        page_of(asked.instrument, number, language, **shown)
        for number in range(1, len(asked.instrument.parts) + 1)
    ]


def _known() -> set[str]:
    return {code for code, _name in settings.LANGUAGES}


def _render(name: str, context: Mapping[str, Any]) -> str:
    current = translation.get_language() or settings.LANGUAGE_CODE
    asked = context.get("asked")
    more = further_languages(asked) if isinstance(asked, AskedRound) else ()
    names = [*settings.LANGUAGES, *((code, _name_of(code)) for code in more)]
    # In a further language the questions are translated, and the page around them is in bokmål.
    around = plain(current) if plain(current) in _known() else settings.LANGUAGE_CODE
    shown = {
        "languages": [(code, name, code == plain(current)) for code, name in names],
        "is_easy": is_easy(current),
        "language": current,
        "page_language": around,
        "questions_in": "" if around == plain(current) else current,
    }
    return render_to_string(f"surveys/answering/{name}.html", {**shown, **context})


def further_languages(asked: AskedRound) -> tuple[str, ...]:
    """Return the languages of the survey that the pages around it do not speak."""
    return tuple(code for code in languages_of(asked.instrument) if code not in _known())


def _name_of(code: str) -> str:
    """Return what a language calls itself."""
    own = _OWN_NAMES.get(code)
    return own or str(LANG_INFO.get(code, {}).get("name_local", code))
