"""`/verify` over the wire: what everybody may know of a receipt, and what only those concerned see."""

from sandbox.discord.model import Message
from sandbox.discord.people import Person
from tests.bot.buying import link_of, order_package
from tests.bot.picking import part
from tests.rig import Rig, Town
from tests.shown import numbers


async def verify(person: Person, number: int) -> Message:
    return await (await person.slash("verify", receipt=number)).message()


async def take_back(town: Town, pieces: int) -> None:
    """Have Sam take back pieces of the gift with the second receipt."""
    panel = await (await town.sam.slash("coins reverse", receipt=2, reason="by mistake", part=pieces)).message()
    await (await town.sam.click(panel, part(panel, "coins-reverse")["custom_id"])).message()


async def test_a_gift_is_real_for_everybody_and_says_when_it_was_taken_back(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await (await town.mia.slash("gift", gift="Petal", creator=town.noor.user, count=3)).message()
    verified = await verify(town.leo, 2)
    await take_back(town, 1)
    partly = await verify(town.leo, 2)
    await take_back(town, 2)
    after, reversal = await verify(town.leo, 2), await verify(town.leo, 3)

    assert "✅ Receipt #2" in verified.text
    assert f"<@{town.mia.user.id}> sent **🌸 \u2068Petal\u2069 × 3** to <@{town.noor.user.id}>" in verified.text
    assert "taken back" not in verified.text
    assert "Taken back since: 1 of 3." in partly.text
    assert "↩️ Receipt #2" in after.text
    assert "It has since been taken back." in after.text
    assert "This took back receipt #2." in reversal.text


async def test_it_names_no_anonymous_sender_and_shows_no_strangers_coins(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 777)
    await town.give(town.mia, "Petal", town.noor, anonymous=True)
    gift, grant, own_grant = await verify(town.leo, 2), await verify(town.leo, 1), await verify(town.mia, 1)

    assert "Someone sent" in gift.text
    assert str(town.mia.user.id) not in gift.text
    assert "777" not in numbers(grant.text)
    assert str(town.mia.user.id) not in grant.text
    assert "777" in own_grant.text


async def test_a_test_and_a_number_that_does_not_exist_say_so(rig: Rig, town: Town) -> None:
    await rig.pay(link_of(await order_package(town)))
    await town.noticed(town.mia, "Receipt #1")
    purchase, own_purchase, nothing = await verify(town.leo, 1), await verify(town.mia, 1), await verify(town.leo, 99)

    assert "🧪 Receipt #1" in purchase.text
    assert "This is a test." in purchase.text
    assert "Only its buyer sees more here." in purchase.text
    assert "You bought" in own_purchase.text
    assert "❌ Receipt #99" in nothing.text
    assert "it isn't from here" in nothing.text
