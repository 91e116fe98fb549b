"""The card of an overlay and the sources that are open with its link, over the wire."""

from collections.abc import Callable
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType

from tests.bot.test_overlay_card import card_of, labels, make_link, press, secrets_on, show
from tests.rig import Rig, Town

__all__ = ["show"]

WITHDRAWN = 4401


async def test_a_source_that_is_connected_is_counted_and_gets_the_test(rig: Rig, show: Town) -> None:
    card = await make_link(show.noor, await card_of(show.noor))
    (secret,) = secrets_on(card)
    async with rig.http.ws_connect(f"http://127.0.0.1:{rig.web_port}/overlay/ws") as source:
        await source.send_json(
            {"hello": 1, "token": secret, "after": None, "epoch": None, "page": None, "slot": "main"}
        )
        assert (await source.receive_json())["welcome"] == 1
        card = await press(show.noor, card, "Send a test")
        assert "**1 source** is connected." in card.text
        assert "I've sent a test gift to your overlay." in card.text
        await _until_told(
            source, lambda told: told.get("do") == "test" or any(g["test"] for g in told.get("gifts", ()))
        )


async def test_turning_it_off_asks_and_then_closes_the_source(rig: Rig, show: Town) -> None:
    card = await make_link(show.noor, await card_of(show.noor))
    (secret,) = secrets_on(card)
    async with rig.http.ws_connect(f"http://127.0.0.1:{rig.web_port}/overlay/ws") as source:
        await source.send_json(
            {"hello": 1, "token": secret, "after": None, "epoch": None, "page": None, "slot": "main"}
        )
        await source.receive_json()
        question = await press(show.noor, card, "Turn off the overlay")
        assert labels(question) == ["Turn off the overlay", "Back"]
        answer = await press(show.noor, question, "Turn off the overlay")
        await _until_told(source, lambda told: False)

    assert "Your overlay is off." in answer.text
    assert source.close_code == WITHDRAWN
    assert "There is no link yet." in (await press(show.noor, answer, "Overlay")).text


async def _until_told(source: ClientWebSocketResponse, is_it: Callable[[dict[str, Any]], Any]) -> None:
    """Read what a source is told until something fits, or it is closed."""
    while True:
        message = await source.receive(timeout=60)
        if message.type is not WSMsgType.TEXT or is_it(message.json()):
            return
