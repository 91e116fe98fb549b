"""SKUs and entitlements: what the application sells on Discord itself."""

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Entitlement, Guild, Sku, User
from sandbox.discord.model.commerce import PURCHASE, TEST_MODE_PURCHASE
from sandbox.discord.state.core import State


class Shop(State):
    """The SKUs and entitlements of the world."""

    def add_sku(self, name: str, *, price_minor: int, currency: str = "usd", sku_type: int = 3) -> Sku:
        """Create a SKU, by default a consumable one."""
        sku = Sku(self.new_id(), self.application.id, name, sku_type, price_minor, currency)
        self.skus[sku.id] = sku
        return sku

    def buy(
        self, user: User, sku: Sku, *, guild: Guild | None = None, test: bool = False, with_event: bool = True
    ) -> Entitlement:
        """Buy a SKU. Without `with_event` the gateway event is lost, so that only polling finds the purchase."""
        entitlement = Entitlement(
            self.new_id(),
            sku.id,
            self.application.id,
            user.id,
            guild_id=guild.id if guild else None,
            type=TEST_MODE_PURCHASE if test else PURCHASE,
        )
        self.entitlements[entitlement.id] = entitlement
        if with_event:
            self._entitlement_event("create", entitlement)
        return entitlement

    def change_entitlement(self, entitlement: Entitlement, *, consumed: bool | None = None) -> None:
        """Mark a purchase as consumed (or not) and send the update."""
        entitlement.consumed = entitlement.consumed if consumed is None else consumed
        self._entitlement_event("update", entitlement)

    def refund(self, entitlement: Entitlement) -> None:
        """Refund a purchase, which marks it as deleted."""
        entitlement.deleted = True
        self._entitlement_event("delete", entitlement)

    def _entitlement_event(self, change: str, entitlement: Entitlement) -> None:
        data: JSON = entitlement.to_json()
        self.dispatch(f"ENTITLEMENT_{change.upper()}", data)
        self.notify(f"entitlement_{change}", data, only_for=entitlement.user_id)
