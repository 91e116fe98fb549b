"""Chests: promo coins of a sponsor are reserved, taken in equal shares, and the rest goes back."""

from dataclasses import replace
from typing import NamedTuple, cast

from bot.domain.accounts import CHEST, paid_of, promo_of
from bot.domain.chest_errors import ChestOver, ChestRuns, NotEnoughPromo
from bot.domain.chests import MOST_MINUTES, Chest, minimums_of, split
from bot.domain.freezes import check_frozen
from bot.domain.ledger.books import Books, Decision, Effect, Recorded
from bot.domain.ledger.chest_rows import ChestFacts, ReturnFacts, ShareFacts, check_moved, check_opened
from bot.domain.ledger.kinds import Kind
from bot.domain.ledger.postings import Posting
from bot.domain.money import amount
from bot.domain.reversal_errors import InDebt
from bot.domain.staff_acts import ActKind, MoneyMoved

MINUTE_MS = 60_000


class OpenChest(NamedTuple):
    """Reserve promo coins of a sponsor, to be shared out in a channel: `coins` in a number of `shares`."""

    guild_id: int
    key: str
    member_id: int
    channel_id: int
    coins: int
    shares: int
    minutes: int

    kind = "chest"
    holder_ids = ()
    other_id = 0

    @property
    def actor_id(self) -> int:
        """The sponsor, who acts."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.member_id,)


class TakeShare(NamedTuple):
    """Take a share of a chest, as a member who joined the server at `joined_ms`.

    A chest never changes its sponsor, so that can be read before. `sponsor_id` is 0 if they were erased.
    """

    guild_id: int
    key: str
    chest_id: int
    member_id: int
    joined_ms: int
    sponsor_id: int

    kind = "chest_share"
    holder_ids = ()

    @property
    def actor_id(self) -> int:
        """The member, who acts."""
        return self.member_id

    @property
    def other_id(self) -> int:
        """The sponsor, who is the other member on the receipt."""
        return self.sponsor_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.member_id,)


class ReturnChest(NamedTuple):
    """Give what nobody has taken of a chest whose time is up back to its `sponsor`, a holder. See TakeShare.

    `staff_id` is who closes somebody else's before its time, 0 for nobody.
    """

    guild_id: int
    key: str
    chest_id: int
    sponsor: int
    sponsor_id: int
    staff_id: int = 0

    kind = "chest_return"
    other_id = 0

    @property
    def actor_id(self) -> int:
        """The sponsor: the chest is theirs."""
        return self.sponsor_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return tuple(member_id for member_id in (self.sponsor_id, self.staff_id) if member_id)

    @property
    def holder_ids(self) -> tuple[int, ...]:
        """The sponsor, who may have been erased."""
        return (self.sponsor,)


class ChestOpened(NamedTuple):
    """Coins are to be had in a channel, which is to be told."""

    chest: Chest

    def apply(self, books: Books, guild_id: int) -> None:
        """Add the chest to `books`, as the one that its sponsor has open."""
        books.chests[guild_id, self.chest.chest_id] = self.chest
        books.open_chests[guild_id, self.chest.sponsor] = self.chest


class ChestChanged(NamedTuple):
    """A share of a chest was taken, or its rest went back."""

    chest_id: int
    taken: int
    closed_seq: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Change the chest in `books`."""
        key = guild_id, self.chest_id
        books.chests[key] = chest = replace(books.chests[key], taken=self.taken, closed_seq=self.closed_seq)
        if not chest.is_open:
            books.open_chests.pop((guild_id, chest.sponsor), None)


def opening_of(row: Recorded) -> ChestFacts:
    """Return the facts of the row or receipt that opens a chest."""
    assert row.kind == OpenChest.kind, row.kind
    return cast("ChestFacts", row.facts)


def share_of(row: Recorded) -> ShareFacts:
    """Return the facts of the row or receipt of a share."""
    assert row.kind == TakeShare.kind, row.kind
    return cast("ShareFacts", row.facts)


def return_of(row: Recorded) -> ReturnFacts:
    """Return the facts of the row or receipt of what went back."""
    assert row.kind == ReturnChest.kind, row.kind
    return cast("ReturnFacts", row.facts)


