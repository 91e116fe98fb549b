"""What is said in public about gifts: which of them share a message, and what that message adds up to.

Pure functions of journal rows: planned again after a crash, the same rows give the same messages, with the same
nonces, so that Discord drops what it already has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from bot.domain.catalogue import Tier, tier_of
from bot.domain.receipts import Receipt
from bot.domain.text import shown

NOTES_PER_MESSAGE = 20
"""Messages of members in one announcement, and none is ever dropped."""

NOTE_CHARACTERS = 2_200
"""Their length as printed, unless one alone is longer: an embed holds 4,096 with everything else in it."""

OWN_MESSAGES = 3
"""Large gifts of one batch that get a message of their own; more of them share one."""

_BIG = frozenset({Tier.LARGE, Tier.GRAND, Tier.LEGENDARY})


@dataclass(frozen=True, slots=True)
class Note:
    """A member's message with a gift. `sender_id` is None for an anonymous one."""

    sender_id: int | None
    text: str


@dataclass(slots=True)
class Combo:
    """Gifts of one item from one sender (None: anonymous) to one creator, added up."""

    sender_id: int | None
    creator_id: int
    name: str
    emoji: str
    pieces: int = 0
    coins: int = 0


@dataclass(slots=True)
class Announcement:
    """One message: gifts that appear in one channel, added up. Totals are exact, whatever is left out in print."""

    channel_id: int
    first_seq: int
    last_seq: int
    combos: list[Combo] = field(default_factory=list[Combo])
    notes: list[Note] = field(default_factory=list[Note])
    gifters: set[int] = field(default_factory=set[int])
    pieces: int = 0
    coins: int = 0
    highest_price: int = 0

    @property
    def tier(self) -> Tier:
        """The tier of the dearest item in it."""
        return tier_of(self.highest_price)

    @property
    def nonce(self) -> str:
        """The same for the same message, another for any other: at most 25 characters."""
        # Discord compares nonces over all the channels that a bot writes to: a channel's rows are told apart by it.
        told = f"{self.channel_id}:{self.first_seq}:{self.last_seq}"
        return blake2b(told.encode(), digest_size=12).hexdigest()


def plan(receipts: Iterable[Receipt], gift_channel_id: int) -> list[Announcement]:
    """Return the messages that tell of `receipts` (rows of one guild, in order), passing over other kinds.

    A gift is told in its live event's channel, else in the guild's gift channel, else where it was sent.
    """
    channels: dict[int, list[Receipt]] = {}
    for receipt in receipts:
        if receipt.kind == "gift":
            facts = receipt.facts
            channel = facts["live_channel"] or gift_channel_id or facts["channel"]
            channels.setdefault(channel, []).append(receipt)
    return [message for channel, gifts in channels.items() for message in _of_channel(channel, gifts)]


def _of_channel(channel_id: int, gifts: Sequence[Receipt]) -> list[Announcement]:
    big = [gift for gift in gifts if tier_of(gift.facts["price"]) in _BIG]
    alone = {gift.seq for gift in big} if len(big) <= OWN_MESSAGES else set[int]()
    messages = [_told(channel_id, [gift]) for gift in big if gift.seq in alone]
    shared: list[Receipt] = []
    notes: list[int] = []
    for gift in gifts:
        if gift.seq in alone:
            continue
        if gift.note:
            printed = len(shown(gift.note))
            if notes and (len(notes) == NOTES_PER_MESSAGE or sum(notes) + printed > NOTE_CHARACTERS):
                messages.append(_told(channel_id, shared))
                shared, notes = [], []
            notes.append(printed)
        shared.append(gift)
    if shared:
        messages.append(_told(channel_id, shared))
    return sorted(messages, key=lambda message: message.first_seq)


def _told(channel_id: int, gifts: Sequence[Receipt]) -> Announcement:
    told = Announcement(channel_id, gifts[0].seq, gifts[-1].seq)
    combos: dict[tuple[int | None, int, str, str], Combo] = {}
    for gift in gifts:
        facts = gift.facts
        sender = None if facts["anonymous"] or not gift.actor_id else gift.actor_id
        key = (sender, gift.other_id, facts["name"], facts["emoji"])
        combo = combos.setdefault(key, Combo(*key))
        combo.pieces += facts["count"]
        combo.coins += facts["coins"]
        told.pieces += facts["count"]
        told.coins += facts["coins"]
        told.gifters.add(gift.actor_id)
        told.highest_price = max(told.highest_price, facts["price"])
        if gift.note:
            told.notes.append(Note(sender, gift.note))
    # The biggest first: what does not fit into print is the smallest.
    told.combos = sorted(combos.values(), key=lambda combo: -combo.coins)
    return told
