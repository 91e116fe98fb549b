"""How the members of a guild can pay: what its operator has switched on, and what its staff chose of that."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """What a guild's staff chose about one payment provider.

    `account` is the guild's own account there. `secret_hash` is the SHA-256 hash of a secret by which the guild's
    messages from there are recognized. Both are "" without one.
    """

    guild_id: int
    provider: str
    is_on: bool
    account: str = ""
    secret_hash: str = ""


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A payment provider as one guild has it. One that `is_test` takes no real money.

    Members can use it if it `is_offered`: staff want it on, and it has the account that it needs.
    """

    provider: str
    is_test: bool
    needs_account: bool
    is_on: bool
    account: str = ""

    @property
    def is_offered(self) -> bool:
        """Whether members can pay there."""
        return self.is_on and (bool(self.account) or not self.needs_account)
