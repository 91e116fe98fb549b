"""Reversals: staff take back a gift, a grant or an order, after seeing what that will do."""

from collections.abc import Callable
from typing import NamedTuple

from bot.domain import text
from bot.domain.errors import InvalidText, NotFound
from bot.domain.ids import HIGHEST
from bot.domain.ledger.books import Decision
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.joint_reversal import ReverseJoint, added_up
from bot.domain.ledger.kinds import key_of_row
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.reversal import Reverse, facts_of
from bot.domain.orders import Cause
from bot.domain.perks import Perk, Unlock
from bot.domain.receipts import Receipt, other_holder
from bot.services.creator_notices import expect_creators
from bot.services.live_displays import keep_goal
from bot.services.perk_paybacks import Sale, perks_to_take, take_perks, taking
from bot.services.wallets import REASON_LENGTH
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.ledger.batch import dry_rows, dry_run
from bot.storage.stores import perks


class ReversalPreview(NamedTuple):
    """What a reversal would do now: the receipt that it takes back, and the rule's own decision.

    `perks` are what its buyer loses first, because the coins of the purchase paid for them.
    """

    receipt: Receipt
    decision: Decision
    perks: tuple[Perk, ...] = ()


class Reversal(NamedTuple):
    """The receipt of a reversal, and that of what it took back."""

    receipt: Receipt
    original: Receipt


class _Request(NamedTuple):
    """What is to be taken back: row `seq` or `part` of it. `key` is "" for a preview."""

    guild_id: int
    key: str
    actor_id: int
    seq: int
    part: int | None
    reason: str
    cause: Cause | None


