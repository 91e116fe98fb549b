"""What nobody's page would say or ask for: it is passed over or refused, and harms nothing."""

import logging
from typing import Any

import pytest

from bot.domain.overlays import OverlayScope
from tests.web.overlay_house import House

NONSENSE: list[dict[str, Any]] = [
    {"do": ["pause"]},
    {"do": {"pause": 1}},
    {"do": 7},
    {"do": "replay", "seq": 2**63},
    {"do": "approve", "seq": -1},
    {"do": "approve", "seq": True},
    {"shown": 2**63},
    {"shown": -(2**63)},
    {"shown": 1.5},
    {"shown": [1]},
    {"hello": 1, "token": None},
    {},
]


@pytest.mark.parametrize("scope", [*OverlayScope])
async def test_a_page_that_says_nonsense_is_served_on(
    house: House, caplog: pytest.LogCaptureFixture, scope: OverlayScope
):
    await house.go_live()
    page = await house.page(await house.linked(scope=scope))

    for number, message in enumerate(NONSENSE):
        await page.say(**message)
        await page.say(ping=number)
        await page.until_pong(number)
    receipt = await house.send("a")
    await page.until_seq(receipt.seq)

    assert page.seqs == [receipt.seq]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    "hello",
    [
        {"after": 2**62},
        {"after": -5},
        {"after": "1"},
        {"epoch": 7},
        {"epoch": "9" * 18 + "-00"},
        {"epoch": "9" * 30 + "-00"},
        {"epoch": "-"},
        {"slot": ["main"]},
        {"slot": "../main"},
        {"slot": "x" * 500},
        {"page": {"a": 1}},
    ],
)
async def test_a_hello_with_values_that_make_no_sense_begins_as_one_without(house: House, hello: dict[str, Any]):
    await house.go_live()
    before = await house.send("before")
    page = await house.page(await house.linked(), **hello)
    page.start = None

    receipt = await house.send("a", sender_id=12)
    await page.until_seq(receipt.seq)

    assert page.welcome["head"] >= before.seq
    assert page.seqs == [receipt.seq]


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 10**19 - 1])
@pytest.mark.parametrize("place", ["guild", "item"])
async def test_a_picture_of_ids_that_cannot_be_is_not_found(house: House, number: int, place: str):
    ids = f"{number}-1" if place == "guild" else f"1-{number}"
    async with house.http.get(f"http://127.0.0.1:{house.port}/overlay/art/{ids}-0123456789abcdef.png") as response:
        assert response.status == 404
