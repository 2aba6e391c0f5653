"""Which states does an evaluation pass through on its way to a released report?"""

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
            "approve",
            (PROPOSED,),
            RELEASED,
            _("Only a report that waits for approval can be approved."),
        ),
        Step("correct", (RELEASED,), CORRECTED, _("Only a shared report can be corrected.")),
        Step("retract", (RELEASED,), RETRACTED, _("Only a shared report can be retracted.")),
    ),
)
