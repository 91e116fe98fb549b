"""The pretend Stripe in Chromium: its forms send what a browser sends, and its pages fit on a phone."""

import pytest
from playwright.async_api import expect

from sandbox.stripe import checkout_sessions
from tests.page.looking import looking

WIDTHS = {"desktop": 1280, "phone": 390}


@pytest.fixture
def stripe(sandbox):
    return sandbox.providers.stripe


@pytest.fixture(params=[*WIDTHS.values()], ids=[*WIDTHS])
async def page(sandbox, windows, request):
    async with looking(windows, sandbox.address, width=request.param, height=844) as page:
        yield page


def open_session(stripe):
    price = {"currency": "usd", "unit_amount": 499, "product_data": {"name": "350 coins " + "and many words " * 8}}
    fields = {
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "https://shop.example/",
        "adaptive_pricing": {"enabled": False},
    }
    return checkout_sessions.create(stripe.platform.own, fields, stripe.root)


async def fits(page):
    """Return whether nothing sticks out of the window."""
    return await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_a_buyer_pays_and_the_merchant_refunds_half_and_wins_a_dispute(stripe, page):
    await page.goto(open_session(stripe)["url"])
    await expect(page.locator(".ribbon")).to_contain_text("No real money")
    assert await fits(page)

    await page.get_by_role("button", name="Pay $4.99").click()
    await expect(page.get_by_role("status")).to_contain_text("Paid.")
    await page.get_by_role("link", name="Stripe’s dashboard").click()
    newest = page.locator(".payments article").first
    await newest.get_by_role("button", name="Refund $2.49").click()
    await expect(newest).to_contain_text("$2.49 refunded")
    await newest.get_by_role("button", name="Dispute").click()
    await expect(newest).to_contain_text("dispute needs response")
    assert await fits(page)
    await newest.get_by_role("button", name="Shop wins").click()

    await expect(newest).to_contain_text("dispute won")
    await expect(page.locator(".event").first).to_contain_text("charge.dispute.funds_reinstated")


async def test_a_transfer_takes_its_time_and_a_declined_card_can_be_tried_again(stripe, page):
    await page.goto(open_session(stripe)["url"])
    await page.get_by_role("button", name="Decline the card").click()
    await expect(page.get_by_role("status")).to_contain_text("declined")
    await page.get_by_role("button", name="Pay later").click()
    await expect(page.get_by_role("status")).to_contain_text("on its way")

    await page.get_by_role("button", name="Let the transfer arrive").click()

    await expect(page.get_by_role("status")).to_contain_text("Paid.")


async def test_the_owner_of_an_account_goes_through_onboarding(stripe, page):
    account = stripe.platform.connect({"business_profile": {"name": "The Garden"}})
    links = {"account": account.id, "return_url": "https://shop.example/", "refresh_url": "https://shop.example/"}
    await page.goto(stripe.platform.create_link(links, stripe.root)["url"])
    await expect(page.locator("h1")).to_contain_text("Connect your account")

    await page.get_by_role("button", name="Fill in everything").click()

    await expect(page.get_by_role("status")).to_contain_text("takes payments")
    assert account.record["charges_enabled"]
    assert await fits(page)


async def test_the_trouble_panel_leads_to_the_dashboard(page):
    await page.get_by_role("button", name="Trouble").click()
    await page.get_by_role("link", name="Stripe's dashboard").click()

    await expect(page.locator("h1")).to_contain_text("Dashboard")
