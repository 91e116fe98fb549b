"""Stripe in connect mode over both wires: staff connect an account, a member buys, and the money goes back."""

from sandbox.stripe import accounts, payments, refunds
from tests import books
from tests.bot.buying import buy_package, link_of
from tests.bot.test_journeys import wait_text
from tests.bot.test_payment_methods import payments_page
from tests.rig import Rig


async def test_a_server_sells_at_its_own_stripe_account(own_rig: Rig) -> None:
    await own_rig.start_bot(PAYMENT_PROVIDERS="stripe", STRIPE_MODE="connect")
    town = await own_rig.found_town()
    platform = own_rig.stripe.platform
    panel = await payments_page(town.sam)
    first = await (await town.sam.click(panel, "Connect Stripe")).message()
    (account,) = platform.connected.values()
    accounts.complete(account)
    ready = await (await town.sam.click(panel, "Connect Stripe")).message()
    purchase = await buy_package(town, "70 ")
    session_id = link_of(purchase).rpartition("/")[2]
    place = platform.find_session(session_id)
    assert place is not None
    payments.act(*place, "pay")
    await wait_text(purchase, r"Receipt #1\b")
    balance = (await (await town.mia.slash("balance")).message()).text
    (charge,) = account.all("charge")
    refunds.create(account, {"charge": charge["id"]})
    await wait_text(purchase, "Your payment was refunded")

    assert f"/stripe/connect/{account.id}/" in link_of(first)
    assert "is ready" in ready.text
    assert place[0] is account
    assert "70" in balance
    assert books.only_value(own_rig.database, "SELECT external_id FROM orders") == f"{account.id}/{session_id}"
    assert not any("Traceback" in line or "ERROR" in line for line in own_rig.bot.lines)
