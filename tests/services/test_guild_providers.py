"""Payment methods: what the operator switches on, what a guild's staff choose of that, and where an order goes."""

from collections.abc import AsyncIterator, Sequence

import pytest

from bot.domain.buying_errors import NothingForSale, ProviderOff
from bot.domain.errors import NotFound
from bot.domain.order_states import OrderState
from bot.domain.orders import Observation, Order
from bot.domain.prompts import Checkout
from bot.payments.provider import ProviderError, UnknownPurchase, UnreadablePurchase
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.stores import guilds
from tests.services.paying import GUILD, UNSERVED, Till, order
from tests.storage.town import DAY, HOUR, Clock

OTHER_GUILD = 8


class Bank(Till):
    """A provider where each guild has an account of its own. `asked` says since when each was last asked for changes.

    An account in `failures` cannot be asked.
    """

    asked: dict[str, int]
    failures: dict[str, ProviderError]

    async def start(self, order: Order, account: str) -> Checkout:
        checkout = await super().start(order, account)
        return Checkout(checkout.external_id, f"{checkout.url}?account={account}")

    async def changes(self, since_ms: int, accounts: Sequence[str]) -> AsyncIterator[Observation | UnreadablePurchase]:
        (account,) = accounts
        if account in self.failures:
            raise self.failures[account]
        self.asked[account] = since_ms
        async for change in super().changes(since_ms, accounts):
            yield change


@pytest.fixture
def bank() -> Bank:
    bank = Bank(name="bank", needs_account=True, is_default=False)
    bank.asked, bank.failures = {}, {}
    return bank


@pytest.fixture
async def shop(database: Database, clock: Clock, till: Till, bank: Bank) -> Services:
    """The services with two providers: one that every guild has, and one that needs an account."""
    services = build(database, [till, bank], clock)
    for guild_id in (GUILD, OTHER_GUILD, UNSERVED):
        await services.guilds.welcome(guild_id)
    return services


async def offered(services: Services, guild_id: int = GUILD) -> list[str]:
    """Return the names of what members can pay with."""
    return [method.provider for method in await services.guild_providers.offered(guild_id)]


async def state(services: Services, order_id: int = 500) -> OrderState:
    """Return the state of an order."""
    order = await services.orders.find(GUILD, order_id)
    assert order is not None
    return order.state


async def test_a_guild_begins_with_what_needs_no_setup(shop: Services) -> None:
    assert await offered(shop) == ["till"]


async def test_a_guild_has_nothing_that_the_operator_keeps_from_it(shop: Services) -> None:
    assert "till" not in await offered(shop, UNSERVED)
    with pytest.raises(NotFound):
        await shop.guild_providers.choose(UNSERVED, ["till"])
    with pytest.raises(NothingForSale):
        await shop.orders.offer(UNSERVED, 11)


async def test_what_needs_an_account_is_offered_once_it_has_one(shop: Services) -> None:
    await shop.guild_providers.choose(GUILD, ["till", "bank"])
    before = await offered(shop)
    await shop.guild_providers.connect(GUILD, "bank", "acct_7")

    assert (before, await offered(shop)) == (["till"], ["till", "bank"])
    assert await offered(shop, OTHER_GUILD) == ["till"]


async def test_an_account_is_still_there_when_its_provider_is_switched_on_again(shop: Services) -> None:
    await shop.guild_providers.connect(GUILD, "bank", "acct_7")
    await shop.guild_providers.choose(GUILD, [])
    nothing = await offered(shop)
    await shop.guild_providers.choose(GUILD, ["bank"])

    assert (nothing, await offered(shop)) == ([], ["bank"])


async def test_an_order_is_paid_where_its_buyer_chose_at_the_guilds_own_account(shop: Services, bank: Bank) -> None:
    await shop.guild_providers.connect(GUILD, "bank", "acct_7")
    opening = await order(shop, provider="bank")

    assert opening.prompt == Checkout("till-500", "https://till.example/till-500?account=acct_7")
    assert opening.order.provider == "bank"
    assert [*bank.purchases] == ["till-500"]


async def test_an_order_at_a_provider_that_was_switched_off_is_refused(shop: Services, till: Till) -> None:
    await shop.guild_providers.choose(GUILD, [])

    with pytest.raises(ProviderOff):
        await order(shop)
    assert till.purchases == {}


