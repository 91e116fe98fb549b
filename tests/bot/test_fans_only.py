"""Gifts for fans only, over the wire: set by a manager, marked wherever gifts are listed, refused with the way in."""

from tests import books
from tests.bot.picking import part, pick_gift
from tests.bot.test_pictures import alt, shelf
from tests.rig import Rig, Town


async def offer_ring(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await (await town.sam.slash("catalogue add", name="Ring", emoji="💍", price=5, fans_only=True)).message()


async def test_a_gift_for_fans_is_refused_until_a_gift_under_ones_own_name_joins_the_club(rig: Rig, town: Town) -> None:
    await offer_ring(town)
    refusal = await town.give(town.mia, "Ring", town.noor)
    await town.give(town.mia, "Warm Heart", town.noor, anonymous=True)
    second_refusal = await town.give(town.mia, "Ring", town.noor)
    await town.give(town.mia, "Petal", town.noor)
    third_refusal = await town.give(town.mia, "Ring", town.noor)
    await town.give(town.mia, "Warm Heart", town.noor)
    receipt = await town.give(town.mia, "Ring", town.noor)
    other_refusal = await town.give(town.leo, "Ring", town.noor)

    for answer in (refusal, second_refusal, third_refusal, other_refusal):
        assert f"Only the fan club of <@{town.noor.user.id}> can send \u2068Ring\u2069." in answer.text
        assert "To join, send them \u2068Warm Heart\u2069 under your own name" in answer.text
        assert "You haven't been charged" in answer.text
    assert "Receipt #" in receipt.text
    assert len(books.gifts(rig.database, town.guild.id)) == 4


async def test_whoever_got_their_heart_back_is_no_fan_any_more(town: Town) -> None:
    await offer_ring(town)
    await town.give(town.mia, "Warm Heart", town.noor)
    receipts = await (await town.sam.slash("coins reverse", receipt=2, reason="by mistake")).message()
    await (await town.sam.click(receipts, part(receipts, "coins-reverse")["custom_id"])).message()

    assert "Only the fan club of" in (await town.give(town.mia, "Ring", town.noor)).text


async def test_it_is_marked_in_the_list_in_the_catalogue_and_while_typing(town: Town) -> None:
    await offer_ring(town)
    listing = await (await town.sam.slash("catalogue list")).message()
    gifts = await shelf(town.mia)
    choices = await town.mia.autocomplete("gift", "gift", gift="Ring", creator=town.noor.user)
    changed = await (await town.sam.slash("catalogue edit", item="Ring", fans_only=False)).message()

    assert "💍 \u2068Ring\u2069 · **🪙\xa05** · 💗 fans only" in listing.text
    assert "Ring 🪙\xa05" in alt(gifts)
    assert "💗 fans only" in alt(gifts)
    assert "💗 fans only" in str(choices[0]["name"])
    assert "fans only" not in changed.text


async def test_the_picker_locks_it_and_says_how_to_open_it(town: Town) -> None:
    await offer_ring(town)
    panel = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    option = next(entry for entry in part(panel, "pick-item")["options"] if entry["label"] == "Ring")
    panel = await pick_gift(town.mia, panel, "Ring")

    assert option["description"].startswith("🔒")
    assert "💗 fans only" in option["description"]
    assert f"Only <@{town.noor.user.id}>'s fan club can send this. To join, send them" in panel.text
    assert part(panel, "pick-send")["disabled"]
    await town.give(town.mia, "Warm Heart", town.noor)
    panel = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    panel = await pick_gift(town.mia, panel, "Ring")
    sent = await (await town.mia.click(panel, part(panel, "pick-send")["custom_id"])).message()
    assert "Receipt #" in sent.text
