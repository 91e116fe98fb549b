"""Payments that are not as they should be: each is settled or ends where people see it, and none delays another."""

from tests import books
from tests.bot.test_journeys import bought, link_of, wait_text
from tests.stage import Stage, until

UNSETTLED = "SELECT count(*) FROM webhook_events WHERE next_ms IS NOT NULL AND attempts > 0"


async def test_a_hundred_events_of_unknown_sessions_delay_no_receipt(own_stage: Stage) -> None:
    await own_stage.start_bot()
    town = await own_stage.found_town()
    for _ in range(100):
        own_stage.checkout.courier.announce_unknown()

    async def all_tried() -> bool:
        return books.one(own_stage.database, UNSETTLED) == 100

    await until(all_tried)
    panel = await bought(town, "70 ")
    await own_stage.pay(link_of(panel))
    receipt = await wait_text(panel, r"Receipt #1\b")
    # Nor are they tried at once again after a restart.
    await own_stage.kill_bot()
    await own_stage.start_bot()
    again = await bought(town, "70 ")
    await own_stage.pay(link_of(again))
    await wait_text(again, r"Receipt #2\b")
    await own_stage.stop_bot()

    assert "70" in receipt.text
    assert books.one(own_stage.database, UNSETTLED) >= 100
    assert not any("Traceback" in line for line in own_stage.bot.lines)
