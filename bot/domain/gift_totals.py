"""The contents of one message about gifts: a line for each sender and item, the newest notes, and exact sums."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace

from bot.domain.catalogue import Tier
from bot.domain.erasures import without_mentions
from bot.domain.ledger.gift import facts_of, gift_tier
from bot.domain.ledger.gift_rows import coins_of
from bot.domain.receipts import Receipt
from bot.domain.text import shown

NEWEST_NOTES = 3
"""How many members' notes one message shows. A button leads to all of them."""

LINE_CHARACTERS = 84
"""The most characters that a line takes besides its item: two members, a count and the words in any language."""

CHARACTERS = 3_500
"""The most characters for lines in a message that names every gift. A message holds 4,000, everything included."""

GiftLineKey = tuple[int | None, int, str, str, bool, int]
"""Sender (None if anonymous, 0 if erased), creator, name, emoji, and whether test coins paid for it. A joint gift also
has its first row, others 0.

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

    `tier` and `item_id` are those of the newest gift: items may share a name and an emoji. A `joint` gift has a line
    of its own: `team` are all its creators if those are several, and `pool` all who gave it if they are.
    """

    sender_id: int | None
    creator_id: int
    name: str
    emoji: str
    is_test: bool = False
    joint: int = 0
    tier: Tier = Tier.SMALL
    item_id: int = 0
    quantity: int = 0
    coins: int = 0
    team: tuple[int, ...] = ()
    pool: tuple[int, ...] = ()

    @property
    def creators(self) -> tuple[int, ...]:
        """The creators who received the gift."""
        return self.team or (self.creator_id,)


@dataclass(slots=True)
class GiftTotals:
    """Gifts added up. The sums are exact even when the text leaves gifts out.

    `gifters` are the members who gave under their name. `test_coins` of all `coins` were test coins. `tier` is that of
    the biggest gift. `notes` are the newest of `note_count` notes. The `discreet_ids` are gifters who hide how
    much they give, and the `quiet_ids` those who do not want to be counted like a combo.
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
    discreet_ids: frozenset[int] = frozenset()
    quiet_ids: frozenset[int] = frozenset()

    @property
    def people(self) -> set[int]:
        """The members whom it names."""
        return self.gifters | {creator for line in self.lines.values() for creator in line.creators}

    @property
    def shows_sums(self) -> bool:
        """Whether the sums reveal nothing that a gifter hides."""
        return not (self.gifters & self.discreet_ids)

    def shows_quantity(self, lines: Iterable[GiftLine]) -> bool:
        """Whether others may read how many pieces these lines are in all."""
        return not ({line.sender_id for line in lines} & (self.discreet_ids | self.quiet_ids))

    @property
    def ranked(self) -> list[GiftLine]:
        """The lines, biggest first, so that the smallest are cut when the text is too long."""
        return sorted(self.lines.values(), key=lambda line: -line.coins)

    def has_room(self, gift: Receipt) -> bool:
        """Whether one more gift fits into a message that names every gift."""
        if gift_line_key(gift) in self.lines:
            return True
        lines = [*self.lines.values(), _line_of(gift)]
        return sum(len(shown(line.name)) + LINE_CHARACTERS * len(line.creators) for line in lines) <= CHARACTERS

    def add(self, gift: Receipt) -> None:
        """Add one gift to the lines, the sums and the notes."""
        facts, key = facts_of(gift), gift_line_key(gift)
        line = self.lines.get(key)
        if line is None:
            line = self.lines[key] = _line_of(gift)
        coins = coins_of(facts)
        line.tier, line.item_id = gift_tier(facts), facts["item"]
        line.quantity += facts["count"]
        line.coins += coins
        if key[0] is None:
            self.anonymous_pieces += facts["count"]
        else:
            self.gifters |= {key[0], *line.pool}
        self.gifts += 1
        self.pieces += facts["count"]
        self.coins += coins
        self.test_coins += coins if line.is_test else 0
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
        # Of a joint gift, all rows go together.
        coins = coins_of(facts) if "joint" in facts else facts["price"] * pieces
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

    def without_members(self, member_ids: Set[int]) -> "GiftTotals":
        """Return the same for when these members were erased: the sums stay, and nothing names them."""

        def known(member_id: int) -> int:
            return 0 if member_id in member_ids else member_id

        lines: dict[GiftLineKey, GiftLine] = {}
        for (sender, creator, name, emoji, is_test, joint), line in self.lines.items():
            new_sender = None if sender is None else known(sender)
            key = new_sender, known(creator), name, emoji, is_test, joint
            if (same := lines.get(key)) is None:
                team = tuple(map(known, line.team))
                pool = tuple(map(known, line.pool))
                lines[key] = replace(line, sender_id=new_sender, creator_id=known(creator), team=team, pool=pool)
            else:
                same.quantity, same.coins = same.quantity + line.quantity, same.coins + line.coins
        notes = [
            Note(note.sender_id, without_mentions(note.text, member_ids))
            for note in self.notes
            if note.sender_id not in member_ids
        ]
        note_count = self.note_count - len(self.notes) + len(notes)
        return replace(self, lines=lines, notes=notes, gifters={*map(known, self.gifters)}, note_count=note_count)

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
    return sender, gift.other_id, facts["name"], facts["emoji"], gift.is_test, gift.seq if "joint" in facts else 0


def _line_of(gift: Receipt) -> GiftLine:
    """Return the line of a gift that none is counted in yet."""
    line = GiftLine(*gift_line_key(gift))
    if "team" in gift.facts:
        line.team = tuple(member_id for member_id, _ in gift.people)
    elif "pool" in gift.facts:
        line.pool = tuple(dict.fromkeys(member_id for member_id, _ in gift.people))
    return line
