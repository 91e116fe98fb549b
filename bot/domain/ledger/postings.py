"""Double-entry bookkeeping: coins only ever move from one account to another."""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from bot.domain.accounts import Account


class Posting(NamedTuple):
    """Move `amount` coins, at least 1, from `source` to `destination`. The direction is never expressed by a sign."""

    source: Account
    destination: Account
    amount: int


class Entry(NamedTuple):
    """One leg of a stored transaction: a signed amount on an account."""

    account: Account
    amount: int


def entries_of(postings: Iterable[Posting]) -> tuple[Entry, ...]:
    """Return one entry per account that `postings` change, in a stable order. The amounts sum to zero.

    Raises ValueError for a posting that moves nothing.
    """
    amounts: dict[Account, int] = {}
    for source, destination, amount in postings:
        if amount < 1 or source == destination:
            raise ValueError(f"not a movement of coins: {amount} from {source} to {destination}")
        amounts[source] = amounts.get(source, 0) - amount
        amounts[destination] = amounts.get(destination, 0) + amount
    assert sum(amounts.values()) == 0, amounts
    return tuple([Entry(account, amount) for account, amount in amounts.items() if amount])


def spread(sources: Iterable[tuple[Account, int]], destinations: Iterable[tuple[Account, int]]) -> tuple[Posting, ...]:
    """Return movements that take from each source, and give to each destination, exactly the amount beside it."""
    postings: list[Posting] = []
    waiting = deque((account, coins) for account, coins in destinations if coins)
    for source, coins in sources:
        remaining = coins
        while remaining:
            destination, missing = waiting.popleft()
            portion = min(remaining, missing)
            postings.append(Posting(source, destination, portion))
            remaining -= portion
            if missing > portion:
                waiting.appendleft((destination, missing - portion))
    return tuple(postings)