def open_chest(command: OpenChest, books: Books, now_ms: int) -> Decision:
    """Return what opening a chest does.

    Raise MemberFrozen, ChestRuns, InDebt, NotEnoughPromo, or what `split` raises.
    """
    guild = command.guild_id
    rules = books.rules_of(guild)
    parts = split(command.coins, command.shares)
    minutes = amount(command.minutes, highest=MOST_MINUTES)
    sponsor = books.holders[guild, command.member_id]
    check_frozen(books.frozen.get((guild, sponsor), ()))
    if (chest := books.open_chests.get((guild, sponsor))) is not None:
        raise ChestRuns(chest.channel_id, chest.until_ms)
    if debt := books.debt(guild, sponsor):
        # As with gifts: a member who owes coins cannot give any away.
        raise InDebt(debt)
    promo = books.balance(guild, promo_of(sponsor))
    if promo < parts.coins:
        raise NotEnoughPromo(parts.coins, promo)
    account_days, joined_hours = minimums_of(rules.chest_account_days, rules.chest_joined_hours)
    chest = Chest(
        guild_id=guild,
        chest_id=books.next_seq(guild),
        channel_id=command.channel_id,
        sponsor=sponsor,
        share=parts.share,
        shares=parts.shares,
        opened_ms=now_ms,
        until_ms=now_ms + minutes * MINUTE_MS,
        account_days=account_days,
        joined_hours=joined_hours,
    )
    facts: ChestFacts = {
        "coins": parts.coins,
        "share": parts.share,
        "shares": parts.shares,
        "until_ms": chest.until_ms,
        "channel": chest.channel_id,
        "paid_after": books.balance(guild, paid_of(sponsor)),
        "promo_after": promo - parts.coins,
    }
    return Decision(
        kind=OpenChest.kind,
        actor=sponsor,
        postings=(Posting(promo_of(sponsor), CHEST, parts.coins),),
        facts=facts,
        effects=(ChestOpened(chest),),
    )


def take_share(command: TakeShare, books: Books, now_ms: int) -> Decision:
    """Return what taking a share does. Raise MemberFrozen, WalletFull, or what `Chest.check` raises."""
    guild = command.guild_id
    books.rules_of(guild)
    chest = _chest(books, command)
    member = books.holders[guild, command.member_id]
    chest.check(command.member_id, member, command.joined_ms, now_ms)
    check_frozen(books.frozen.get((guild, member), ()))
    wallet = promo_of(member)
    payoff, payoff_postings = books.pay_off(guild, wallet, chest.share)
    books.check_room(guild, wallet, chest.share - payoff)
    facts: ShareFacts = {
        "chest": chest.chest_id,
        "sponsor": chest.sponsor,
        "member": member,
        "coins": chest.share,
        "paid_after": books.balance(guild, paid_of(member)),
        "promo_after": books.balance(guild, wallet) + chest.share - payoff,
    }
    if payoff:
        facts["payoff"] = payoff
    closed_seq = books.next_seq(guild) if chest.left == 1 else 0
    return Decision(
        kind=TakeShare.kind,
        actor=member,
        postings=(Posting(CHEST, wallet, chest.share), *payoff_postings),
        facts=facts,
        effects=(ChestChanged(chest.chest_id, chest.taken + 1, closed_seq),),
    )


def return_chest(command: ReturnChest, books: Books, _now_ms: int) -> Decision:
    """Return what giving back the rest does: a debt is settled first. Raise ChestOver if nothing is in the chest."""
    guild = command.guild_id
    books.rules_of(guild)
    chest = _chest(books, command)
    assert chest.sponsor == command.sponsor, command.key
    if not chest.is_open:
        raise ChestOver
    wallet, coins = promo_of(chest.sponsor), chest.reserved
    payoff, payoff_postings = books.pay_off(guild, wallet, coins)
    books.check_room(guild, wallet, coins - payoff)
    facts: ReturnFacts = {
        "chest": chest.chest_id,
        "coins": coins,
        "shares": chest.left,
        "paid_after": books.balance(guild, paid_of(chest.sponsor)),
        "promo_after": books.balance(guild, wallet) + coins - payoff,
    }
    if payoff:
        facts["payoff"] = payoff
    effects: tuple[Effect, ...] = (ChestChanged(chest.chest_id, chest.taken, books.next_seq(guild)),)
    if command.staff_id:
        closer = books.holders[guild, command.staff_id]
        effects = (*effects, MoneyMoved(ActKind.REVERSAL, closer, chest.sponsor, command.key))
    return Decision(
        kind=ReturnChest.kind,
        actor=chest.sponsor,
        postings=(Posting(CHEST, wallet, coins), *payoff_postings),
        facts=facts,
        effects=effects,
    )


def _chest(books: Books, command: TakeShare | ReturnChest) -> Chest:
    chest = books.chests.get((command.guild_id, command.chest_id))
    if chest is None:
        raise ChestOver
    return chest


_READS = ("rules", "frozen", "chests")
OPENING = Kind(OpenChest.kind, OpenChest, open_chest, check_opened, _READS)
SHARE = Kind(TakeShare.kind, TakeShare, take_share, check_moved, _READS, other="sponsor")
RETURN = Kind(ReturnChest.kind, ReturnChest, return_chest, check_moved, _READS, is_answered=False)
