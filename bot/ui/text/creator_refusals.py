"""Refusals of what creators do, and of what others do about creators."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import applications
from bot.domain import errors as no
from bot.domain import staff_errors as staff
from bot.domain.errors import Refusal
from bot.domain.ledger import restrictions
from bot.domain.text import shown
from bot.ui.text.reader import Reader


def _answer_missing(e: applications.AnswerMissing, r: Reader) -> str:
    if not e.question:
        return r._("Please answer the question with visible characters.")
    return r._("Please answer “{question}” with visible characters.", question=shown(e.question))


def _note_refused(e: restrictions.NoteRefused, r: Reader) -> str:
    word = shown(e.word)
    if not e.creator_id:
        return r._("“{word}” isn't allowed here. Leave that word out, and send it again.", word=word)
    return r._(
        "<@{member}> doesn't want to read “{word}”. Leave that word out, and send it again.",
        member=e.creator_id,
        word=word,
    )


CREATING: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    no.AlreadyACreator: lambda e, r: r._(
        "<@{member}> is already a creator here and can receive gifts.", member=e.member_id
    ),
    applications.CreatorAlready: lambda e, r: r._("You're a creator here already, so members can send you gifts."),
    applications.ApplicationsClosed: lambda e, r: r._(
        "This server isn't looking for new creators right now. Please try again later."
    ),
    applications.ApplicationOpen: lambda e, r: r._(
        "You applied {when}, and the staff haven't decided yet. `/creator apply` shows your application.",
        when=r.when(e.applied_ms),
    ),
    applications.ApplyLater: lambda e, r: r._(
        "The staff declined your last application. You can apply again {when}.", when=r.when(e.from_ms)
    ),
    applications.AnswerMissing: _answer_missing,
    staff.BlockSelf: lambda e, r: r._("You can't block yourself. Pick another member."),
    staff.StaffAsCreator: lambda e, r: r._(
        "<@{member}> is on the staff, and staff can't be creators here. The owner of this server can allow it in "
        "`/settings`.",
        member=e.member_id,
    ),
    restrictions.CreatorPaused: lambda e, r: r._(
        "<@{member}> is taking a break from gifts. You can send one again {when}.",
        member=e.creator_id,
        when=r.when(e.until_ms),
    ),
    restrictions.GiftBlocked: lambda e, r: r._(
        "<@{member}> isn't taking gifts from you. Pick another creator.", member=e.creator_id
    ),
    restrictions.AnonymousBlocked: lambda e, r: r._(
        "<@{member}> isn't taking anonymous gifts from you. They don't know who you are.", member=e.creator_id
    ),
    restrictions.BlockedByYou: lambda e, r: r._(
        "You've blocked <@{member}>. Unblock them with `/creator block` to send them a gift.", member=e.creator_id
    ),
    restrictions.NoteRefused: _note_refused,
    applications.ApplicationGone: lambda e, r: r._(
        "This application was decided or withdrawn in the meantime. Please use the command again."
    ),
}
