"""When something becomes due on its own: the rules that turn stored rows into deadlines.

A deadline only says that it is time to look. What is done then is decided from the rows it is about, so a deadline that
comes early, late or twice does no harm. It is set in the transaction that changes those rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.domain.channel_refusals import NEVER_MS
from bot.domain.grant_requests import GrantRequest
from bot.domain.live import LiveEvent
from bot.domain.match import FREEZE_MS, Match, MatchCard
from bot.domain.posts import Post
from bot.domain.thanks import ThankYou

AT_ONCE_MS = 0
"""A time that has always come."""

CLAIM_MS = 15_000
"""How long a bot's claim on a deadline lasts, unless the bot renews it."""

FLAG_LOOK_EVERY_MS = 24 * 3_600_000
"""How often each guild's books are looked through."""

SETTLED_MS = 3_000
"""What ends by the clock is announced this much later. A gift from the last moment is in the journal by then."""


class DeadlineKind(StrEnum):
    """What is due. The values are stored."""

    LIVE_END = "live_end"
    """A live event's time is up, or the grace after its Discord event or Stage."""
    LIVE_BOARD = "live_board"
    """A live event has changed, and its board does not show it yet."""
    RECAP = "recap"
    """A live event is over, and its recap has not been posted."""
    MATCH_ROUND = "match_round"
    """A match looks different from now on: its score is hidden, or a round is over."""
    MATCH_CARD = "match_card"
    """The card of a match is to be posted, or shows an invitation or a match that is over."""
    CHIP_IN = "chip_in"
    """A chip-in is over, or full, or may not go on."""
    CHIP_IN_CARD = "chip_in_card"
    """The message of a chip-in is to be posted, or shows less than has been chipped in."""
    QUIET_END = "quiet_end"
    """Announcements that were held back may be posted. One row for a guild."""
    UNPIN = "unpin"
    """A pinned announcement has been up long enough. One row for a guild."""
    CHANNEL_RETRY = "channel_retry"
    """A channel that refused a message is tried again."""
    THANK_YOU = "thank_you"
    """A creator has thanked, and the public thank-you has not been posted."""
    PAYMENT_CASES = "payment_cases"
    """Payments wait for staff, who have not been told. One row for a guild."""
    APPLICATIONS = "applications"
    """Members want to become creators, and staff have not been told. One row for a guild."""
    SHARE_NEWS = "share_news"
    """Staff changed what creators earn, and their channel has not been told. One row for a guild."""
    RECORDS_END = "records_end"
    """The records of a deleted member need not name them any more. The subject is their holder id."""
    ERASED_NOTES = "erased_notes"
    """Messages of a deleted member were not emptied in time. The subject is their holder id."""
    PAYOUT_REQUESTS = "payout_requests"
    """Creators have asked for payouts, and staff have not been told. One row for a guild."""
    PAYOUT_TRANSFER = "payout_transfer"
    """A payout is paid by transfer, and nobody knows yet whether the money was sent."""
    WITHDRAWAL_REFUND = "withdrawal_refund"
    """A buyer withdrew from an order, and the money has not been sent back."""
    GRANT_REQUEST = "grant_request"
    """Nobody has confirmed a grant of staff to themselves."""
    STAFF_LOG = "staff_log"
    """Staff did something that is not in the staff log channel yet. One row for a guild."""
    STAFF_DIGEST = "staff_digest"
    """An hour is over, and the staff log channel gets a summary of it. One row for a guild."""
    PROOF = "proof"
    """A month is over, and the guild posts that its books add up. One row for a guild."""
    FLAG_LOOK = "flag_look"
    """The books are looked through for what looks like fraud, once a day. One row for a guild."""
    FLAG_NOTICE = "flag_notice"
    """Something was flagged, and staff have not been told. One row for a guild."""
    CREATOR_WEEK = "creator_week"
    """A week is over, and creators get their recaps of it. One row for a guild."""
    RESULTS = "results"
    """Results of a week (subject 0) or a month (subject 1) are posted, or become final."""
    GRANT_BATCH = "grant_batch"
    """Nobody has confirmed a grant to many members."""
    STANDING = "standing"
    """Gifts or reversals have changed members' levels, and neither news nor roles follow yet. One row for a guild."""
    CLUB_PAUSES = "club_pauses"
    """Memberships in a creator's fan club may pause. The subject is the creator, a holder."""
    CHEST = "chest"
    """A chest is to be posted or shows something new, or its time is up."""
    MEMBER_ROLES = "member_roles"
    """The roles of members are to be compared with those that they should have. One row for a guild."""

    GIFT_REACTION = "gift_reaction"
    """A message has got its first gift, and its creator wants a reaction below it. The subject is the message."""
    CHALLENGE = "challenge"
    """A challenge is to be announced, or is over: prizes are given, and the results posted."""
    PERK_DELIVERY = "perk_delivery"
    """What a member has unlocked was not delivered in time. The subject is the number of what was unlocked …"""
    PERK_END = "perk_end"
    """… as it is where its time is up."""
    PERK_RESTOCK = "perk_restock"
    """The stock of a perk is filled up."""
    PERK_TICKETS = "perk_tickets"
    """Shout-outs of the guild's own wait, and staff have not been told. One row for a guild."""
    PERK_PANEL = "perk_panel"
    """The perks have changed, and the panel in a channel does not show it yet. One row for a guild."""


