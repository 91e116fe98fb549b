"""Whom a message pings: the names in it, limited by `allowed_mentions` and the author's permissions."""

from typing import Any

import pytest

from sandbox.discord.permissions import Permissions
from tests.sandbox.wire import Place

MESSAGE = 4


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [
        (None, {"mia", "fans", "everyone"}),
        ({"parse": []}, set()),
        ({"parse": ["users"]}, {"mia"}),
        ({"parse": ["roles"]}, {"fans"}),
        ({"parse": ["everyone"]}, {"everyone"}),
        ({"users": ["mia"]}, {"mia"}),
        ({"users": ["noah"]}, set()),
        ({"roles": ["fans"]}, {"fans"}),
    ],
)
async def test_a_plain_message_pings_what_it_names_unless_told_otherwise(
    place: Place, allowed: dict[str, Any] | None, pinged: set[str]
) -> None:
    place.world.set_permissions(place.channel, place.world.bot_user, allow=Permissions.MENTION_EVERYONE)
    fans = place.world.add_role(place.guild, "fans", mentionable=True)
    ids = {"mia": place.mia.id, "noah": place.noah.id, "fans": fans.id}
    if allowed is not None:
        allowed = {key: [str(ids.get(name, name)) for name in names] for key, names in allowed.items()}
        place_body = {"allowed_mentions": allowed}
    else:
        place_body = {}

    message = await place.posted(content=f"<@{place.mia.id}> <@&{fans.id}> @everyone", **place_body)

    mentioned = {user.name for user in message.mentions}
    mentioned |= {place.guild.roles[role_id].name for role_id in message.mention_roles}
    mentioned |= {"everyone"} if message.mention_everyone else set()
    assert mentioned == pinged


async def test_everyone_needs_the_right_to_ping_everyone(place: Place) -> None:
    fans = place.world.add_role(place.guild, "fans")

    message = await place.posted(content=f"@everyone <@&{fans.id}>")

    assert (message.mention_everyone, message.mention_roles) == (False, [])


async def test_an_interaction_pings_users_only(place: Place) -> None:
    place.world.set_permissions(place.channel, place.world.bot_user, allow=Permissions.MENTION_EVERYONE)
    interaction = place.command()

    await place.answer(interaction, MESSAGE, content=f"<@{place.noah.id}> @everyone")

    message = interaction.original
    assert message is not None
    assert ([user.name for user in message.mentions], message.mention_everyone) == (["noah"], False)


async def test_a_text_display_pings_like_a_text(place: Place) -> None:
    body = {"flags": 1 << 15, "components": [{"type": 10, "content": f"For <@{place.mia.id}>"}]}

    message = await place.posted(**body)

    assert message.mentions == [place.mia]


async def test_a_reply_pings_its_author_only_if_told(place: Place) -> None:
    message = await place.person(place.mia).say("hi")
    reference = {"message_id": str(message.id)}

    loud = await place.posted(content="a", message_reference=reference)
    quiet = await place.posted(content="b", message_reference=reference, allowed_mentions={"parse": []})

    assert (loud.mentions, quiet.mentions) == ([place.mia], [])
