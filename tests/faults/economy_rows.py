"""What the model of the economy remembers of rows: how much of each came back, and what became of payouts."""

from dataclasses import dataclass


@dataclass
class Original:
    """A row that staff may take back: pieces of a gift, or coins. `reversed` of the `whole` came back so far."""

    seq: int
    kind: str
    member: int
    whole: int
    paid: int = 0
    share: int = 0
    price: int = 1
    creator: int = 0
    is_test: bool = False
    reversed: int = 0

    def account(self, name: str) -> str:
        """Return the kind of account that has this name for other coins."""
        return kind_of(name, is_test=self.is_test)

    def falls_to(self, coins: int, part: int) -> int:
        """Return how many of all `coins` fall to the next `part`, so that all parts are the whole."""
        return coins * (self.reversed + part) // self.whole - coins * self.reversed // self.whole


@dataclass
class Asked:
    """A payout that a creator has asked for, and who has approved it, 0 for nobody."""

    seq: int
    creator: int
    diamonds: int
    approved_by: int = 0
    is_open: bool = True


def kind_of(name: str, *, is_test: bool) -> str:
    """Return the kind of account: what other coins have by this name, test coins have by another."""
    return {"paid": "test"}.get(name, f"test_{name}") if is_test else name
