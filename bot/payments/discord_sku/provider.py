"""The provider of Discord's SKUs. It reaches Discord through a source that the Discord client connects."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, Protocol

from bot.domain.errors import ForgedWebhook
from bot.domain.ids import id_in
from bot.domain.orders import Order
from bot.domain.packages import Package
from bot.domain.product_purchases import ProductPurchase
from bot.domain.prompts import PremiumButton
from bot.domain.store_prices import Price
from bot.payments.discord_sku.entitlements import NAME, purchase_in
from bot.payments.discord_sku.pages import Page, entitlements
from bot.payments.provider import (
    Capability,
    ProviderError,
    UnknownPurchase,
    UnreadablePurchase,
    WebhookNotice,
)

DISCORD_EPOCH_MS: Final = 1_420_070_400_000

WATCH_MS: Final = 120 * 24 * 3600 * 1000
"""How long a purchase is looked at again: Discord may take one back without saying so."""


class SourceDown(Exception):  # noqa: N818 - a state of affairs
    """Discord did not answer, or refused."""


class EntitlementSource(Protocol):
    """Discord's entitlements of this application, as JSON. Every method raises SourceDown."""

    async def page(self, *, before: int | None, after: int | None) -> Page:
        """Return some of the entitlements between two ids, deleted ones included, in whatever order."""
        ...

    async def find(self, entitlement_id: int) -> Mapping[str, Any] | None:
        """Return one entitlement, None if there is none."""
        ...

    async def consume(self, entitlement_id: int) -> None:
        """Use an entitlement up, so that its user can buy the SKU again. May be repeated."""
        ...


class DiscordSku:
    """Discord's premium apps. `prices` are those of the SKUs, which Discord does not report.

    In test mode, purchases of Discord's test mode bring test coins.
    """

    name = NAME
    needs_account = False
    is_default = True
    capabilities = frozenset({Capability.RECONCILE, Capability.ACKNOWLEDGE, Capability.OWN_REFUNDS})

    def __init__(self, prices: Mapping[str, Price], *, is_test_mode: bool) -> None:
        self.prices = prices
        self.test = is_test_mode
        self._source: EntitlementSource | None = None
        self._has_read_all = False

    def connect(self, source: EntitlementSource) -> None:
        """Reach Discord through `source` from now on."""
        self._source = source

    def serves(self, guild_id: int) -> bool:
        """Serve every guild: the operator has registered the SKUs, and gets the money of all of them."""
        del guild_id
        return True

    def sells(self, package: Package) -> bool:
        """Sell packages that cost what their SKU costs, so that buyers see what Discord will charge."""
        return self.prices.get(package.reference) == (package.price_minor, package.currency)

    async def start(self, order: Order, account: str) -> PremiumButton:
        """Return the button of the order's SKU. Discord knows nothing of the order."""
        del account
        sku_id = id_in(order.product)
        if not sku_id:
            raise ProviderError(f"{order.product!r} is not a SKU")
        return PremiumButton(sku_id)

    async def read(self, external_id: str) -> ProductPurchase:
        """Return the current state of an entitlement."""
        try:
            entitlement = await self._connected.find(int(external_id))
            if entitlement is None:
                raise UnknownPurchase(f"Discord has no entitlement {external_id}")
            return self._purchase_in(entitlement)
        except (SourceDown, ValueError) as error:
            raise ProviderError(f"entitlement {external_id}: {error}") from error

    async def changes(
        self, since_ms: int, accounts: Sequence[str]
    ) -> AsyncIterator[ProductPurchase | UnreadablePurchase]:
        """Yield every entitlement of the last WATCH_MS before `since_ms`, and all entitlements at the first call."""
        del accounts
        after = max(since_ms - WATCH_MS - DISCORD_EPOCH_MS, 0) << 22 if self._has_read_all else None
        try:
            async for entitlement in entitlements(self._connected.page, after):
                try:
                    yield self._purchase_in(entitlement)
                except ValueError as error:
                    yield UnreadablePurchase(NAME, str(entitlement.get("id"))[:20], str(error))
        except SourceDown as error:
            raise ProviderError(f"the list of entitlements: {error}") from error
        self._has_read_all = True

    def verify(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> WebhookNotice:
        """Accept nothing: Discord reports purchases over its gateway."""
        del headers, body, now_ms
        raise ForgedWebhook("Discord sends no webhooks here")

    async def acknowledge(self, external_id: str) -> None:
        """Use the entitlement up."""
        try:
            await self._connected.consume(int(external_id))
        except SourceDown as error:
            raise ProviderError(f"entitlement {external_id} was not used up: {error}") from error

    async def refund(self, external_id: str, amount_minor: int, key: str) -> None:
        """Refuse: only Discord itself sends money back."""
        del amount_minor, key
        raise ProviderError(f"entitlement {external_id} can be refunded only by Discord")

    async def close(self) -> None:
        """Do nothing: the client closes its own connections."""

    @property
    def _connected(self) -> EntitlementSource:
        if self._source is None:
            raise ProviderError("not connected to Discord yet")
        return self._source

    def _purchase_in(self, entitlement: Mapping[str, Any]) -> ProductPurchase:
        return purchase_in(entitlement, is_test_mode=self.test)
