"""SKUs and entitlements: what the application sells on Discord itself."""

from enum import Enum

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Entitlement, Guild, Sku, User
from sandbox.discord.model.commerce import CONSUMABLE, EntitlementType
from sandbox.discord.state.core import State


class AlreadyOwnedError(Exception):
    """The user has this item and has to use it up first. Discord's client offers no second one until then."""


class PageOrder(Enum):
    """Which entitlements a page has, and in which order. Discord documents none of this."""

    NEAREST = "nearest"
    """Those next to `before` or `after`, and the newest without either."""
    NEWEST_FIRST = "newest"
    OLDEST_FIRST = "oldest"


class Shop(State):
    """The SKUs and entitlements of the world. Purchases in test mode obey the rules of real ones."""

    page_order = PageOrder.NEAREST
    is_test_shop = False
    """Whether everybody buys in the application's test mode, in which nothing costs money."""

    def add_sku(
        self, name: str, *, price_minor: int, currency: str = "usd", sku_type: int = 3, sku_id: int | None = None
    ) -> Sku:
        """Create a SKU, by default a consumable one."""
        sku = Sku(sku_id or self.new_id(), self.application.id, name, sku_type, price_minor, currency)
        self.skus[sku.id] = sku
        return sku

    def owned(self, user: User, sku: Sku) -> Entitlement | None:
        """Return a user's entitlement to a SKU that is neither used up nor revoked."""
        return next(
            (
                entitlement
                for entitlement in reversed(self.entitlements.values())
                if (entitlement.user_id, entitlement.sku_id) == (user.id, sku.id)
                and not (entitlement.consumed or entitlement.deleted)
            ),
            None,
        )

    def buy(
        self,
        user: User,
        sku: Sku,
        *,
        kind: int = EntitlementType.PURCHASE,
        guild: Guild | None = None,
        events: int = 1,
    ) -> Entitlement:
        """Give a user a SKU; raises AlreadyOwnedError. A gift of another user is of the `kind` USER_GIFT.

        The gateway event comes `events` times: never, so that only a list has the purchase, or more than once.
        """
        if sku.type == CONSUMABLE and self.owned(user, sku):
            raise AlreadyOwnedError(sku.name)
        entitlement = Entitlement(
            self.new_id(), sku.id, self.application.id, user.id, guild_id=guild.id if guild else None, type=kind
        )
        self.entitlements[entitlement.id] = entitlement
        for _ in range(events):
            self._entitlement_event("create", entitlement)
        return entitlement

    def consume(self, entitlement: Entitlement) -> None:
        """Use a purchase up, after which its user can buy the item again."""
        entitlement.consumed = True
        self._entitlement_event("update", entitlement)

    def refund(self, entitlement: Entitlement, *, events: int = 1) -> None:
        """Refund a purchase, which marks it as deleted. Discord may send the event, or never."""
        entitlement.deleted = True
        for _ in range(events):
            self._entitlement_event("delete", entitlement)

    def _entitlement_event(self, change: str, entitlement: Entitlement) -> None:
        data: JSON = entitlement.to_json()
        self.dispatch(f"ENTITLEMENT_{change.upper()}", data)
        self.notify(f"entitlement_{change}", data, only_for=entitlement.user_id)
