"""What is a participant told where the browser has sealed the answer, the slip is used or the round over?"""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from knutepunkt.shared.errors import Refusal
from knutepunkt.shared.wording import date_in_words
from knutepunkt.surveys.actions import answering as actions
from knutepunkt.surveys.actions.answering import Standing
from knutepunkt.surveys.policies import answering as refusals
from knutepunkt.surveys.queries.answering import AskedRound
from knutepunkt.surveys.views import answering_pages as pages


def take_sealed(request: HttpRequest, standing: Standing, asked: AskedRound) -> HttpResponse:
    """Take an answer the browser has sealed; answer in a word the page's script understands."""
    try:
        posted = json.loads(request.body)
        letter, digest = str(posted["letter"]), str(posted["digest"])
        card = str(posted.get("card", ""))
        thanks = actions.deliver_sealed(standing=standing, letter=letter, digest=digest, card=card)
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"outcome": "refused"}, status=422)
    except refusals.SlipSpent:
        return JsonResponse({"outcome": "used", "sentence": _used_sentence(asked)}, status=409)
    except refusals.RoundOver:
        return told_closed(asked)
    except refusals.AnswerRefused as refused:
        told = {"outcome": "refused", "sentence": str(refused)}
        return JsonResponse(told, status=status_of(refused))
    return JsonResponse({"outcome": "delivered", "is_repeat": thanks.is_repeat})


def status_of(refused: Refusal) -> int:
    """Return 503 where the fault is ours, 422 where the answer cannot be taken."""
    return 503 if isinstance(refused, refusals.NotStoredNow) else 422


def is_sealed(request: HttpRequest) -> bool:
    """Say whether the browser has sealed the answer itself, and its script reads what we say."""
    return request.method == "POST" and request.content_type == "application/json"


def told_closed(asked: AskedRound) -> HttpResponse:
    """Say to the page's script that the round is over."""
    return JsonResponse({"outcome": "closed", "sentence": _closed_sentence(asked)}, status=409)


def used(asked: AskedRound) -> HttpResponse:
    """Say that the slip has been used, and how to get another."""
    context = {"asked": asked, "sentence": _used_sentence(asked)}
    return pages.show("sentence", context, status=409)


def closed(asked: AskedRound) -> HttpResponse:
    """Say that the round is over, and since when."""
    context = {"asked": asked, "sentence": _closed_sentence(asked)}
    return pages.show("sentence", context, status=410)


def _used_sentence(asked: AskedRound) -> str:
    return _(
        "This slip has been used. If you have not answered yourself, ask {centre} for a new one. "
        "You need not say why."
    ).format(centre=asked.centre)


def _closed_sentence(asked: AskedRound) -> str:
    return _(
        "The survey is closed. The deadline was {date}. Thank you for wanting to answer. The report "
        "will be published here when it is ready."
    ).format(date=date_in_words(asked.closes_on))
