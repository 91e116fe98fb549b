"""Matches over the wire: invited, accepted, scored and called off."""

from typing import Any

from sandbox.discord.model import Message
from sandbox.discord.model.message import COMPONENTS_V2
from tests import books
from tests.bot.test_boards import buttons
from tests.rig import Rig, Town, until

KINDS = ("sqlite",)
ROUND_MS = 300_000


async def challenge_kai(town: Town, **options: Any) -> Message:
    """Have Noor go live and challenge Kai."""
    await town.approve(town.noor, town.kai)
    await town.allow_matches()
    await (await town.noor.at(town.live).slash("live start")).message()
    for member in (town.mia, town.leo):
        await town.grant(member, 1_000)
    await (await town.noor.at(town.live).slash("live match", opponent=town.kai.user, **options)).message()
    return await town.announced(town.live, "invites")


def turn_back(rig: Rig, town: Town, by_ms: int) -> None:
    """Move the start of a match `by_ms` into the past."""
    condition = f"WHERE guild_id = {town.guild.id}"
    books.change(rig.database, f"UPDATE live_matches SET started_ms = started_ms - {by_ms} {condition}")
    for kind in ("match_round", "match_card"):
        books.hasten(rig.database, kind, by_ms)


async def test_there_are_no_matches_until_staff_allow_them(town: Town) -> None:
    await town.approve(town.noor, town.kai)
    noor = town.noor.at(town.live)
    await (await noor.slash("live start")).message()
    refusal = await (await noor.slash("live match", opponent=town.kai.user)).message()
    await town.allow_matches()
    await (await noor.slash("live match", opponent=town.kai.user)).message()
    await town.announced(town.live, "invites")

    assert "Matches are off in this server. Moderators decide whether there are any." in refusal.text


async def test_an_invited_creator_accepts_and_joins_the_event(rig: Rig, town: Town) -> None:
    challenge = await challenge_kai(town)
    refusal = await (await town.leo.at(town.live).click(challenge, "Accept the invitation")).message()
    await (await town.kai.at(town.live).click(challenge, "Accept the invitation")).wait_for_answer()
    await town.give(town.mia, "Clover", town.kai)
    board = await town.announced(town.live, "**0** : **20**")

    assert "Only" in refusal.text
    assert refusal.ephemeral_for == town.leo.user.id
    assert "** vs. **" in challenge.text
    assert f"<@{town.noor.user.id}> and <@{town.kai.user.id}> are live" in board.text


async def test_the_winner_is_announced_once_and_another_match_waits_for_the_end(rig: Rig, town: Town) -> None:
    challenge = await challenge_kai(town)
    await (await town.kai.at(town.live).click(challenge, "Accept the invitation")).wait_for_answer()
    refusal = await (await town.noor.at(town.live).slash("live match", opponent=town.kai.user)).message()
    await town.give(town.mia, "Clover", town.noor)
    # The journal cannot be changed, so the match is moved until the gift lies in its last seconds.
    turn_back(rig, town, ROUND_MS - 1_000)
    winner = await town.announced(town.live, "wins the match!")

    async def shows_the_result() -> bool:
        return "won the match" in challenge.text

    await until(shows_the_result)
    await (await town.noor.at(town.live).slash("live match", opponent=town.kai.user)).message()
    second_challenge = await town.announced(town.live, "** vs. **")
    announcements = [message for message in rig.world.messages(town.live.id) if "wins the match!" in message.text]

    assert "A match is already on" in refusal.text
    assert f"<@{town.noor.user.id}> wins" in winner.text
    assert [picture.description for picture in winner.attachments] == ["Moment: 20 : 0 · Live · Noor and Kai"]
    assert second_challenge.id != challenge.id
    assert buttons(challenge) == []
    assert len(announcements) == 1


