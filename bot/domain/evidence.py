"""Evidence for a disputed payment: what the buyer agreed to, what they got, and what the coins bought."""

from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.orders import Observation, Order
from bot.domain.payment_cases import PaymentCase
from bot.domain.receipts import Receipt


class Spending(NamedTuple):
    """A gift, and how many of its coins come from the disputed purchase. `undone` pieces of it were taken back."""

    gift: Receipt
    coins: int
    undone: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that our records say about a disputed payment.

    `credit` is the receipt of the coins, None if none were added. `gifts` are what the coins bought, oldest first.
    `earlier` are the buyer's earlier orders that nobody disputed, oldest first. `observation` is what the provider says
    now, None if it does not answer.
    """

    case: PaymentCase
    order: Order
    credit: Receipt | None
    gifts: tuple[Spending, ...]
    earlier: tuple[Order, ...]
    observation: Observation | None
    collected_ms: int

    @property
    def spent_coins(self) -> int:
        """The coins of the purchase that went into gifts."""
        return sum(spending.coins for spending in self.gifts)

    @property
    def creator_ids(self) -> list[int]:
        """The creators who received the gifts, without those who were erased, in the order of their first gift."""
        return [*dict.fromkeys(spending.gift.other_id for spending in self.gifts if spending.gift.other_id)]

    @property
    def due_ms(self) -> int | None:
        """When the provider needs an answer, None if it does not say."""
        disputes = self.observation.disputes if self.observation is not None else ()
        return min((dispute.due_ms for dispute in disputes if dispute.due_ms is not None), default=None)
