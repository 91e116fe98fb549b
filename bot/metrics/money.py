"""Counts what is booked, from the receipts of each commit: after it, so that no member waits for this."""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.catalogue import Tier
from bot.domain.ledger.gift import SendGift, facts_of, gift_tier
from bot.domain.ledger.gift_rows import coins_of
from bot.domain.order_states import UNPAID, OrderState
from bot.domain.receipts import Receipt
from bot.services.settlements import Settlement
from bot.tallies import Tally


class MoneyFigures:
    """Gifts by tier, their coins by kind, and orders by provider and the state that they came into.

    `providers` are those whose orders may be decided.
    """

    def __init__(self, providers: Iterable[str]) -> None:
        self.gifts = Tally((tier.value,) for tier in Tier)
        self.coins = Tally((kind,) for kind in ("bought", "promo", "test", "joint"))
        self.orders = Tally((name, state.value) for name in providers for state in OrderState if state not in UNPAID)

    def hear(self, new_receipts: Mapping[int, Sequence[Receipt]]) -> None:
        """Count the gifts among new receipts. A gift from or to several people counts once, by its first row."""
        for receipts in new_receipts.values():
            for receipt in receipts:
                if receipt.kind == SendGift.kind:
                    self._count(receipt)

    async def settled(self, settlement: Settlement) -> None:
        """Count an order that was decided. One whose buyer could not be told is settled, and counted, again."""
        self.orders.add(settlement.order.provider, settlement.order.state.value)

    def _count(self, receipt: Receipt) -> None:
        facts = facts_of(receipt)
        # Members of a StrEnum are the labels themselves: to ask for their values takes longer than to count.
        self.gifts.add(gift_tier(facts))
        if "joint" in facts:
            # The receipt has only the first part, and the coins of the whole.
            self.coins.add("joint", times=coins_of(facts))
        elif receipt.is_test:
            self.coins.add("test", times=facts["coins"])
        else:
            # Few gifts are paid for with both kinds.
            if facts["paid"]:
                self.coins.add("bought", times=facts["paid"])
            if facts["promo"]:
                self.coins.add("promo", times=facts["promo"])
