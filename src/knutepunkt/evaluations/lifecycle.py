"""Which states does an evaluation pass through, and which the coding of a round's open answers?"""

from django.utils.translation import gettext_lazy as _

from knutepunkt.shared.lifecycle import Lifecycle, Step

DRAFT, PROPOSED, RETURNED, RELEASED, CORRECTED, RETRACTED = (
    "draft",
    "proposed",
    "returned",
    "released",
    "corrected",
    "retracted",
)

EVALUATION = Lifecycle(
    name="Evaluation",
    initial=DRAFT,
    states={
        DRAFT: _("being made"),
        PROPOSED: _("waiting for approval"),
        RETURNED: _("sent back"),
        RELEASED: _("shared"),
        CORRECTED: _("replaced by a correction"),
        RETRACTED: _("retracted"),
    },
    steps=(
        Step(
            "propose",
            (DRAFT, RETURNED),
            PROPOSED,
            _("The report is already waiting for approval, or is shared."),
        ),
        Step(
            "send_back",
            (PROPOSED,),
            RETURNED,
            _("Only a report that waits for approval can be sent back."),
        ),
        Step(
            "take_back",
            (PROPOSED,),
            DRAFT,
            _("Nobody has been asked to approve this report, or it has been answered."),
        ),
        Step(
            "approve",
            (PROPOSED,),
            RELEASED,
            _("Only a report that waits for approval can be approved."),
        ),
        Step("correct", (RELEASED,), CORRECTED, _("Only a shared report can be corrected.")),
        Step("retract", (RELEASED,), RETRACTED, _("Only a shared report can be retracted.")),
    ),
)

CODING, COMPARING, SETTLED = ("coding", "comparing", "settled")

TEXT_CODING = Lifecycle(
    name="TextCoding",
    initial=CODING,
    states={
        CODING: _("being coded"),
        COMPARING: _("differences can be settled"),
        SETTLED: _("settled"),
    },
    steps=(
        Step(
            "compare",
            (CODING,),
            COMPARING,
            _("Both have handed in. What differs can be settled now."),
        ),
        Step(
            "settle",
            (COMPARING,),
            SETTLED,
            _("The coding can be settled when both have handed in, and only once."),
        ),
    ),
)
