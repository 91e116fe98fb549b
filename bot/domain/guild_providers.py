"""How the members of a guild can pay: the methods that the operator has switched on, and its staff's choice of them."""

import hashlib
from dataclasses import dataclass, replace


def hash_secret(provider: str, secret: str) -> str:
    """Return the stored form of a guild's secret. Providers make secrets at random, so no salt is needed."""
    return hashlib.sha256(f"{provider}:{secret.strip()}".encode(errors="replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """What a guild's staff chose about one payment provider.

    `account` is the guild's own account there. `secret_hash` is the SHA-256 hash of a secret by which the guild's
    messages from there are recognized. Both are "" without one. `confirmations` is how many people it takes if staff
    confirm payments, None for the usual number.
    """

    guild_id: int
    provider: str
    is_on: bool
    account: str = ""
    secret_hash: str = ""
    confirmations: int | None = None


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
    has_secret: bool = False
    confirmations: int | None = None

    @property
    def is_offered(self) -> bool:
        """Whether members can pay there."""
        return self.is_on and (bool(self.account) or not self.needs_account)

    def chosen(self, choice: ProviderChoice | None) -> "PaymentMethod":
        """Return the method as staff chose it, if they have."""
        if choice is None:
            return self
        return replace(
            self,
            is_on=choice.is_on,
            account=choice.account,
            has_secret=bool(choice.secret_hash),
            confirmations=choice.confirmations,
        )