class Reversals:
    """The use-cases of reversals. `expect` is told who has something new to read."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        expect: Callable[[int, int], None] = lambda _guild_id, _member_id: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._expect = expect

    async def preview(
        self,
        guild_id: int,
        *,
        actor_id: int,
        seq: int,
        part: int | None,
        reason: str | None = None,
        cause: Cause | None = None,
    ) -> ReversalPreview:
        """Return what taking back row `seq`, or `part` of it, would do. Raise every refusal of reversals.

        `reason` is None as long as nobody has been asked for one.
        """
        # Members' clients send no such number, but others might, and no column holds it.
        if seq > HIGHEST:
            raise NotFound("receipt")
        clean_reason = "" if reason is None else _cleaned(reason, cause)
        request = _Request(guild_id, "", actor_id, seq, part, clean_reason, cause)
        return await self._database.read(_preview, request, self._clock())

    async def reverse(
        self,
        guild_id: int,
        *,
        key: str,
        actor_id: int,
        seq: int,
        part: int | None,
        reason: str,
        cause: Cause | None = None,
    ) -> Reversal:
        """Take back row `seq`, or `part` of it, once per key. Raise every refusal of reversals."""
        request = _Request(guild_id, key, actor_id, seq, part, _cleaned(reason, cause), cause)
        command, original, events = await self._database.read(_command, request)
        for event_id in events:
            # A goal that the gift helped reach stays reached.
            await keep_goal(self._database, guild_id, event_id)
        if isinstance(command, Reverse) and original.kind == CreditOrder.kind:
            await self._take_perks(command, original)
        receipt = await self._database.writer.submit(command)
        await expect_creators(self._database, receipt, self._expect)
        if isinstance(command, ReverseJoint):
            receipt = await self._database.read(_added_up, receipt, key, len(command.reversals))
        return Reversal(receipt, original)

    async def _take_perks(self, command: Reverse, original: Receipt) -> None:
        """Take back what the coins of a purchase have bought. Before that, raise what the reversal would raise."""
        if await self._database.read(journal.find, command.guild_id, command.key) is None:
            plan = await self._database.read(_plan, command, original, self._clock())
            coins = facts_of(plan.decision)["coins"]
            await take_perks(self._database, plan.sale, coins, command.key, self._expect)

    async def find(self, guild_id: int, key: str) -> Reversal | None:
        """Return the reversal recorded under `key`, if there is one."""
        return await self._database.read(_find, guild_id, key)


def _cleaned(reason: str, cause: Cause | None) -> str:
    clean_reason = text.clean(reason, REASON_LENGTH)
    # A creator who declines a gift need not say why.
    if not clean_reason and cause is None:
        raise InvalidText("reason", REASON_LENGTH)
    return clean_reason


def _command(c: Connection, request: _Request) -> tuple[Reverse | ReverseJoint, Receipt, list[int]]:
    """Return the command, completed with what the row names, the receipt of the row, and the live events that it counts
    for."""
    guild_id, key, actor_id = request.guild_id, request.key, request.actor_id
    receipts = _receipts(c, guild_id, request.seq)
    receipt = receipts[0]
    rows = {row.seq: row for row in journal.rows_with(c, [(guild_id, each.seq) for each in receipts])}
    is_joint = "joint" in receipt.facts
    creators = tuple(row.facts["creator"] for row in rows.values()) if is_joint else ()
    reversals = tuple(
        Reverse(
            guild_id=guild_id,
            key=key,
            actor_id=actor_id,
            member_id=each.other_id if each.kind == Grant.kind else each.actor_id,
            seq=each.seq,
            reason=request.reason,
            part=None if is_joint else request.part,
            holder_ids=tuple({rows[each.seq].actor, other_holder(rows[each.seq])} - {0}),
            item_id=gift_facts(each)["item"] if each.kind == SendGift.kind else 0,
            cause=request.cause,
            creators=creators,
        )
        for each in receipts
    )
    gifts = [gift_facts(each) for each in receipts if each.kind == SendGift.kind]
    events = list(dict.fromkeys(gift["event"] for gift in gifts if gift["event"]))
    return ReverseJoint(guild_id, key, actor_id, reversals) if is_joint else reversals[0], receipt, events


def _receipts(c: Connection, guild_id: int, seq: int) -> list[Receipt]:
    """Return the receipt of row `seq`, or those of all rows of its joint gift, in order. Raise NotFound."""
    receipt = journal.receipt(c, guild_id, seq)
    if receipt is None:
        raise NotFound("receipt")
    if (joint := receipt.facts.get("joint")) is None:
        return [receipt]
    place, rows, _ = joint
    receipts = journal.receipts_with(c, guild_id, range(seq - place, seq - place + rows))
    return sorted(receipts, key=lambda each: each.seq)


def _added_up(c: Connection, receipt: Receipt, key: str, rows: int) -> Receipt:
    """Return the receipt of the first of several reversals, under `key`, with the coins of all of them."""
    keys = [(receipt.guild_id, key_of_row(key, place)) for place in range(rows)]
    rows_by_seq = sorted(journal.recorded(c, keys), key=lambda row: row.seq)
    return receipt._replace(facts=added_up([row.facts for row in rows_by_seq]))


def _preview(c: Connection, request: _Request, now_ms: int) -> ReversalPreview:
    command, receipt, _ = _command(c, request)
    if isinstance(command, Reverse) and receipt.kind == CreditOrder.kind:
        plan = _plan(c, command, receipt, now_ms)
        ids = [(request.guild_id, entry.perk_id) for entry in plan.entries]
        by_id = perks.perks_of(c, {*ids})
        return ReversalPreview(receipt, plan.decision, tuple(by_id[key] for key in ids))
    if isinstance(command, Reverse):
        return ReversalPreview(receipt, dry_run(c, command, now_ms))
    decisions = dry_rows(c, command, now_ms)
    return ReversalPreview(receipt, decisions[0]._replace(facts=added_up([each.facts for each in decisions])))


class _Plan(NamedTuple):
    """What reversing a purchase takes: perks of its buyer, and then what the `decision` says."""

    sale: Sale
    entries: list[Unlock]
    decision: Decision


def _plan(c: Connection, command: Reverse, original: Receipt, now_ms: int) -> _Plan:
    """Return what the reversal of a purchase takes. Raise every refusal of reversals."""
    (row,) = journal.rows_with(c, [(command.guild_id, command.seq)])
    coins = facts_of(dry_run(c, command, now_ms))["coins"]
    sale = Sale(command.guild_id, original.actor_id, command.seq, row.actor, original.is_test)
    entries = perks_to_take(c, sale, coins)
    before = [taking(sale, entry, command.key) for entry in entries]
    return _Plan(sale, entries, dry_run(c, command, now_ms, before))


def _find(c: Connection, guild_id: int, key: str) -> Reversal | None:
    receipt = journal.find(c, guild_id, key)
    original = journal.receipt(c, guild_id, facts_of(receipt)["of"]) if receipt else None
    if receipt is None or original is None:
        return None
    if (joint := original.facts.get("joint")) is not None:
        receipt = _added_up(c, receipt, key, joint[1])
    return Reversal(receipt, original)
