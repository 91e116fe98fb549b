"""Lists that are longer than one reply are turned page by page, and every entry is on one of the pages."""

import re
from collections.abc import Iterable

from sandbox.discord.model import Message
from sandbox.discord.people import Person
from tests.bot.buying import link_of, order_package
from tests.bot.noted_shop import confirm, opened_order, order_by, payments_page, set_up_manual
from tests.bot.picking import part, pick_view
from tests.bot.test_applying import apply
from tests.bot.test_cases import odd_payment
from tests.bot.test_journeys import wait_text
from tests.bot.test_payouts_on_screen import send_form
from tests.rig import Rig, Town


async def turned(person: Person, panel: Message) -> tuple[str, str]:
    """Turn to the second page of a list and back, and return what stood on the two pages."""
    first = panel.text
    assert part(panel, "Back")["disabled"]
    panel = await (await person.click(panel, "Next")).message()
    second = panel.text
    assert part(panel, "Next")["disabled"]
    panel = await (await person.click(panel, "Back")).message()
    assert panel.text == first
    return first, second


def stand_once(pages: Iterable[str], *entries: str) -> bool:
    """Whether both pages have entries, and each entry stands on one page alone."""
    places = [[bool(re.search(rf"{re.escape(entry)}\b", page)) for page in pages] for entry in entries]
    return all(sum(places_of_entry) == 1 for places_of_entry in places) and all(map(any, zip(*places, strict=True)))


async def test_gifts_of_the_catalogue(town: Town) -> None:
    names = [f"Kite{number}" for number in range(3)]
    for name in names:
        await (await town.sam.slash("catalogue add", name=name, emoji="🪁", price=50_000)).message()

    pages = await turned(town.sam, await (await town.sam.slash("catalogue list")).message())

    assert stand_once(pages, "Petal", "Clover", *names)


async def test_packages(town: Town) -> None:
    sizes = [f"20,{number:03}" for number in range(9)]
    for number in range(9):
        await (await town.sam.slash("packages add", coins=20_000 + number, price=f"300.{number:02}")).message()

    pages = await turned(town.sam, await (await town.sam.slash("packages list")).message())

    assert stand_once(pages, "350", "721", *sizes)


async def test_creators(rig: Rig) -> None:
    town = await rig.found_town(members=21)
    await town.approve(*town.crowd)

    pages = await turned(town.sam, await (await town.sam.slash("creators list")).message())

    assert stand_once(pages, *(str(person.user.id) for person in town.crowd))


async def test_applications(town: Town) -> None:
    await apply(town.noor, "songs")
    await apply(town.kai, "pictures")
    creators = await (await town.sam.slash("creators list")).message()

    pages = await turned(town.sam, await (await town.sam.click(creators, "Review applications")).message())

    assert stand_once(pages, "songs", "pictures")


async def test_perks_for_members_and_for_those_who_keep_them(town: Town) -> None:
    names = [f"Poem{number}" for number in range(16)]
    for name in names:
        await (await town.sam.slash("perk add", name=name, price=9, kind="Text", text="Hi")).message()  # pyright: ignore[reportArgumentType]

    kept = await turned(town.sam, await (await town.sam.slash("perk list")).message())
    offered = await turned(town.mia, await (await town.mia.slash("perks")).message())

    assert stand_once(kept, *names)
    assert stand_once(offered, *names)


async def test_purchases_of_a_member(rig: Rig, town: Town) -> None:
    for number in range(1, 8):
        panel = await order_package(town)
        await rig.pay(link_of(panel))
        await wait_text(panel, rf"Receipt #{number}\b")
    history = await (await town.mia.slash("history")).message()

    pages = await turned(town.mia, await pick_view(town.mia, history, "Purchases"))

    assert stand_once(pages, *(f"Receipt #{number}" for number in range(1, 8)))


async def test_cases(rig: Rig, town: Town) -> None:
    for _ in range(6):
        await odd_payment(rig, town)

    pages = await turned(town.sam, await (await town.sam.slash("cases")).message())

    assert stand_once(pages, *(f"#{number}" for number in range(1, 7)))


async def test_flags(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    for number in range(2, 8):
        await town.give(town.mia, "Petal", town.noor)
        lookup = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()
        form = await (await town.sam.select(lookup, part(lookup, "lookup-flag")["custom_id"], str(number))).modal()
        (field,) = form.fields
        await (await town.sam.submit(form, **{field["custom_id"]: f"odd, number {number}"})).message()
    cases = await (await town.olive.slash("cases")).message()

    pages = await turned(town.olive, await (await town.olive.click(cases, "Review 6 flags")).message())

    assert stand_once(pages, *(f"odd, number {number}" for number in range(2, 8)))


async def test_payouts(shop: Rig) -> None:
    town = await shop.found_town(members=2)
    creators = [town.noor, town.kai, town.leo, *town.crowd]
    await (await town.sam.slash("packages edit", package="1", archived=False)).message()
    await set_up_manual(town.olive, people="1")
    await send_form(town.olive, await payments_page(town.olive), "Payouts", "10", "2")
    await town.approve(*creators)
    for number in (1, 2):
        panel, code = await order_by(town, "manual")
        await confirm(town.sam, await opened_order(town.sam, code), f"{number}XY{town.guild.id}")
        await wait_text(panel, rf"Receipt #{number}\b")
    for creator in creators:
        await town.give(town.mia, "Warm Heart", creator, count=2)
        question = await (await creator.slash("creator payout", amount=10)).message()
        await (await creator.click(question, "Request 💎\xa010")).message()

    pages = await turned(town.sam, await (await town.sam.slash("payouts list")).message())

    assert stand_once(pages, *(str(creator.user.id) for creator in creators))
