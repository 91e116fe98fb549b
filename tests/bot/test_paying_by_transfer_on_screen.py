"""A payout by Stripe transfer over both wires: staff and a creator set it up, and the second of two people sends it."""

from sandbox.stripe import accounts, money
from tests import books
from tests.bot.buying import labels
from tests.bot.noted_shop import confirm, opened_order, order_by, payments_page, set_up_manual
from tests.bot.test_journeys import wait_text
from tests.bot.test_payouts_on_screen import ask, opened, send_form
from tests.rig import Rig


async def test_a_payout_is_sent_through_stripe_by_the_second_of_two(own_rig: Rig) -> None:
    await own_rig.start_bot(PAYMENT_PROVIDERS="manual")
    town = await own_rig.found_town()
    await own_rig.stop_bot()
    stripe = {"STRIPE_GUILDS": str(town.guild.id), "STRIPE_TRANSFERS": "true"}
    await own_rig.start_bot(PAYMENT_PROVIDERS="manual,stripe", **stripe)
    await (await town.sam.slash("packages edit", package="1", archived=False)).message()
    await set_up_manual(town.olive, people="1")
    await send_form(town.olive, await payments_page(town.olive), "Payouts", "10", "2")
    page = await send_form(town.olive, await payments_page(town.olive), "Payouts through Stripe", "100", "USD")
    await town.approve(town.noor)
    panel, code = await order_by(town, "manual")
    await confirm(town.sam, await opened_order(town.sam, code), "7XY")
    await wait_text(panel, r"Receipt #1\b")
    await town.give(town.mia, "Warm Heart", town.noor, count=7)
    request = await ask(town)
    first = await (await town.noor.click(request, "Get paid through Stripe")).message()
    (account,) = own_rig.stripe.platform.connected.values()
    accounts.complete(account)
    ready = await (await town.noor.click(request, "Get paid through Stripe")).message()
    assert "that is $3.00." in request.text
    approval = await (await town.sam.click(await opened(town.sam), "Approve")).message()
    by_first = labels(approval)
    question = await (await town.olive.click(await opened(town.olive), "Send through Stripe")).message()
    question_text = question.text
    refusal = await (await town.olive.click(question, "Send $3.00")).message()
    refusal_text = refusal.text
    money.book(own_rig.stripe.platform.own, "topup", 1_000, "usd", source="tu_1")
    question = await (await town.olive.click(refusal, "Send through Stripe")).message()
    receipt = await (await town.olive.click(question, "Send $3.00")).message()

    assert "Sent through Stripe: $100.00 for 💎\xa01,000." in page.text
    assert "on Stripe's own page" in first.text
    assert "Your Stripe account is ready." in ready.text
    assert "Send through Stripe" not in by_first
    assert "gets **$3.00** for 💎\xa030." in question_text
    assert "Nothing was sent, and the payout is still approved." in refusal_text
    assert "doesn't have enough money available" in refusal_text
    (transfer,) = own_rig.stripe.platform.own.all("transfer")
    assert transfer["id"] in receipt.text.replace("\\", "")
    assert "Sent through Stripe: $3.00" in receipt.text
    assert "💎\xa030 · $3.00" in receipt.text
    assert (transfer["amount"], transfer["destination"]) == (300, account.id)
    assert books.only_value(own_rig.database, "SELECT state FROM payouts") == "paid"
    assert not any("Traceback" in line or "ERROR" in line for line in own_rig.bot.lines)
