"""What does the vault say when it does not do what it was asked?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from knutepunkt.shared.errors import NotNow, Refusal


class SlipUnknown(Refusal):
    """No open round knows this code."""

    def __init__(self) -> None:
        super().__init__(
            _("We do not know this code. Check that it is typed as it is printed on the slip.")
        )


class SlipUsed(NotNow):
    """The slip has been used by another visit, or was replaced by a new one."""

    def __init__(self) -> None:
        super().__init__(_("This slip has been used. If you have not answered, ask for a new one."))


class RoundClosed(NotNow):
    """The round no longer takes answers, slips or withdrawals."""

    def __init__(self) -> None:
        super().__init__(_("The survey is closed. Nobody can answer any more."))


class RoundUnknown(Refusal):
    """The vault holds no such round."""

    def __init__(self) -> None:
        super().__init__(_("This round has not been opened. Open it first."))


class RoundStillOpen(NotNow):
    """Answers are opened only after the close."""

    def __init__(self) -> None:
        super().__init__(_("The survey is still open. Close it before you make the report."))


class WordsUnknown(Refusal):
    """No open round holds an answer with these words, or they are mistyped."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "We find no answer with these words. Please check the spelling. If the deadline "
                "has passed we cannot delete it, because then we do not know which one is yours "
                "either."
            )
        )


class AnswerTooLong(Refusal):
    """The answer does not fit the fixed size of the round."""

    def __init__(self) -> None:
        super().__init__(_("The texts are too long together. Shorten one of them and send again."))


class NotSealed(Refusal):
    """What arrived is not an answer sealed as the page seals it."""

    def __init__(self) -> None:
        super().__init__(_("The answer did not arrive whole. Nothing was stored. Send it again."))


class VaultBusy(Refusal):
    """The vault could not write now (busy or full); nothing was stored."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "We could not store your answer just now. Everything you wrote is still on the "
                "page. Wait a minute and send it again."
            )
        )


class NotWithdrawnNow(Refusal):
    """The vault could not be asked or could not write now; the words are as good as before."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "We could not take your answer back just now. The words can still be used. Wait a "
                "minute and try again."
            )
        )


class KeyMissing(NotNow):
    """The key that is needed lies elsewhere or is lost."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The key for this round is not on the server. Fetch it from the one who holds it, "
                "or use the escrow key."
            )
        )
