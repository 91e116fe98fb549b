"""The hosted pages of the pretend Stripe: checkout, onboarding, and the merchant's dashboard."""

import re

import pytest

from tests.sandbox.stripe_desk import ITEM

DASHBOARD = "/stripe/dashboard"


async def look(desk, url):
    """Return a page."""
    async with desk.session.get(url if url.startswith("http") else desk.root + url) as response:
        assert response.status == 200, response.status
        return await response.text()


async def press(desk, url, action, object_id="", origin=None, follow=True):
    """Press a button of a page; return the status and the page that follows."""
    address = url if url.startswith("http") else desk.root + url
    data = {"action": action, **({"id": object_id} if object_id else {})}
    headers = {"Origin": origin or desk.root}
    async with desk.session.post(address, data=data, headers=headers, allow_redirects=follow) as response:
        return response.status, await response.text()


async def charge_of(desk, session):
    return (await desk.read(session.id)).payment_intent.latest_charge


async def test_the_page_says_what_is_sold_and_that_no_money_moves(desk):
    price = {**ITEM["price_data"], "product_data": {"name": "<b>350 coins</b>"}}
    session = await desk.open(line_items=[{"price_data": price, "quantity": 2}])

    page = await look(desk, session.url)

    assert "No real money" in page
    assert "&lt;b&gt;350 coins&lt;/b&gt; × 2" in page
    assert "Pay $9.98" in page
    assert 'href="https://shop.example/">Close</a>' in page


@pytest.mark.parametrize(
    ("action", "words", "status", "payment_status"),
    [
        ("pay", "Paid.", "complete", "paid"),
        ("pay-converted", "as €4.59", "complete", "paid"),
        ("pay-half", "$2.49", "complete", "paid"),
        ("pay-later", "on its way", "complete", "unpaid"),
        ("decline", "declined", "open", "unpaid"),
    ],
)
async def test_each_button_does_what_it_says(desk, action, words, status, payment_status):
    session = await desk.open(adaptive_pricing={"enabled": True})

    _, page = await press(desk, session.url, action)
    session = await desk.read(session.id)

    assert words in page
    assert (session.status, session.payment_status) == (status, payment_status)


async def test_a_second_press_pays_nothing_twice(desk):
    session = await desk.open()

    await press(desk, session.url, "pay")
    status, page = await press(desk, session.url, "pay")

    assert (status, "Paid." in page) == (200, True)
    assert len((await desk.client.v1.charges.list_async()).data) == 1


async def test_the_transfer_arrives_or_bounces_on_the_page(desk):
    for action, words in (("arrive", "Paid."), ("bounce", "returned the transfer")):
        session = await desk.open()
        await press(desk, session.url, "pay-later")
        _, page = await press(desk, session.url, action)
        assert words in page


async def test_after_paying_the_page_leads_to_the_shop_with_the_session(desk):
    session = await desk.open(success_url="https://shop.example/?s={CHECKOUT_SESSION_ID}")

    _, page = await press(desk, session.url, "pay")

    assert f'href="https://shop.example/?s={session.id}"' in page


async def test_an_expired_session_has_no_buttons(desk):
    session = await desk.open(expires_at=1_800_000_000 + 1800)
    desk.clock.ms += 1800 * 1000

    page = await look(desk, session.url)

    assert "has expired" in page
    assert "<form" not in page


async def test_another_site_cannot_press_a_button(desk):
    session = await desk.open()

    for url, action in ((session.url, "pay"), (DASHBOARD, "switch")):
        assert (await press(desk, url, action, origin="https://elsewhere.example"))[0] == 403

    assert (await desk.read(session.id)).status == "open"
    assert desk.server.destination.is_on


@pytest.mark.parametrize("url", ["/stripe/pay/cs_test_none", "/stripe/connect/acct_none/none"])
async def test_there_is_no_page_for_what_does_not_exist(desk, url):
    assert (await press(desk, url, "pay"))[0] == 404


async def test_onboarding_completes_an_account_once(desk):
    account = await desk.client.v1.accounts.create_async({"type": "standard"})
    link = await desk.client.v1.account_links.create_async(
        {
            "account": account.id,
            "type": "account_onboarding",
            "return_url": "https://shop.example/back",
            "refresh_url": "https://shop.example/again",
        }
    )

    _, page = await press(desk, link.url, "complete")
    await press(desk, link.url, "incomplete")

    assert 'href="https://shop.example/back"' in page
    assert (await desk.client.v1.accounts.retrieve_async(account.id)).charges_enabled
    assert [event["type"] for event in await desk.heard(1)] == ["account.updated"]


