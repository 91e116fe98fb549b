"""A provider whose webhooks no longer arrive: payments are settled late, /healthz says so, and the log says it once."""

from typing import Any

from tests.bot.buying import buy_package, link_of
from tests.bot.test_health import lines
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town, until


async def buy_without_webhook(rig: Rig, town: Town) -> None:
    """Have Mia pay for a package of which no webhook tells, and the bot ask the provider."""
    panel = await buy_package(town, "70 ")
    await rig.pay(link_of(panel))
    # A connection that comes back is a reason to ask.
    await rig.server.ask_reconnect()
    await wait_text(panel, r"Receipt #\d")


async def health_becomes(rig: Rig, answer: dict[str, Any]) -> None:
    async def is_answer() -> bool:
        async with rig.http.get(f"http://127.0.0.1:{rig.web_port}/healthz") as response:
            return response.status == 200 and await response.json() == answer

    await until(is_answer)


async def test_lost_webhooks_degrade_the_health_until_one_arrives(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await health_becomes(own_rig, {"healthy": True, "degraded": []})
    own_rig.checkout.courier.loses_events = True
    for _ in range(3):
        await buy_without_webhook(own_rig, town)
    await health_becomes(own_rig, {"healthy": True, "degraded": ["webhooks of sandbox"]})
    before = lines(own_rig, "No webhook of provider sandbox told of its last 3 payments")
    await own_rig.kill_bot()
    await own_rig.start_bot()
    await health_becomes(own_rig, {"healthy": True, "degraded": ["webhooks of sandbox"]})
    after = lines(own_rig, "No webhook of provider")
    own_rig.checkout.courier.loses_events = False
    panel = await buy_package(town, "70 ")
    await own_rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #4\b")
    await health_becomes(own_rig, {"healthy": True, "degraded": []})
    await own_rig.stop_bot()

    assert (len(before), len(after)) == (1, 0)
    assert len(lines(own_rig, "arrive again")) == 1
