"""Collects the evidence for a disputed payment from the books, and from its provider when it must be handed in."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from bot.domain.errors import NotFound
from bot.domain.evidence import Evidence, Spending
from bot.domain.ledger.gift import SendGift
from bot.domain.lots import unlisted
from bot.domain.orders import Observation, Order
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.domain.receipts import Receipt
from bot.payments.provider import Provider, ProviderError
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import lots, orders, payment_cases, reversals, wallets

log = logging.getLogger(__name__)

READ_S = 5.0
"""How long a provider may take. Without its answer the evidence lacks only the date that it is due."""

PAGE = 500
MOST_ROWS = 20_000
"""Rows of a buyer's history that are read. Nobody tells a bank about more gifts than that."""


class EvidencePacks:
    """The use-case of answering a dispute."""

    def __init__(self, database: Database, clock: Callable[[], int], providers: Sequence[Provider]) -> None:
        self._database = database
        self._clock = clock
        self._providers = {provider.name: provider for provider in providers}

    async def collect(self, guild_id: int, case_id: int) -> Evidence:
        """Return the evidence for the dispute of a case; raise NotFound if there is no such dispute."""
        case, order = await self._database.read(_disputed, guild_id, case_id)
        observation = await self._read(case)
        return await self._database.read(_evidence, case, order, observation, self._clock())

    async def _read(self, case: PaymentCase) -> Observation | None:
        provider = self._providers.get(case.provider)
        if provider is None:
            return None
        try:
            async with asyncio.timeout(READ_S):
                report = await provider.read(case.external_id)
        except (ProviderError, TimeoutError) as error:
            log.info("Provider %s does not say when evidence for %s is due: %r", case.provider, case.external_id, error)
            return None
        return report if isinstance(report, Observation) else None


def _disputed(c: Connection, guild_id: int, case_id: int) -> tuple[PaymentCase, Order]:
    case = payment_cases.case(c, guild_id, case_id)
    order = orders.order(c, guild_id, case.order_id) if case is not None else None
    if case is None or order is None or case.kind is not CaseKind.DISPUTED:
        raise NotFound("case")
    return case, order


def _evidence(c: Connection, case: PaymentCase, order: Order, observation: Observation | None, now_ms: int) -> Evidence:
    credit = journal.find(c, order.guild_id, order.key)
    gifts = tuple(_gifts_from(c, order, credit)) if credit is not None else ()
    return Evidence(case, order, credit, gifts, tuple(orders.undisputed_before(c, order)), observation, now_ms)


def _gifts_from(c: Connection, order: Order, credit: Receipt) -> list[Spending]:
    """Return the gifts that took coins from the lot of an order, oldest first."""
    spendings: list[Spending] = []
    seq = credit.seq
    for _ in range(MOST_ROWS // PAGE):
        seqs = wallets.rows_that_took_coins(c, order.guild_id, order.member_id, after=seq, limit=PAGE)
        receipts = sorted(journal.receipts_with(c, order.guild_id, seqs), key=lambda row: row.seq)
        gifts = [receipt for receipt in receipts if receipt.kind == SendGift.kind]
        keys = [(order.guild_id, gift.seq) for gift in gifts]
        old_lots, undone = lots.unlisted(c, keys), reversals.parts_of(c, keys)
        for gift in gifts:
            key = (gift.guild_id, gift.seq)
            taken = unlisted(gift.facts["lots"]) if "lots" in gift.facts else old_lots.get(key, ())
            coins = sum(lot.coins for lot in taken if lot.seq == credit.seq)
            if coins:
                spendings.append(Spending(gift, coins, undone.get(key, 0)))
        # Coins of a gift that was taken back may have been spent again, so the search goes on.
        if len(seqs) < PAGE or sum(spending.coins for spending in spendings if not spending.undone) >= order.coins:
            break
        seq = seqs[-1]
    return spendings