async def test_who_chooses_another_payment_method_has_one_open_order(shop: Services) -> None:
    await shop.guild_providers.connect(GUILD, "bank", "acct_7")
    await order(shop, 500)
    await order(shop, 501, provider="bank")

    assert await state(shop, 500) is OrderState.CANCELLED
    assert await state(shop, 501) is OrderState.OPEN


async def test_what_was_opened_before_a_provider_was_switched_off_is_still_credited(shop: Services, till: Till) -> None:
    await order(shop)
    await shop.guild_providers.choose(GUILD, [])
    till.becomes("till-500", "paid")
    await shop.payment_events.reconcile(0)

    assert await state(shop) is OrderState.CREDITED


async def test_a_reconciliation_asks_about_the_accounts_of_all_guilds(shop: Services, bank: Bank) -> None:
    await shop.guild_providers.connect(GUILD, "bank", "acct_7")
    await shop.guild_providers.connect(OTHER_GUILD, "bank", "acct_8")
    await shop.guild_providers.choose(OTHER_GUILD, [])
    await shop.payment_events.reconcile(0)

    assert bank.asked == {"acct_7": 0, "acct_8": 0}


@pytest.mark.parametrize("failure", [UnknownPurchase("taken back"), ProviderError("answered with 403")])
async def test_an_account_that_cannot_be_asked_delays_no_other_and_is_asked_about_all_of_it_later(
    shop: Services, bank: Bank, clock: Clock, failure: ProviderError
) -> None:
    for guild_id, account in ((GUILD, "acct_7"), (OTHER_GUILD, "acct_8")):
        await shop.guild_providers.connect(guild_id, "bank", account)
    await shop.payment_events.reconcile(clock.now_ms)
    began_ms = clock.now_ms
    bank.failures["acct_7"] = failure
    for _ in range(7):
        clock.now_ms += DAY
        await shop.payment_events.reconcile(clock.now_ms - HOUR)
    since_ms = clock.now_ms - DAY - HOUR
    assert bank.asked["acct_8"] == since_ms
    bank.failures.clear()
    await shop.payment_events.reconcile(clock.now_ms)

    assert bank.asked["acct_7"] == began_ms - HOUR


async def test_a_provider_that_can_say_nothing_about_any_account_has_failed(shop: Services, bank: Bank) -> None:
    await shop.guild_providers.connect(GUILD, "bank", "acct_7")
    bank.failures["acct_7"] = ProviderError("answered with 503")

    with pytest.raises(ProviderError):
        await shop.payment_events.reconcile(0)


async def test_an_order_keeps_what_its_package_was_called_at_the_provider(shop: Services) -> None:
    await shop.packages.edit(GUILD, 1, reference="sku-1")
    await order(shop)
    await shop.packages.edit(GUILD, 1, reference="sku-2")
    first_order = await shop.orders.find(GUILD, 500)

    assert first_order is not None
    assert first_order.product == "sku-1"


async def money_since(database: Database) -> int | None:
    rules = await database.read(guilds.rules, GUILD)
    assert rules is not None
    return rules.money_since_ms


async def test_a_guild_knows_since_when_its_members_can_pay_with_real_money(
    database: Database, clock: Clock, till: Till, bank: Bank
) -> None:
    # The till takes no real money, the bank does.
    bank.test = False
    services = build(database, [till, bank], clock)
    await services.guilds.welcome(GUILD)
    assert await money_since(database) is None

    await services.guild_providers.connect(GUILD, "bank", "IBAN")
    since_ms = clock.now_ms
    clock.now_ms += 1_000
    await services.guild_providers.choose(GUILD, ["till", "bank"])
    await services.guilds.welcome(GUILD)
    assert await money_since(database) == since_ms

    await services.guild_providers.choose(GUILD, ["till"])
    assert await money_since(database) is None
    await services.guild_providers.choose(GUILD, ["bank"])
    assert await money_since(database) == clock.now_ms

    # An operator who switches it off ends that with the next start.
    await build(database, [till], clock).guilds.welcome(GUILD)
    assert await money_since(database) is None
