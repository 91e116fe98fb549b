"""Premium buttons in Chromium, and the purchase dialog behind them, which Discord's client opens without the bot."""

import re

from playwright.async_api import expect

from tests.page.looking import become, last_message, use


async def test_a_premium_button_opens_a_dialog_and_buys_once_until_the_item_is_used_up(page, sandbox):
    panel = await use(page, "premium")
    button = panel.get_by_role("button", name=re.compile(r"^721 coins · \$9\.99"))
    await button.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("no real money is taken")

    await dialog.get_by_role("button", name="Buy for $9.99").click()

    await expect(page.get_by_role("alert").filter(has_text="You bought 721 coins.")).to_be_visible()
    (purchase,) = sandbox.world.entitlements.values()
    await expect(last_message(page)).to_contain_text(f"has bought {purchase.sku_id}.")
    assert (purchase.type, purchase.user_id) == (4, sandbox.garden.users["mia"].id)

    await button.click()
    await dialog.get_by_role("button", name="Buy for $9.99").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("not used up")
    await dialog.get_by_role("button", name="Cancel").click()
    sandbox.world.consume(purchase)
    await button.click()
    await dialog.get_by_role("button", name="Buy for $9.99").click()
    await expect(dialog).to_have_count(0)
    assert len(sandbox.world.entitlements) == 2


async def test_the_dialog_can_be_left_without_buying(page, sandbox):
    await become(page, "leo")
    panel = await use(page, "premium")
    await panel.get_by_role("button", name=re.compile("^1,470 coins")).click()
    await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()

    assert not [it for it in sandbox.world.entitlements.values() if it.user_id == sandbox.garden.users["leo"].id]