async def test_an_invitation_pings_once_can_be_declined_and_expires(rig: Rig, town: Town) -> None:
    declined = await challenge_kai(town)
    pinged, labels = list(declined.mentions), buttons(declined)
    refusal = await (await town.noor.at(town.live).click(declined, "Decline the invitation")).message()
    await (await town.kai.at(town.live).click(declined, "Decline the invitation")).wait_for_answer()
    await (await town.kai.at(town.live).slash("privacy settings", no_pings=True)).message()
    await (await town.noor.at(town.live).slash("live match", opponent=town.kai.user)).message()
    quiet = await town.announced(town.live, "invites")
    change = f"UPDATE match_invitations SET invited_ms = invited_ms - {ROUND_MS} WHERE guild_id = {town.guild.id}"
    books.change(rig.database, change)
    books.hasten(rig.database, "match_card", ROUND_MS)
    expired = await town.announced(town.live, "has expired")

    assert [user.id for user in pinged] == [town.kai.user.id]
    assert labels == ["Accept the invitation", "Decline the invitation"]
    assert "Only" in refusal.text
    assert "declined" in declined.text
    assert buttons(declined) == []
    assert declined.flags & COMPONENTS_V2
    assert quiet.mentions == []
    assert (expired.id, buttons(expired)) == (quiet.id, [])


async def test_an_invitation_ends_with_the_show(town: Town) -> None:
    invitation = await challenge_kai(town)
    await town.end_live(town.noor.at(town.live))
    message = await town.announced(town.live, "is no longer live")

    assert message is invitation
    assert buttons(invitation) == []


async def test_a_creator_who_leaves_the_match_loses_nothing(rig: Rig, town: Town) -> None:
    challenge = await challenge_kai(town, rounds=3)
    await (await town.kai.at(town.live).click(challenge, "Accept the invitation")).wait_for_answer()
    await town.give(town.mia, "Clover", town.kai)
    stranger = await (await town.leo.at(town.live).click(challenge, "Leave the match")).message()
    await (await town.kai.at(town.live).click(challenge, "Leave the match")).wait_for_answer()

    assert stranger.ephemeral_for == town.leo.user.id
    assert "called off" in challenge.text
    assert (
        books.only_value(rig.database, "SELECT ended_ms FROM live_matches WHERE guild_id = ?", town.guild.id)
        is not None
    )
    assert books.only_value(rig.database, "SELECT count(*) FROM journal WHERE guild_id = ?", town.guild.id) == 3


async def test_a_match_takes_two_creators_who_are_free(town: Town) -> None:
    await town.approve(town.noor, town.kai)
    off = await (await town.noor.at(town.live).slash("live match", opponent=town.kai.user)).message()
    await town.allow_matches()
    nobody_live = await (await town.noor.at(town.live).slash("live match", opponent=town.kai.user)).message()
    await (await town.noor.at(town.live).slash("live start")).message()
    alone = await (await town.noor.at(town.live).slash("live match", opponent=town.noor.user)).message()
    no_creator = await (await town.noor.at(town.live).slash("live match", opponent=town.leo.user)).message()
    await (await town.kai.at(town.general).slash("live start")).message()
    busy = await (await town.noor.at(town.live).slash("live match", opponent=town.kai.user)).message()

    assert "Matches are off" in off.text
    assert "Nobody is live" in nobody_live.text
    assert "takes two" in alone.text
    assert "isn't a creator" in no_creator.text
    assert "already live" in busy.text


async def test_no_coins_are_sold_inside_a_match(rig: Rig, town: Town) -> None:
    challenge = await challenge_kai(town)
    before = await town.give(town.olive, "Warm Heart", town.noor)
    labels_before = buttons(before)
    await (await town.kai.at(town.live).click(challenge, "Accept the invitation")).wait_for_answer()
    inside = await town.give(town.olive, "Warm Heart", town.noor)
    shop = await (await town.olive.at(town.live).slash("buy")).message()
    form = await (await town.olive.at(town.live).slash("buy", package="70")).message()
    late = await (await town.olive.click(before, labels_before[0])).message()
    elsewhere = await (await town.olive.at(town.general).slash("buy")).message()
    turn_back(rig, town, ROUND_MS)
    after = await town.give(town.olive, "Warm Heart", town.noor)

    assert labels_before == ["Buy for $0.99 and send it", "Buy coins"]
    assert "I don't sell coins inside a match, so that nobody buys in a rush." in inside.text
    assert "You're" in inside.text
    assert buttons(inside) == []
    for answer in (shop, form, late):
        assert "I don't sell coins inside a match" in answer.text
        assert buttons(answer) == []
    assert "70" in elsewhere.text
    assert buttons(after) == labels_before
