"""The state machine of orders: for each state and each report of the provider, the next state and what to do.

A report is everything that a provider knows about a payment at one moment. It is read anew for every settlement, so
events may come in any order, twice, or not at all.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Final, NamedTuple


class OrderState(StrEnum):
    """The state of an order. The values are stored. A late payment still credits an order that failed or expired."""

    CREATED = "created"
    """In the books, but its provider has opened no checkout yet."""
    OPEN = "open"
    PENDING = "pending"
    """The money is on its way and may still fail, as with a bank transfer."""
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVIEW = "review"
    """Paid, but it could not be credited. Staff decide about it."""
    CREDITED = "credited"
    ACKNOWLEDGED = "acknowledged"
    """Credited, and its provider has been told so."""
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    WITHDRAWN = "withdrawn"
    """The buyer withdrew, and gave back the coins that were left."""
    DISPUTED = "disputed"
    WON = "won"
    LOST = "lost"


UNPAID: Final = frozenset({OrderState.CREATED, OrderState.OPEN})
"""States of an order that waits for its buyer."""

UNPAID_ENDS: Final = frozenset({OrderState.FAILED, OrderState.EXPIRED, OrderState.CANCELLED})
"""Final states without payment."""

WITHOUT_MONEY: Final = UNPAID_ENDS | {OrderState.REFUNDED}
"""States in which the seller has no money of the buyer. They do not count towards the limit of a package."""

UNDECIDED: Final = UNPAID | {OrderState.PENDING}
"""States that say nothing yet to the buyer who waits."""

CREDITED: Final = frozenset(
    {OrderState.CREDITED, OrderState.ACKNOWLEDGED, OrderState.PARTIALLY_REFUNDED, OrderState.WITHDRAWN, OrderState.WON}
)
"""States whose orders have coins in the journal. Refunded, disputed and lost ones may have, or the money went back
before."""

MONEY_CAME: Final = CREDITED | {OrderState.REFUNDED, OrderState.DISPUTED, OrderState.LOST}
"""States that only a payment leads to. Nothing that a provider says of unpaid checkouts leads out of them."""


class Report(StrEnum):
    """What a provider's report means for an order."""

    OPEN = "open"
    PENDING = "pending"
    FAILED = "failed"
    EXPIRED = "expired"
    DIFFERS = "differs"
    """Paid, but another amount or currency, or play money for real coins."""
    PAID = "paid"
    PARTLY_REFUNDED = "partly"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    WON = "won"
    LOST = "lost"


class Action(Enum):
    """What a report requires of the books. All of them may be repeated."""

    NOTHING = ""
    CREDIT = "+"
    """Add the coins of the order unless they have been added, then do what ADJUST does."""
    ADJUST = "~"
    """Take or give back coins, so that the buyer has those for which the seller still has the money."""
    REVIEW = "!"
    """Open a case for staff."""


class Step(NamedTuple):
    """The next state of an order, and what to do."""

    state: OrderState
    action: Action


# A cell names the next state, a dot stands for the same, and the sign after it is the action.
_TABLE = """
              open  pending  failed  expired  differs  paid       partly    refunded   disputed   won    lost
created       open  pending  failed  expired  review!  credited+  partial+  refunded~  disputed~  won+   lost~
open          .     pending  failed  expired  review!  credited+  partial+  refunded~  disputed~  won+   lost~
pending       .     .        failed  expired  review!  credited+  partial+  refunded~  disputed~  won+   lost~
failed        .     pending  .       .        review!  credited+  partial+  refunded~  disputed~  won+   lost~
expired       .     pending  .       .        review!  credited+  partial+  refunded~  disputed~  won+   lost~
cancelled     .     pending  .       .        review!  credited+  partial+  refunded~  disputed~  won+   lost~
review        .     .        .       .        .!       credited+  partial+  refunded~  disputed~  won+   lost~
credited      .     .        .       .        .!       .+         partial+  refunded~  disputed~  won+   lost~
acknowledged  .     .        .       .        .!       .+         partial+  refunded~  disputed~  won+   lost~
partial       .     .        .       .        .!       credited+  .+        refunded~  disputed~  won+   lost~
refunded      .     .        .       .        .!       credited+  partial+  .~         disputed~  won+   lost~
withdrawn     .     .        .       .        .!       .          .~         .~         disputed~  .~     lost~
disputed      .     .        .       .        .!       credited+  partial+  refunded~  .~         won+   lost~
won           .     .        .       .        .!       .+         partial+  refunded~  disputed~  .+     lost~
lost          .     .        .       .        .!       credited+  partial+  refunded~  disputed~  won+   .~
"""


def _state(name: str) -> OrderState:
    return OrderState.PARTIALLY_REFUNDED if name == "partial" else OrderState(name)


def _step(state: OrderState, cell: str) -> Step:
    name = cell.rstrip("+~!")
    return Step(state if name == "." else _state(name), Action(cell[len(name) :]))


def _parsed(table: str) -> Mapping[tuple[OrderState, Report], Step]:
    header, *rows = (line.split() for line in table.strip().splitlines())
    states = {_state(row[0]): row[1:] for row in rows}
    return {
        (state, Report(column)): _step(state, cell)
        for state, cells in states.items()
        for column, cell in zip(header, cells, strict=True)
    }


STEPS: Final = _parsed(_TABLE)
"""The step from each state after each report."""