OF_THE_GUILD = 0
"""The subject of a deadline that serves a whole guild."""

WAIT_FOR_CHANNELS = frozenset({DeadlineKind.RECAP, DeadlineKind.THANK_YOU, DeadlineKind.STAFF_LOG})
"""What is tried at once when a channel of the guild takes messages again."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is due at `at_ms`.

    `subject` is the id of what it is about: a live event, a match, a channel, an order, or the button press of a
    thank-you.
    """

    guild_id: int
    kind: DeadlineKind
    subject: int
    at_ms: int

    @property
    def key(self) -> tuple[int, DeadlineKind, int]:
        """What there is one deadline of."""
        return self.guild_id, self.kind, self.subject


class Claim(NamedTuple):
    """A deadline that this bot has claimed at `claimed_ms`, until `until_ms`. `deadline.at_ms` is when it was due."""

    deadline: Deadline
    claimed_ms: int
    until_ms: int


class Outlook(NamedTuple):
    """The deadlines that are due, each with the time until which it is claimed (0 if it is not), and the next time."""

    due: list[tuple[Deadline, int]]
    next_ms: int | None


def end_of(event: LiveEvent) -> Deadline | None:
    """Return when a live event ends, None if it has ended, or time stands still for it."""
    if event.ended_ms is not None or event.paused_ms is not None:
        return None
    return Deadline(event.guild_id, DeadlineKind.LIVE_END, event.event_id, event.ends_ms)


def board_of(guild_id: int, event_id: int) -> Deadline:
    """Return the deadline for the board of a live event that has just changed."""
    return Deadline(guild_id, DeadlineKind.LIVE_BOARD, event_id, AT_ONCE_MS)


def recap_of(guild_id: int, event_id: int) -> Deadline:
    """Return the deadline for the recap of a live event that has just ended."""
    return Deadline(guild_id, DeadlineKind.RECAP, event_id, AT_ONCE_MS)


def next_change(match: Match, now_ms: int) -> Deadline | None:
    """Return when a match next looks different by the clock alone, None if it never does again."""
    if match.ended_ms is not None:
        return None
    times: list[int] = []
    for number in range(match.rounds):
        ends_ms = match.ends_of(number)
        times += [ends_ms - FREEZE_MS, ends_ms] if match.frozen else [ends_ms]
        times.append(ends_ms + SETTLED_MS)
    later = [at_ms for at_ms in times if at_ms > now_ms]
    return Deadline(match.guild_id, DeadlineKind.MATCH_ROUND, match.match_id, min(later)) if later else None


def card_change(card: MatchCard) -> int | None:
    """Return when the card of a match next looks different by the clock alone, None if it stays as it is."""
    if card.state is None:
        return card.invitation.expires_ms if card.is_open else None
    if card.state.over_ms is not None:
        return None
    # Whether there is another round is known when this one is over, and its last gifts are in the journal.
    return card.state.match.ends_of(len(card.state.scores) - 1) + SETTLED_MS


def card_of(guild_id: int, match_id: int) -> Deadline:
    """Return the deadline for the card of a match that has just changed."""
    return Deadline(guild_id, DeadlineKind.MATCH_CARD, match_id, AT_ONCE_MS)


def of_posts(posts: Iterable[Post]) -> list[Deadline]:
    """Return when announcements that are held back may be posted, and when pinned ones come down."""
    deadlines: list[Deadline] = []
    for post in posts:
        if 0 < post.due_ms < NEVER_MS and post.shown_seq < post.last_seq:
            deadlines.append(Deadline(post.guild_id, DeadlineKind.QUIET_END, OF_THE_GUILD, post.due_ms))
        if post.unpin_ms:
            deadlines.append(Deadline(post.guild_id, DeadlineKind.UNPIN, OF_THE_GUILD, post.unpin_ms))
    return deadlines


