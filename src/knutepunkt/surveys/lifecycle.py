"""Which states does a round pass through?"""

from django.utils.translation import gettext_lazy as _

from knutepunkt.shared.lifecycle import Lifecycle, Step

DRAFT, OPEN, CLOSED = "draft", "open", "closed"

ROUND = Lifecycle(
    name="Round",
    initial=DRAFT,
    states={DRAFT: _("being prepared"), OPEN: _("open"), CLOSED: _("closed")},
    steps=(
        Step(
            "open",
            (DRAFT,),
            OPEN,
            _("The survey is already open or closed. Make a new round if you want to ask again."),
        ),
        Step(
            "hand_out",
            (OPEN,),
            OPEN,
            _("Slips can only be printed while the survey is open. Open the survey first."),
        ),
        Step(
            "type_paper",
            (OPEN,),
            OPEN,
            _("Answers on paper can only be typed while the survey is open."),
        ),
        Step(
            "remind",
            (OPEN,),
            OPEN,
            _("Only an open survey can be reminded of."),
        ),
        Step(
            "extend",
            (OPEN,),
            OPEN,
            _("Only an open survey can get a later deadline."),
        ),
        Step(
            "close",
            (OPEN,),
            CLOSED,
            _("Only an open survey can be closed."),
        ),
    ),
)
