"""Why what creators do, or what is done about them, was refused."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import applications
from bot.domain import errors as no
from bot.domain.errors import Refusal
from bot.domain.text import shown
from bot.ui.text.reader import Reader


def _answer_missing(e: applications.AnswerMissing, r: Reader) -> str:
    if not e.question:
        return r._("Please answer the question with visible characters.")
    return r._("Please answer “{question}” with visible characters.", question=shown(e.question))


CREATING: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    no.AlreadyACreator: lambda e, r: r._(
        "<@{member}> is already a creator here and can receive gifts.", member=e.member_id
    ),
    applications.CreatorAlready: lambda e, r: r._("You're a creator here already, so members can send you gifts."),
    applications.ApplicationsClosed: lambda e, r: r._("This server isn't looking for new creators right now."),
    applications.ApplicationOpen: lambda e, r: r._(
        "You applied {when}, and the staff haven't decided yet. `/creator apply` shows your application.",
        when=r.when(e.applied_ms),
    ),
    applications.ApplyLater: lambda e, r: r._(
        "The staff declined your last application. You can apply again {when}.", when=r.when(e.from_ms)
    ),
    applications.AnswerMissing: _answer_missing,
    applications.ApplicationGone: lambda e, r: r._("This application was decided or withdrawn in the meantime."),
}
