"""Reversals: staff take back a gift, a grant or an order, after they have seen what that will do."""

from collections.abc import Callable
from typing import NamedTuple

from bot.domain import text
from bot.domain.errors import InvalidText, NotFound
from bot.domain.ids import HIGHEST
from bot.domain.ledger.books import Decision
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.reversal import Reverse, facts_of
from bot.domain.orders import Cause
from bot.domain.receipts import Receipt, other_holder
from bot.services.live_displays import keep_goal
from bot.services.wallets import REASON_LENGTH
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.ledger.batch import dry_run


class ReversalPreview(NamedTuple):
    """What a reversal would do now: the receipt that it takes back, and the rule's own decision."""

    receipt: Receipt
    decision: Decision


class Reversal(NamedTuple):
    """The receipt of a reversal, and that of what it took back."""

    receipt: Receipt
    original: Receipt


class Reversals:
    """The use-cases of reversals."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def preview(
        self, guild_id: int, *, actor_id: int, seq: int, part: int | None, reason: str, cause: Cause | None = None
    ) -> ReversalPreview:
        """Return what taking back row `seq`, or `part` of it, would do. Raise every refusal of reversals."""
        # Members' clients send no such number, but others might, and no column holds it.
        if seq > HIGHEST:
            raise NotFound("receipt")
        return await self._database.read(
            _preview, guild_id, actor_id, seq, part, _cleaned(reason, cause), cause, self._clock()
        )

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
        command, original = await self._database.read(
            _command, guild_id, key, actor_id, seq, part, _cleaned(reason, cause), cause
        )
        if original.kind == SendGift.kind and (event_id := gift_facts(original)["event"]):
            # A goal that the gift helped to reach stays reached.
            await keep_goal(self._database, guild_id, event_id)
        return Reversal(await self._database.writer.submit(command), original)

    async def find(self, guild_id: int, key: str) -> Reversal | None:
        """Return the reversal recorded under `key`, if there is one."""
        return await self._database.read(_find, guild_id, key)


def _cleaned(reason: str, cause: Cause | None) -> str:
    clean_reason = text.clean(reason, REASON_LENGTH)
    # Whoever declines a gift need not say why.
    if not clean_reason and cause is None:
        raise InvalidText("reason", REASON_LENGTH)
    return clean_reason


def _command(
    c: Connection, guild_id: int, key: str, actor_id: int, seq: int, part: int | None, reason: str, cause: Cause | None
) -> tuple[Reverse, Receipt]:
    """Return the command, completed with what the row names, and the receipt of the row. Raise NotFound."""
    receipt = journal.receipt(c, guild_id, seq)
    if receipt is None:
        raise NotFound("receipt")
    (row,) = journal.rows_with(c, [(guild_id, seq)])
    command = Reverse(
        guild_id=guild_id,
        key=key,
        actor_id=actor_id,
        member_id=receipt.other_id if receipt.kind == Grant.kind else receipt.actor_id,
        seq=seq,
        reason=reason,
        part=part,
        holder_ids=tuple({row.actor, other_holder(row)} - {0}),
        item_id=gift_facts(row)["item"] if row.kind == SendGift.kind else 0,
        cause=cause,
    )
    return command, receipt


def _preview(
    c: Connection,
    guild_id: int,
    actor_id: int,
    seq: int,
    part: int | None,
    reason: str,
    cause: Cause | None,
    now_ms: int,
) -> ReversalPreview:
    command, receipt = _command(c, guild_id, "", actor_id, seq, part, reason, cause)
    return ReversalPreview(receipt, dry_run(c, command, now_ms))


def _find(c: Connection, guild_id: int, key: str) -> Reversal | None:
    receipt = journal.find(c, guild_id, key)
    original = journal.receipt(c, guild_id, facts_of(receipt)["of"]) if receipt else None
    return Reversal(receipt, original) if receipt and original else None
