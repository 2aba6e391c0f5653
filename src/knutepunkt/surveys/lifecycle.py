"""Which states does a round pass through?"""

from django.utils.translation import gettext_lazy as _

from knutepunkt.shared.lifecycle import Lifecycle, Step

DRAFT, OPEN, CLOSED = "draft", "open", "closed"

ROUND = Lifecycle(
    name="Round",
    initial=DRAFT,
    states={DRAFT: _("being prepared"), OPEN: _("open"), CLOSED: _("closed")},
    steps=(
        Step("open", (DRAFT,), OPEN, _("The survey is already open or closed.")),
        Step("close", (OPEN,), CLOSED, _("Only an open survey can be closed.")),
    ),
)