def retry_of(guild_id: int, channel_id: int, at_ms: int) -> Deadline | None:
    """Return when a channel that took no message is tried again, None if that is never."""
    return None if at_ms >= NEVER_MS else Deadline(guild_id, DeadlineKind.CHANNEL_RETRY, channel_id, at_ms)


def thank_you_of(thank_you: ThankYou) -> Deadline:
    """Return the deadline for a thank-you that is to be posted."""
    return Deadline(thank_you.guild_id, DeadlineKind.THANK_YOU, thank_you.thanks_id, AT_ONCE_MS)


def cases_of(guild_id: int) -> Deadline:
    """Return the deadline for the notice to staff that payments wait for them."""
    return Deadline(guild_id, DeadlineKind.PAYMENT_CASES, OF_THE_GUILD, AT_ONCE_MS)


def applications_of(guild_id: int) -> Deadline:
    """Return the deadline for the notice to staff that members want to become creators."""
    return Deadline(guild_id, DeadlineKind.APPLICATIONS, OF_THE_GUILD, AT_ONCE_MS)


def staff_log_of(guild_id: int) -> Deadline:
    """Return the deadline for what staff have just done."""
    return Deadline(guild_id, DeadlineKind.STAFF_LOG, OF_THE_GUILD, AT_ONCE_MS)


def staff_digest_of(guild_id: int, at_ms: int) -> Deadline:
    """Return the deadline for the summary of an hour."""
    return Deadline(guild_id, DeadlineKind.STAFF_DIGEST, OF_THE_GUILD, at_ms)


def share_news_of(guild_id: int) -> Deadline:
    """Return the deadline for the post about a changed share."""
    return Deadline(guild_id, DeadlineKind.SHARE_NEWS, OF_THE_GUILD, AT_ONCE_MS)


def payout_requests_of(guild_id: int) -> Deadline:
    """Return the deadline for the notice to staff that creators have asked for payouts."""
    return Deadline(guild_id, DeadlineKind.PAYOUT_REQUESTS, OF_THE_GUILD, AT_ONCE_MS)


def transfer_of(guild_id: int, payout_id: int, at_ms: int) -> Deadline:
    """Return when the bot asks about the money of a payout."""
    return Deadline(guild_id, DeadlineKind.PAYOUT_TRANSFER, payout_id, at_ms)


def refund_of(guild_id: int, order_id: int) -> Deadline:
    """Return the deadline for the money of an order that its buyer has just withdrawn from."""
    return Deadline(guild_id, DeadlineKind.WITHDRAWAL_REFUND, order_id, AT_ONCE_MS)


def lapse_of(request: GrantRequest) -> Deadline:
    """Return when a grant that waits for somebody else lapses."""
    return Deadline(request.guild_id, DeadlineKind.GRANT_REQUEST, request.request_id, request.until_ms)


def flag_look_of(guild_id: int, at_ms: int) -> Deadline:
    """Return the deadline for looking through a guild's books."""
    return Deadline(guild_id, DeadlineKind.FLAG_LOOK, OF_THE_GUILD, at_ms)


def flag_notice_of(guild_id: int) -> Deadline:
    """Return the deadline for the notice to staff that something was flagged."""
    return Deadline(guild_id, DeadlineKind.FLAG_NOTICE, OF_THE_GUILD, AT_ONCE_MS)


def proof_of_guild(guild_id: int, at_ms: int) -> Deadline:
    """Return the deadline for a guild's monthly proof."""
    return Deadline(guild_id, DeadlineKind.PROOF, OF_THE_GUILD, at_ms)


def standing_of(guild_id: int) -> Deadline:
    """Return the deadline for what follows from changed levels."""
    return Deadline(guild_id, DeadlineKind.STANDING, OF_THE_GUILD, AT_ONCE_MS)


def member_roles_of(guild_id: int, at_ms: int) -> Deadline:
    """Return the deadline for looking at members' roles."""
    return Deadline(guild_id, DeadlineKind.MEMBER_ROLES, OF_THE_GUILD, at_ms)


def creator_week_of(guild_id: int, at_ms: int) -> Deadline:
    """Return the deadline for the weekly recaps of a guild's creators."""
    return Deadline(guild_id, DeadlineKind.CREATOR_WEEK, OF_THE_GUILD, at_ms)


def challenge_of(guild_id: int, challenge_id: int, at_ms: int) -> Deadline:
    """Return the deadline for what is next about a challenge."""
    return Deadline(guild_id, DeadlineKind.CHALLENGE, challenge_id, at_ms)
