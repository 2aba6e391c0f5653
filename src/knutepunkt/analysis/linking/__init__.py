"""How is the same participant found over rounds without identity?"""

from knutepunkt.analysis.linking.rounds import By, Link, Linkage, Note, link_rounds
from knutepunkt.analysis.linking.sensitivity import LinkSensitivity, link_sensitivity
from knutepunkt.analysis.linking.traces import (
    ELEMENTS,
    UNANSWERED,
    Card,
    Elements,
    LinkFault,
    LinkRefused,
    Trace,
)

__all__ = [
    "ELEMENTS",
    "UNANSWERED",
    "By",
    "Card",
    "Elements",
    "Link",
    "LinkFault",
    "LinkRefused",
    "LinkSensitivity",
    "Linkage",
    "Note",
    "Trace",
    "link_rounds",
    "link_sensitivity",
]
