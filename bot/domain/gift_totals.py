"""The contents of one message about gifts: a line for each sender and item, the newest notes, and exact sums."""

from dataclasses import dataclass, field

from bot.domain.catalogue import Tier
from bot.domain.ledger.gift import facts_of, gift_tier
from bot.domain.receipts import Receipt
from bot.domain.text import shown

NEWEST_NOTES = 3
"""How many members' notes one message shows. A button leads to all of them."""

LINE_CHARACTERS = 84
"""The most characters that a line takes beside its item: two members, a count and the words in any language."""

CHARACTERS = 3_500
"""The most characters for lines in a message that names every gift. A message holds 4,000, everything included."""

GiftLineKey = tuple[int | None, int, str, str, bool]
"""Sender (None if anonymous, 0 if erased), creator, name, emoji, and whether test coins paid for it.

Gifts with the same key are added up.
"""


@dataclass(frozen=True, slots=True)
class Note:
    """A member's message with a gift. `sender_id` is None for an anonymous one, 0 for an erased member."""

    sender_id: int | None
    text: str


@dataclass(slots=True)
class GiftLine:
    """Gifts of one item from one sender to one creator, added up. All anonymous senders (None) count as one.

    `tier` and `item_id` are those of the newest gift: items may share a name and an emoji.
    """

    sender_id: int | None
    creator_id: int
    name: str
    emoji: str
    is_test: bool = False
    tier: Tier = Tier.SMALL
    item_id: int = 0
    quantity: int = 0
    coins: int = 0


@dataclass(slots=True)
class GiftTotals:
    """Gifts added up. The sums are exact even when the text leaves gifts out.

    `gifters` are the members who gave under their name. `test_coins` of all `coins` were test coins. `tier` is that of
    the biggest gift. `notes` are the newest of `note_count` notes.
    """

    lines: dict[GiftLineKey, GiftLine] = field(default_factory=dict[GiftLineKey, GiftLine])
    notes: list[Note] = field(default_factory=list[Note])
    gifters: set[int] = field(default_factory=set[int])
    gifts: int = 0
    pieces: int = 0
    anonymous_pieces: int = 0
    coins: int = 0
    test_coins: int = 0
    tier: Tier = Tier.SMALL
    is_live: bool = False
    note_count: int = 0

    @property
    def ranked(self) -> list[GiftLine]:
        """The lines, biggest first, so that the smallest are cut when the text is too long."""
        return sorted(self.lines.values(), key=lambda line: -line.coins)

    def has_room(self, gift: Receipt) -> bool:
        """Whether one more gift fits into a message that names every gift."""
        if gift_line_key(gift) in self.lines:
            return True
        names = [*(line.name for line in self.lines.values()), facts_of(gift)["name"]]
        return sum(len(shown(name)) + LINE_CHARACTERS for name in names) <= CHARACTERS

    def add(self, gift: Receipt) -> None:
        """Add one gift to the lines, the sums and the notes."""
        facts, key = facts_of(gift), gift_line_key(gift)
        line = self.lines.get(key)
        if line is None:
            line = self.lines[key] = GiftLine(*key)
        line.tier, line.item_id = gift_tier(facts), facts["item"]
        line.quantity += facts["count"]
        line.coins += facts["coins"]
        if key[0] is None:
            self.anonymous_pieces += facts["count"]
        else:
            self.gifters.add(key[0])
        self.gifts += 1
        self.pieces += facts["count"]
        self.coins += facts["coins"]
        self.test_coins += facts["coins"] if line.is_test else 0
        self.tier = line.tier if line.tier.reaches(self.tier) else self.tier
        self.is_live = self.is_live or bool(facts["live_channel"])
        if gift.note:
            self.notes = [*self.notes, Note(key[0], gift.note)][-NEWEST_NOTES:]
            self.note_count += 1

    def take_back(self, gift: Receipt, key: GiftLineKey, pieces: int) -> None:
        """Take the pieces of a gift that were taken back out of its line, `key`, and out of the sums.

        All of them go at once: the note goes with the whole gift.
        """
        facts, line = facts_of(gift), self.lines[key]
        coins = facts["price"] * pieces
        line.quantity -= pieces
        line.coins -= coins
        self.pieces -= pieces
        self.coins -= coins
        self.test_coins -= coins if line.is_test else 0
        if key[0] is None:
            self.anonymous_pieces -= pieces
        if pieces == facts["count"]:
            self.gifts -= 1
            self._drop_note(Note(key[0], gift.note))
        if not line.quantity:
            del self.lines[key]
            self.gifters = {sender_id for sender_id, *_ in self.lines if sender_id is not None}
            tiers = (line.tier for line in self.lines.values())
            self.tier = max(tiers, key=lambda tier: tier.from_price, default=Tier.SMALL)

    def _drop_note(self, note: Note) -> None:
        self.note_count -= bool(note.text)
        if note in self.notes:
            self.notes.remove(note)


def less(gift: Receipt, pieces: int) -> Receipt | None:
    """Return a gift without some of its pieces, None if none are left."""
    facts = facts_of(gift)
    count = facts["count"] - pieces
    if not count or not pieces:
        return gift if count else None
    return gift._replace(facts={**gift.facts, "count": count, "coins": facts["price"] * count})


def gift_line_key(gift: Receipt) -> GiftLineKey:
    """Return the key under which a gift is added up with others."""
    facts = facts_of(gift)
    sender = None if facts["anonymous"] else gift.actor_id
    return sender, gift.other_id, facts["name"], facts["emoji"], gift.is_test
