"""The Stripe provider: it opens checkouts, reads what became of them, and sends money back."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from bot.domain.errors import ForgedWebhook
from bot.domain.orders import Observation, Order, PaymentStatus
from bot.domain.prompts import Checkout
from bot.payments import signatures
from bot.payments.provider import (
    Capability,
    ForeignPurchase,
    ProviderError,
    UnknownPurchase,
    UnreadablePurchase,
    WebhookNotice,
)
from bot.payments.stripe import selling
from bot.payments.stripe.api import StripeApi, UnreadableSession
from bot.payments.stripe.errors import UnreadableAnswer
from bot.payments.stripe.events import Event
from bot.payments.stripe.payer import StripePayer
from bot.payments.stripe.places import Place, is_account
from bot.payments.stripe.selling import Mode, Shop
from bot.payments.stripe.sessions import Session

_HOUR_S = 3600


class StripeProvider:
    """A client of Stripe. `guild_ids` are those whose money goes to the operator's account; `connect` needs none.

    `clock` gives milliseconds. With a test key no money moves, so coins that are sold with it are test coins.
    """

    name = selling.NAME
    is_default = True
    capabilities = frozenset({Capability.WEBHOOK, Capability.RECONCILE, Capability.REFUND, Capability.DISPUTE})

    def __init__(
        self,
        secret_key: str,
        webhook_secret: str,
        shop: Shop,
        guild_ids: frozenset[int],
        clock: Callable[[], int],
        url: str,
        *,
        sends_transfers: bool = False,
    ) -> None:
        self._secret_key = secret_key
        self._webhook_secret = webhook_secret
        self._shop = shop
        self._guild_ids = guild_ids
        self._clock = clock
        self._api = StripeApi(secret_key, url)
        self.payer = StripePayer(self._api, guild_ids) if sends_transfers else None
        self._name_of: Callable[[int], str] = lambda _guild_id: ""

    def name_servers(self, name_of: Callable[[int], str]) -> None:
        """Let `name_of` say what a guild is called, "" if it cannot."""
        self._name_of = name_of

    @property
    def test(self) -> bool:
        """Whether the key is a test key."""
        return self._secret_key[2:].startswith("_test_")

    @property
    def needs_account(self) -> bool:
        """Whether each guild sells on an account of its own."""
        return self._shop.mode is Mode.CONNECT

    def serves(self, guild_id: int) -> bool:
        """Whether the operator sells for this guild, or it can sell for itself."""
        return self.needs_account or guild_id in self._guild_ids

    async def start(self, order: Order, account: str) -> Checkout:
        """Open a checkout session, or return the one that the order has if it is open."""
        replaced = ""
        if order.external_id:
            place = Place.parse(order.external_id)
            session = await self._api.session(place)
            if session.status is PaymentStatus.OPEN and session.url:
                return Checkout(str(place), session.url)
            replaced = place.object_id
        if self.needs_account is not is_account(account):
            raise ProviderError("opening a checkout: the guild has no account, or should have none")
        # Within an hour this makes the same request with the same key, for which Stripe opens one session only.
        expires_s = (self._clock() // 1000 // _HOUR_S + 2) * _HOUR_S
        key = f"order:{order.reference}:{expires_s}:{replaced}"
        seal = selling.seal_of(self._secret_key, account, str(order.reference))
        params = selling.session_params(order, self._shop, self._name_of(order.guild_id), expires_s, seal)
        session = await self._api.open_session(account, params, key)
        if not session.url:
            raise ProviderError("opening a checkout: it has no page")
        return Checkout(str(Place(account, session.id)), session.url)

    async def read(self, external_id: str) -> Observation:
        """Return what became of a session, or of the one that led to a payment, charge, refund or dispute."""
        place = Place.parse(external_id)
        return await self._observe(place.account, await self._api.session(place))

    async def changes(self, since_ms: int, accounts: Sequence[str]) -> AsyncIterator[Observation | UnreadablePurchase]:
        """Yield what was opened since `since_ms`, and before that what changed since. One account delays no other.

        Raises UnknownPurchase if a guild has taken its account back.
        """
        failure: ProviderError | None = None
        for account in sorted(set(accounts)) if self.needs_account else [""]:
            try:
                changes = await self._changes_at(account, since_ms // 1000)
            except ProviderError as error:
                failure = error
                continue
            for change in changes:
                yield change
        if failure is not None:
            raise failure

    def verify(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> WebhookNotice | None:
        """Check the signature over the raw body, then return which object the event is about."""
        signatures.verify(self._webhook_secret, headers.get("Stripe-Signature", ""), body, now_ms // 1000)
        try:
            event = Event.parse(body)
        except ValueError as error:
            raise ForgedWebhook("the body is not an event") from error
        if event is None or event.is_live is self.test:
            return None
        account = event.account or event.context if self.needs_account else event.account
        # A platform also gets the events of its accounts, and the other way round.
        if is_account(account) is not self.needs_account:
            return None
        return WebhookNotice(event.event_id, str(Place(account, event.object_id)))

    async def acknowledge(self, external_id: str) -> None:
        """Do nothing: Stripe does not ask."""

    async def refund(self, external_id: str, amount_minor: int, key: str) -> None:
        """Send `amount_minor` of the price back, and the same part of what was added to it."""
        place = Place.parse(external_id)
        session = await self._api.session(place)
        if session.payment_id is None:
            raise ProviderError("refunding: nothing was paid")
        await self._api.refund(place.account, session.payment_id, selling.charged_part(session, amount_minor), key)

    async def onboard(self, guild_id: int, account: str) -> tuple[str, str]:
        """Return a guild's account, a new one if `account` is "", and the address where its staff set it up."""
        account = account or await self._api.new_account(guild_id)
        return account, await self._api.account_link(account, selling.page_of(guild_id))

    async def is_ready(self, account: str) -> bool:
        """Whether a guild's account may take payments, and the bot may still use it."""
        try:
            return await self._api.can_charge(account)
        except UnknownPurchase:
            return False

    async def close(self) -> None:
        """Close the connections to Stripe."""
        await self._api.close()

    async def _changes_at(self, account: str, since_s: int) -> list[Observation | UnreadablePurchase]:
        """Return what changed at one account, oldest purchase first."""
        recent: list[Observation | UnreadablePurchase] = []
        handled: set[str | None] = set()
        async for session in self._api.sessions_since(account, since_s):
            handled.add(session.id)
            if isinstance(session, UnreadableSession):
                recent.append(UnreadablePurchase(self.name, str(Place(account, session.id)), session.why))
            else:
                handled.add(session.payment_id)
                recent += await self._change(account, session)
        earlier: list[Observation | UnreadablePurchase] = []
        async for event in self._api.events_since(account, since_s):
            if event.object_id in handled:
                continue
            handled.add(event.object_id)
            try:
                session = await self._api.session(Place(account, event.object_id))
            except (UnknownPurchase, ForeignPurchase):
                continue
            except UnreadableAnswer as error:
                earlier.append(UnreadablePurchase(self.name, str(Place(account, event.object_id)), str(error)))
                continue
            if session.id not in handled:
                handled |= {session.id, session.payment_id}
                earlier += await self._change(account, session)
        # Stripe lists newest first.
        return [*reversed(earlier), *reversed(recent)]

    async def _change(self, account: str, session: Session) -> list[Observation | UnreadablePurchase]:
        """Return what a session says, if it is one of ours."""
        try:
            return [await self._observe(account, session)]
        except ForeignPurchase:
            return []
        except UnreadableAnswer as error:
            return [UnreadablePurchase(self.name, str(Place(account, session.id)), str(error))]

    async def _observe(self, account: str, session: Session) -> Observation:
        is_disputed = session.charge is not None and session.charge.is_disputed
        disputes = await self._api.disputes(account, session.payment_id) if session.payment_id and is_disputed else []
        return selling.observation_of(session, account, self._secret_key, disputes)
