"""Codes and the claim button in Discord: made by staff, claimed by members, once each."""

from sandbox.discord.model import Message
from tests import books
from tests.rig import Rig, Town


async def made(town: Town, **options: object) -> str:
    """Have Sam make a code, and return what he reads."""
    answer = await (await town.sam.slash("coins codes make", amount=50, **options)).message()  # pyright: ignore[reportArgumentType]
    return answer.text


async def redeem(town: Town, code: str) -> str:
    return (await (await town.mia.slash("redeem", code=code)).message()).text


async def test_a_code_is_made_listed_redeemed_once_and_revoked(rig: Rig, town: Town) -> None:
    text = await made(town, code="Friday Fun", uses=2)
    first, second, wrong = await redeem(town, "friday-fun"), await redeem(town, "fridayfun"), await redeem(town, "xxxx")
    own = (await (await town.sam.slash("redeem", code="fridayfun")).message()).text
    listed = (await (await town.sam.slash("coins codes list")).message()).text
    (choice,) = await town.sam.autocomplete("coins codes revoke", "offer", offer="fri")
    revoked = (await (await town.sam.slash("coins codes revoke", offer=choice["value"])).message()).text
    late = (await (await town.leo.slash("redeem", code="fridayfun")).message()).text

    assert "`FRIDAY FUN`" in text
    assert "You got **🪙\xa050 coins**." in first
    assert "You have 🪙\xa050 coins now." in first
    assert "You claimed this <t:" in second
    assert "I don't know that code." in wrong
    assert "you can't claim it yourself" in own
    assert "1 of 2 claimed" in listed
    assert choice["name"] == "FRIDAY FUN · 🪙\xa050"
    assert "Nobody can claim **`FRIDAY FUN`** any more." in revoked
    assert "This offer is over." in late
    assert "Claimed from an offer" in await town.balance(town.mia)
    assert books.only_value(rig.database, "SELECT count(*) FROM journal WHERE guild_id = ?", town.guild.id) == 1


async def test_a_code_that_begins_with_what_is_typed_comes_first(town: Town) -> None:
    for code in ("Summer Night", "Night Owls"):
        await made(town, code=code)

    choices = await town.sam.autocomplete("coins codes revoke", "offer", offer="night")

    assert [choice["name"].split(" · ")[0] for choice in choices] == ["NIGHT OWLS", "SUMMER NIGHT"]


async def test_guessing_is_answered_slowly(town: Town) -> None:
    texts = [await redeem(town, f"guess{number}") for number in range(6)]

    assert ["I don't know that code." in text for text in texts] == [True] * 5 + [False]
    assert "You can try again <t:" in texts[-1]


async def offer_to(town: Town, role: object) -> Message:
    return await (await town.sam.slash("coins claim", amount=30, role=role)).message()  # pyright: ignore[reportArgumentType]


async def test_members_of_a_role_claim_coins_by_a_button_that_survives_a_restart(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    role = own_rig.world.add_role(town.guild, "Crew")
    for person in (town.mia, town.kai):
        town.guild.members[person.user.id].roles.append(role.id)
    message = await offer_to(town, role)
    await own_rig.stop_bot()
    await own_rig.start_bot()
    claims = [(await (await town.mia.click(message, "Claim")).message()).text for _ in range(2)]
    stranger = (await (await town.leo.click(message, "Claim")).message()).text
    books.change(own_rig.database, f"UPDATE offers SET until_ms = 1 WHERE guild_id = {town.guild.id}")
    late = (await (await town.kai.click(message, "Claim")).message()).text

    assert message.ephemeral_for is None
    assert f"For members with <@&{role.id}>" in message.text
    assert "You got **🪙\xa030 coins**." in claims[0]
    assert "You claimed this <t:" in claims[1]
    assert f"This offer is for members with <@&{role.id}>." in stranger
    assert "This offer is over." in late
    assert "30 coins" in await town.balance(town.mia)


async def test_a_code_that_nobody_has_redeemed_says_so_until_somebody_does(town: Town) -> None:
    text = await made(town, code="autumn")
    await redeem(town, "autumn")
    listed = (await (await town.sam.slash("coins codes list")).message()).text

    assert "not claimed yet · until <t:" in text
    assert "1 claim so far · until <t:" in listed
