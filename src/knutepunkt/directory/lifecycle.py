"""Which states does a group pass through?"""

from django.utils.translation import gettext_lazy as _

from knutepunkt.shared.lifecycle import Lifecycle, Step

PLANNED, RUNNING, PAUSED, SPLIT, ENDED = "planned", "running", "paused", "split", "ended"

GROUP = Lifecycle(
    name="Group",
    initial=PLANNED,
    states={
        PLANNED: _("planned"),
        RUNNING: _("running"),
        PAUSED: _("paused"),
        SPLIT: _("split"),
        ENDED: _("ended"),
    },
    steps=(
        Step("start", (PLANNED,), RUNNING, _("The group has already started.")),
        Step("pause", (RUNNING,), PAUSED, _("Only a running group can be paused.")),
        Step(
            "restart", (PAUSED, ENDED), RUNNING, _("Only a paused or ended group can be restarted.")
        ),
        Step("split", (RUNNING,), SPLIT, _("Only a running group can be split.")),
        Step("end", (RUNNING, PAUSED), ENDED, _("Only a running or paused group can be ended.")),
    ),
)
