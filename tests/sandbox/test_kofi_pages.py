"""The pretend Ko-fi: pages that send notices as Ko-fi does, and repeat those that nobody took."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.kofi.notices import KINDS, Sender, Support, notice_of, token_of
from sandbox.kofi.server import Kofi
from tests.rig import until


@dataclass
class Desk:
    """Pages of the pretend Ko-fi, and a webhook that answers with `statuses`, the last one for ever."""

    pages: TestServer
    webhook: str = ""
    statuses: list[int] = field(default_factory=lambda: [200])
    notices: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def receive(self, request: web.Request) -> web.Response:
        """Take a notice in."""
        form = await request.post()
        self.notices.append(orjson.loads(str(form["data"])))
        return web.Response(status=self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0])

    async def send(self, origin: str | None = None, page: str = "garden", **fields: str) -> tuple[int, str]:
        """Send the form of a page; return the status and the page that follows."""
        form = {"kind": "Donation", "amount": "3.00", "currency": "USD", "message": "RO-7K4F", "action": "send"}
        headers = {"Origin": origin} if origin else {}
        async with (
            aiohttp.ClientSession() as client,
            client.post(self.pages.make_url(f"/kofi/{page}"), data=form | fields, headers=headers) as response,
        ):
            return response.status, await response.text()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A desk with both servers running."""
    pages, app = web.Application(), web.Application()
    desk = Desk(TestServer(pages))
    app.router.add_post("/webhooks/kofi", desk.receive)
    bot = TestServer(app)
    await bot.start_server()
    desk.webhook = str(bot.make_url("/webhooks/kofi"))
    Kofi(webhook_url=desk.webhook, clock=lambda: 1_700_000_000_000).routes(pages)
    await desk.pages.start_server()
    yield desk
    await desk.pages.close()
    await bot.close()


async def test_a_page_sends_what_ko_fi_sends(desk: Desk) -> None:
    _, html = await desk.send(kind="Shop Order", item="1a2b3c4d5e")
    (notice,) = desk.notices

    assert "Sent." in html
    assert {name: notice[name] for name in ("verification_token", "type", "amount", "currency", "message")} == {
        "verification_token": token_of("garden"),
        "type": "Shop Order",
        "amount": "3.00",
        "currency": "USD",
        "message": "RO-7K4F",
    }
    assert notice["shop_items"][0]["direct_link_code"] == "1a2b3c4d5e"
    assert notice["timestamp"] == "2023-11-14T22:13:20Z"


async def test_the_last_notice_is_sent_again_with_its_own_id(desk: Desk) -> None:
    _, nothing = await desk.send(action="repeat")
    await desk.send()
    _, again = await desk.send(action="repeat")

    assert "Nothing has been sent" in nothing
    assert "Sent again" in again
    assert len(desk.notices) == 2
    assert len({notice["message_id"] for notice in desk.notices}) == 1


async def test_a_forged_notice_has_another_token_and_is_sent_once(desk: Desk) -> None:
    desk.statuses = [400]
    _, html = await desk.send(action="forge")

    assert desk.notices[0]["verification_token"] != token_of("garden")
    assert "refused the notice" in html
    assert len(desk.notices) == 1


async def test_forms_of_other_sites_and_odd_pages_are_refused(desk: Desk) -> None:
    statuses = [(await desk.send(origin="https://elsewhere.example"))[0], (await desk.send(page="a.b"))[0]]

    assert statuses == [403, 404]
    assert desk.notices == []


async def test_what_nobody_took_is_sent_again_until_somebody_does(desk: Desk) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    desk.statuses = [503, 500, 200]
    sender = Sender(desk.webhook, sleep=sleep)
    status = await sender.send(notice_of(Support("Donation", "3.00", "USD", ""), "token", "now"))

    async def has_arrived() -> bool:
        return len(desk.notices) == 3

    await until(has_arrived)
    await sender.close()
    assert status == 503
    assert waits == [1, 2]


@pytest.mark.parametrize("kind", KINDS)
def test_only_subscriptions_recur(kind: str) -> None:
    notice = notice_of(Support(kind, "3.00", "USD", ""), "token", "now")

    assert notice["is_subscription_payment"] is (kind == "Subscription")
    assert notice["shop_items"] is None