@pytest.mark.parametrize(
    ("action", "is_submitted", "words"),
    [("incomplete", True, "one more document"), ("leave", False, "Not finished")],
)
async def test_onboarding_can_stay_unfinished(desk, action, is_submitted, words):
    account = await desk.client.v1.accounts.create_async({"type": "standard"})
    link = desk.server.platform.create_link(
        {"account": account.id, "return_url": "https://a.example", "refresh_url": "https://b.example"}, desk.root
    )

    _, page = await press(desk, link["url"], action)
    account = await desk.client.v1.accounts.retrieve_async(account.id)

    assert words in page
    assert (account.details_submitted, account.charges_enabled) == (is_submitted, False)


async def test_a_link_that_is_too_old_leads_to_where_a_new_one_is_made(desk):
    account = await desk.client.v1.accounts.create_async({"type": "standard"})
    link = desk.server.platform.create_link(
        {"account": account.id, "return_url": "https://a.example", "refresh_url": "https://b.example/again"}, desk.root
    )
    desk.clock.ms += 301 * 1000

    async with desk.session.get(link["url"], allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "https://b.example/again")


async def test_the_dashboard_refunds_and_disputes(desk):
    session = await desk.sell()
    charge_id = session.payment_intent.latest_charge.id

    _, page = await press(desk, DASHBOARD, "refund-half", charge_id)
    assert "$2.49 refunded" in page
    await press(desk, DASHBOARD, "dispute", charge_id)
    [dispute] = (await desk.client.v1.disputes.list_async()).data
    _, page = await press(desk, DASHBOARD, "win", dispute.id)
    assert "dispute won" in page
    await press(desk, DASHBOARD, "refund", charge_id)
    await press(desk, DASHBOARD, "refund", charge_id)

    charge = await charge_of(desk, session)
    assert (charge.amount_refunded, charge.refunded, charge.disputed) == (499, True, True)
    assert dispute.amount == 250


async def test_a_slow_refund_of_the_dashboard_can_fail(desk):
    session = await desk.sell()

    _, page = await press(desk, DASHBOARD, "refund-slowly", session.payment_intent.latest_charge.id)
    assert "refund pending" in page
    [refund] = (await desk.client.v1.refunds.list_async()).data
    await press(desk, DASHBOARD, "refund-fails", refund.id)

    assert (await charge_of(desk, session)).amount_refunded == 0


async def test_the_dashboard_loses_a_webhook_and_redelivers_it(desk):
    await press(desk, DASHBOARD, "lose-next")
    session = await desk.sell()
    page = await look(desk, DASHBOARD)
    assert ">lost<" in page

    [event_id] = re.findall(r'name="id" value="(evt_[^"]+)"', page)
    await press(desk, DASHBOARD, "redeliver", event_id)

    [event] = await desk.heard(1)
    assert (event["id"], event["data"]["object"]["id"]) == (event_id, session.id)


async def test_the_dashboard_holds_webhooks_back_and_releases_them(desk):
    await press(desk, DASHBOARD, "both")
    await press(desk, DASHBOARD, "hold")
    await desk.sell()
    assert "Release 2, newest first" in await look(desk, DASHBOARD)

    await press(desk, DASHBOARD, "release")

    assert len(await desk.heard(2)) == 2


async def test_half_a_price_is_what_the_session_says(desk):
    session = await desk.open()

    desk.press(session.id, "pay-half")
    session = await desk.read(session.id)

    assert (session.amount_subtotal, session.amount_total, session.payment_intent.amount) == (249, 249, 249)


async def test_a_payment_from_nowhere_has_no_reference(desk):
    await press(desk, DASHBOARD, "stray")

    [event] = await desk.heard(1)
    thing = event["data"]["object"]

    assert (thing["payment_status"], thing["client_reference_id"], thing["metadata"]) == ("paid", None, {})


@pytest.mark.parametrize(("action", "object_id"), [("explode", ""), ("refund", "ch_none"), ("redeliver", "evt_none")])
async def test_the_dashboard_knows_what_it_cannot_do(desk, action, object_id):
    assert (await press(desk, DASHBOARD, action, object_id))[0] == 404


async def test_an_account_can_revoke_access_on_the_dashboard(desk):
    account = await desk.client.v1.accounts.create_async({"type": "standard", "email": "olive@example.com"})
    assert "olive@example.com" in await look(desk, DASHBOARD)

    _, page = await press(desk, DASHBOARD, "disconnect", account.id)

    assert account.id not in page.split("Events")[0]
