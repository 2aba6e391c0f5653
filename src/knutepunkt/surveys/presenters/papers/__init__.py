"""Which privacy papers does a survey have, made from how it is set up?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knutepunkt.surveys.models import Survey
from knutepunkt.surveys.presenters.papers.assessment import assessment_of
from knutepunkt.surveys.presenters.papers.easy import easy_notice_of
from knutepunkt.surveys.presenters.papers.notice import notice_of
from knutepunkt.surveys.presenters.papers.paper import Paper
from knutepunkt.surveys.presenters.papers.processing import processing_of

__all__ = ["PAPERS", "PUBLIC", "Kind"]


@dataclass(frozen=True)
class Kind:
    """One kind of paper: its name, and what makes it of a survey."""

    name: str | Promise
    make: Callable[[Survey], Paper]


#: By the word in the address.
PAPERS: dict[str, Kind] = {
    "informasjon": Kind(_("Notice to participants"), notice_of),
    "lettlest": Kind(_("Notice in easy words"), easy_notice_of),
    "protokoll": Kind(_("Record of processing"), processing_of),
    "vurdering": Kind(_("Data protection impact assessment, draft"), assessment_of),
}

#: The papers participants themselves may read, without an account.
PUBLIC = ("informasjon", "lettlest")
