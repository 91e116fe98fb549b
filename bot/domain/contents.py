"""Gifts added up: what one message tells, with combos, the newest notes, and sums that are exact."""

from dataclasses import dataclass, field

from bot.domain.catalogue import Tier, tier_of
from bot.domain.receipts import Receipt
from bot.domain.text import shown

NEWEST_NOTES = 3
"""Messages of members that one of ours shows; a button leads to all of them."""

LINE_CHARACTERS = 64
"""The most that names of members and counts take of a line about one combo."""

CHARACTERS = 3_500
"""What the lines of a message that names every gift may take: an embed holds 4,096 with everything else in it."""

ComboKey = tuple[int | None, int, str, str]
"""Sender (None: anonymous, 0: erased), creator, name and emoji: gifts that agree in these are added up."""


@dataclass(frozen=True, slots=True)
class Note:
    """A member's message with a gift. `sender_id` is None for an anonymous one, 0 for an erased member."""

    sender_id: int | None
    text: str


@dataclass(slots=True)
class Combo:
    """Gifts of one item from one sender to one creator, added up; anonymous ones (None), whoever sent them."""

    sender_id: int | None
    creator_id: int
    name: str
    emoji: str
    pieces: int = 0
    coins: int = 0


@dataclass(slots=True)
class Contents:
    """Gifts added up. The sums are exact, whatever is left out in print. `gifters` are those who gave with a name,
    `notes` the newest of `note_count`."""

    combos: dict[ComboKey, Combo] = field(default_factory=dict[ComboKey, Combo])
    notes: list[Note] = field(default_factory=list[Note])
    gifters: set[int] = field(default_factory=set[int])
    gifts: int = 0
    pieces: int = 0
    anonymous_pieces: int = 0
    coins: int = 0
    highest_price: int = 0
    is_live: bool = False
    note_count: int = 0

    @property
    def tier(self) -> Tier:
        """The tier of the dearest item."""
        return tier_of(self.highest_price)

    @property
    def ranked(self) -> list[Combo]:
        """The combos, the biggest first: what does not fit into print is the smallest."""
        return sorted(self.combos.values(), key=lambda combo: -combo.coins)

    def has_room(self, gift: Receipt) -> bool:
        """Whether one more gift still fits into a message that names each."""
        if combo_key(gift) in self.combos:
            return True
        names = [*(combo.name for combo in self.combos.values()), gift.facts["name"]]
        return sum(len(shown(name)) + LINE_CHARACTERS for name in names) <= CHARACTERS

    def add(self, gift: Receipt) -> None:
        """Add one gift up."""
        facts, key = gift.facts, combo_key(gift)
        combo = self.combos.get(key)
        if combo is None:
            combo = self.combos[key] = Combo(*key)
        combo.pieces += facts["count"]
        combo.coins += facts["coins"]
        if key[0] is None:
            self.anonymous_pieces += facts["count"]
        else:
            self.gifters.add(key[0])
        self.gifts += 1
        self.pieces += facts["count"]
        self.coins += facts["coins"]
        self.highest_price = max(self.highest_price, facts["price"])
        self.is_live = self.is_live or bool(facts["live_channel"])
        if gift.note:
            self.notes = [*self.notes, Note(key[0], gift.note)][-NEWEST_NOTES:]
            self.note_count += 1


def combo_key(gift: Receipt) -> ComboKey:
    """Return what gifts that are added up agree in."""
    facts = gift.facts
    sender = None if facts["anonymous"] else gift.actor_id
    return sender, gift.other_id, facts["name"], facts["emoji"]
