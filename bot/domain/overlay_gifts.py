"""What an overlay shows of the journal: which rows become gifts on screen, as everybody may see them.

The rows come from `bot.domain.anonymity.in_public`, so an anonymous sender is nobody here already. Whatever they have
chosen for themselves changes nothing about their anonymous gifts: their choices are never asked for.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import regex

from bot.domain.catalogue import Tier
from bot.domain.combos import GAP_MS
from bot.domain.ledger.gift import SendGift, facts_of, gift_tier
from bot.domain.ledger.gift_rows import coins_of
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.reversal import facts_of as reversal_facts
from bot.domain.member_choices import NO_CHOICES, MemberChoices
from bot.domain.note_words import word_in
from bot.domain.receipts import Receipt

CONTEXT: Final = 200
"""Rows before the first one that is wanted. What a joint gift or a combo began with is most likely among them."""

_MOST_COMBOS: Final = 1_000
"""Combos that are kept before those that have ended are dropped."""

_MENTION: Final = regex.compile(r"<@!?(\d+)>")
_EMOJI: Final = regex.compile(r"<a?:(\w+):\d+>")
_PLACE: Final = regex.compile(r"<(?:#|@&|id:)[^>]*>")


class OverlayGift(NamedTuple):
    """One gift on screen.

    `sender_id` is None for an anonymous sender, 0 for an erased member. `givers` are those who pooled for it.
    `creator_ids` are those who got it. `pieces` and `coins` are those of one piece where the sender hides how many they
    send. `combo` counts the pieces of a combo so far, this gift included, and is 1 without one.
    """

    seq: int
    at_ms: int
    event_id: int
    sender_id: int | None
    givers: tuple[int, ...]
    creator_ids: tuple[int, ...]
    item_id: int
    name: str
    emoji: str
    tier: Tier
    pieces: int
    coins: int
    combo: int
    is_test: bool
    note: str

    @property
    def people(self) -> set[int]:
        """The members whose names it shows."""
        return ({*self.givers, *self.creator_ids, *mentioned_in(self.note)} | {self.sender_id or 0}) - {0}


class Notes(NamedTuple):
    """Which messages an overlay shows: those of gifts from a tier on, without any of the `words` that nobody wants to
    read. With `is_held`, only those that were let through. `verdicts` say of which gifts that was decided."""

    lowest: Tier
    words: tuple[str | None, ...] = ()
    is_held: bool = False
    verdicts: Mapping[int, bool] = {}

    def of(self, gift: OverlayGift) -> tuple[str, bool]:
        """Return the message of a gift as far as it may ever be shown, and whether it waits for approval."""
        if not gift.note or not gift.tier.reaches(self.lowest) or word_in(gift.note, self.words) is not None:
            return "", False
        verdict = self.verdicts.get(gift.seq)
        return ("", False) if verdict is False else (gift.note, self.is_held and verdict is None)

    def waits(self, gift: OverlayGift) -> bool:
        """Whether the message of a gift waits for approval."""
        _, is_waiting = self.of(gift)
        return is_waiting


class Reel:
    """Makes gifts for the screen out of the rows of a journal, in their order."""

    def __init__(self) -> None:
        self._combos: dict[tuple[int, int, str], tuple[int, int]] = {}
        self._joint: dict[int, int] = {}

    def copy(self) -> "Reel":
        """Return a reel that has had the same rows."""
        reel = Reel()
        reel._combos, reel._joint = {**self._combos}, {**self._joint}
        return reel

    def feed(
        self,
        rows: Iterable[Receipt],
        choices: Mapping[int, MemberChoices],
        event_ids: Collection[int],
        undone: Mapping[int, int],
    ) -> list[OverlayGift]:
        """Return the gifts of some live events in the next `rows`.

        `choices` are those of the members who have made any, `undone` how many pieces were taken back since, by row.
        """
        gifts = [row for row in rows if row.kind == SendGift.kind and facts_of(row)["event"] in event_ids]
        shots = (self._gift(row, choices, undone.get(row.seq, 0)) for row in gifts if self._stands_for_all(row))
        return [gift for gift in shots if gift is not None]

    def _stands_for_all(self, row: Receipt) -> bool:
        """Whether a row is the first part, in its live event, of a joint gift. Gifts that are none always are."""
        facts = facts_of(row)
        if "joint" not in facts:
            return True
        start, event_id = row.seq - facts["joint"][0], facts["event"]
        is_first = self._joint.get(event_id) != start
        self._joint[event_id] = start
        return is_first

    def _gift(self, row: Receipt, choices: Mapping[int, MemberChoices], undone: int) -> OverlayGift | None:
        facts = facts_of(row)
        count = facts["count"] - undone
        if count <= 0:
            return None
        is_joint = "joint" in facts
        sender_id = None if facts["anonymous"] else row.actor_id
        choice = choices.get(sender_id or 0, NO_CHOICES)
        if not choice.shows_quantity:
            count = 1
        combo = 1 if is_joint or not choice.joins_combos else self._combo(row, count)
        creators = tuple(member_id for member_id, _ in row.people) if "team" in facts else (row.other_id,)
        return OverlayGift(
            seq=row.seq,
            at_ms=row.at_ms,
            event_id=facts["event"],
            sender_id=sender_id,
            givers=tuple(member_id for member_id, _ in row.people) if "pool" in facts else (),
            creator_ids=creators,
            item_id=facts["item"],
            name=facts["name"],
            emoji=facts["emoji"],
            tier=gift_tier(facts),
            pieces=count,
            coins=coins_of(facts) if is_joint else facts["price"] * count,
            combo=combo,
            is_test=bool(facts.get("test")),
            note=row.note,
        )

    def _combo(self, row: Receipt, count: int) -> int:
        """Return how many pieces a combo has with this gift. Nobody's gifts make none."""
        if not row.actor_id:
            return 1
        key = row.actor_id, row.other_id, facts_of(row)["name"]
        pieces, last_ms = self._combos.get(key, (0, row.at_ms))
        pieces = count + (pieces if row.at_ms - last_ms <= GAP_MS else 0)
        self._combos[key] = pieces, row.at_ms
        if len(self._combos) > _MOST_COMBOS:
            self._combos = {name: combo for name, combo in self._combos.items() if row.at_ms - combo[1] <= GAP_MS}
        return pieces


def taken_back(rows: Iterable[Receipt]) -> list[int]:
    """Return the gifts that these rows take back, or a part of them."""
    reversals = (reversal_facts(row) for row in rows if row.kind == Reverse.kind)
    return [facts["of"] for facts in reversals if facts["of_kind"] == SendGift.kind]


def mentioned_in(note: str) -> list[int]:
    """Return the members whom a message mentions."""
    return [int(number) for number in _MENTION.findall(note)]


def readable(note: str, names: Mapping[int, str]) -> str:
    """Return a message as plain text: with names for mentions, and without what only Discord can show."""
    note = _MENTION.sub(lambda match: f"@{names.get(int(match[1]), '…')}", note)
    return _PLACE.sub("", _EMOJI.sub(r":\1:", note)).strip()


def senders_in(rows: Sequence[Receipt]) -> set[int]:
    """Return the members whose choices matter for these rows: those who gave under their own name."""
    return {row.actor_id for row in rows if row.kind == SendGift.kind and not facts_of(row)["anonymous"]} - {0}
