"""An interaction waits three seconds for its only first answer. After that its token works for fifteen minutes."""

from itertools import pairwise

import pytest

from sandbox.discord.model import Reply
from tests.sandbox.wire import Place

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
EPHEMERAL, LOADING = 1 << 6, 1 << 7
GO = [{"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}]
FORM = [{"type": 18, "label": "Why", "component": {"type": 4, "custom_id": "why", "style": 1}}]


async def test_a_first_answer_is_a_message_of_the_bot_in_the_channel(place: Place) -> None:
    interaction = place.command()

    answer = await place.answer(interaction, MESSAGE, content="Thank you")

    message = answer.body["resource"]["message"]
    assert (answer.status, message["content"]) == (200, "Thank you")
    assert message["interaction_metadata"]["user"]["id"] == str(place.mia.id)
    assert message["interaction"]["name"] == "gift"
    assert [message.text for message in place.world.messages(place.channel.id)] == ["Thank you"]


async def test_an_answer_without_with_response_is_204(place: Place) -> None:
    interaction = place.command()

    answer = await place.answer(interaction, MESSAGE, with_response=False, content="Thank you")

    assert (answer.status, answer.body) == (204, None)


async def test_a_second_answer_is_40060(place: Place) -> None:
    interaction = place.command()
    await place.answer(interaction, MESSAGE, content="one")

    answer = await place.answer(interaction, MESSAGE, content="two")

    assert (answer.status, answer.code) == (400, 40060)
    assert [message.text for message in place.world.messages(place.channel.id)] == ["one"]


async def test_an_answer_after_three_seconds_is_10062(place: Place) -> None:
    interaction = place.command()
    place.clock.pass_by(3.1)

    answer = await place.answer(interaction, MESSAGE, content="late")

    assert (answer.status, answer.code) == (404, 10062)


@pytest.mark.parametrize("token", ["nonsense", "a%2Fb", "two%0Alines"])
async def test_an_answer_with_a_wrong_token_is_10062(place: Place, token: str) -> None:
    interaction = place.command()

    answer = await place.ask("POST", f"/interactions/{interaction.id}/{token}/callback", {"type": 5})

    assert (answer.status, answer.code) == (404, 10062)


async def test_a_refused_answer_leaves_room_for_a_better_one(place: Place) -> None:
    interaction = place.command()

    refusal = await place.answer(interaction, MESSAGE, content="x" * 2001)
    acceptance = await place.answer(interaction, MESSAGE, content="x" * 2000)

    assert refusal.mistakes == {"data.content=BASE_TYPE_MAX_LENGTH"}
    assert acceptance.status == 200


async def test_an_ephemeral_answer_is_seen_by_its_member_only(place: Place) -> None:
    interaction = place.command(place.mia)

    answer = await place.answer(interaction, MESSAGE, content="Your balance", flags=EPHEMERAL)

    assert answer.body["interaction"]["response_message_ephemeral"]
    assert [message.text for message in place.person(place.mia).messages] == ["Your balance"]
    assert place.person(place.noah).messages == []
    assert place.world.messages(place.channel.id) == []


async def test_an_ephemeral_message_is_unknown_to_the_channel_routes(place: Place) -> None:
    interaction = place.command()
    answer = await place.answer(interaction, MESSAGE, content="Your balance", flags=EPHEMERAL)
    path = f"{place.here}/{answer.body['resource']['message']['id']}"

    codes = [(await place.ask(method, path, {"content": "x"})).code for method in ("PATCH", "DELETE")]

    assert codes == [10008, 10008]


async def test_a_deferral_thinks_until_it_is_edited(place: Place) -> None:
    interaction = place.command()
    deferral = await place.answer(interaction, DEFER, flags=EPHEMERAL)
    thinking = interaction.original
    assert thinking is not None
    assert thinking.loading

    answer = await place.ask("PATCH", place.hook(interaction, "/messages/@original"), {"content": "done"})

    assert "resource" not in deferral.body
    assert (answer.status, answer.body["content"]) == (200, "done")
    assert answer.body["flags"] == EPHEMERAL
    assert thinking.text == "done"


async def test_the_first_follow_up_takes_the_place_of_thinking(place: Place) -> None:
    interaction = place.command()
    await place.answer(interaction, DEFER, flags=EPHEMERAL)

    first = await place.ask("POST", place.hook(interaction), {"content": "one"})
    second = await place.ask("POST", place.hook(interaction), {"content": "two"})

    assert interaction.original is not None
    assert first.body["id"] == str(interaction.original.id)
    assert [message.text for message in place.person(place.mia).messages] == ["one", "two"]
    assert [message.text for message in place.person(place.noah).messages] == ["two"]
    assert second.body["interaction_metadata"]["original_response_message_id"] == first.body["id"]


async def test_a_token_before_its_answer_is_an_unknown_webhook(place: Place) -> None:
    interaction = place.command()

    answer = await place.ask("POST", place.hook(interaction), {"content": "early"})

    assert (answer.status, answer.code) == (404, 10015)


async def test_a_token_works_for_fifteen_minutes(place: Place) -> None:
    interaction = place.command()
    await place.answer(interaction, MESSAGE, content="one")
    path = place.hook(interaction, "/messages/@original")

    place.clock.pass_by(899)
    in_time = await place.ask("PATCH", path, {"content": "two"})
    place.clock.pass_by(2)
    late = [await place.ask("PATCH", path, {"content": "three"}), await place.ask("POST", place.hook(interaction), {})]

    assert in_time.status == 200
    assert {(answer.status, answer.code) for answer in late} == {(401, 50027)}


async def test_a_deleted_answer_is_an_unknown_message(place: Place) -> None:
    interaction = place.command()
    await place.answer(interaction, MESSAGE, content="one", flags=EPHEMERAL)
    path = place.hook(interaction, "/messages/@original")

    deletion = await place.ask("DELETE", path)
    after = [
        await place.ask(method, path, {"content": "x"} if method == "PATCH" else None) for method in ("GET", "PATCH")
    ]

    assert deletion.status == 204
    assert [answer.code for answer in after] == [10008, 10008]
    assert place.person(place.mia).messages == []


async def test_follow_ups_are_edited_and_deleted_by_id(place: Place) -> None:
    interaction = place.command()
    await place.answer(interaction, MESSAGE, content="one")
    creation = await place.ask("POST", place.hook(interaction), {"content": "two"})
    path = place.hook(interaction, f"/messages/{creation.body['id']}")

    edit = await place.ask("PATCH", path, {"content": "three"})
    read = await place.ask("GET", path)
    await place.ask("DELETE", path)

    assert edit.body["content"] == read.body["content"] == "three"
    assert [message.text for message in place.world.messages(place.channel.id)] == ["one"]


async def test_a_component_updates_the_message_it_sits_on(place: Place) -> None:
    message = await place.posted(content="one", components=GO)
    interaction = place.press(message)

    answer = await place.answer(interaction, UPDATE, content="two")
    again = await place.ask("PATCH", place.hook(interaction, "/messages/@original"), {"components": []})

    assert answer.body["resource"]["type"] == UPDATE
    assert again.body["id"] == str(message.id)
    assert (message.content, message.components) == ("two", [])


async def test_a_deferred_update_leaves_the_message_alone(place: Place) -> None:
    message = await place.posted(content="one", components=GO)
    interaction = place.press(message)

    answer = await place.answer(interaction, DEFER_UPDATE)
    follow_up = await place.ask("POST", place.hook(interaction), {"content": "psst", "flags": EPHEMERAL})

    assert "resource" not in answer.body
    assert message.content == "one"
    assert follow_up.body["id"] != str(message.id)


@pytest.mark.parametrize("kind", [DEFER_UPDATE, UPDATE, CHOICES, 3, 99])
async def test_a_command_takes_only_the_answers_it_can_show(place: Place, kind: int) -> None:
    answer = await place.answer(place.command(), kind)

    assert answer.mistakes == {"type=BASE_TYPE_CHOICES"}


async def test_an_answer_needs_a_type(place: Place) -> None:
    interaction = place.command()

    answer = await place.ask("POST", f"/interactions/{interaction.id}/{interaction.token}/callback", {})

    assert answer.mistakes == {"type=BASE_TYPE_REQUIRED"}


async def test_a_modal_opens_and_leaves_no_message(place: Place) -> None:
    interaction = place.command()

    answer = await place.answer(interaction, MODAL, custom_id="why", title="Why", components=FORM)

    assert answer.body == {"interaction": answer.body["interaction"]}
    assert interaction.replied is Reply.MODAL
    assert interaction.modal is not None
    assert [field["custom_id"] for field in interaction.modal.fields] == ["why"]
    assert (await place.ask("GET", place.hook(interaction, "/messages/@original"))).code == 10008


async def test_the_payload_tells_who_where_and_with_which_rights(place: Place) -> None:
    payload = place.command().payload

    assert payload["member"]["user"]["id"] == str(place.mia.id)
    assert payload["authorizing_integration_owners"] == {"0": str(place.guild.id)}
    assert (payload["context"], payload["locale"], payload["guild_locale"]) == (0, "en-US", "en-US")
    assert int(payload["app_permissions"]) & 1 << 11
    assert payload["entitlements"] == []


async def test_the_payload_carries_what_the_member_has_bought(place: Place) -> None:
    sku = place.world.add_sku("Coins", price_minor=99)
    place.world.consume(place.world.buy(place.mia, sku))
    fresh = place.world.buy(place.mia, sku)

    payload = place.command().payload

    assert [entitlement["id"] for entitlement in payload["entitlements"]] == [str(fresh.id)]


async def test_in_a_direct_message_the_payload_has_a_user_and_no_member(place: Place) -> None:
    place.channel = place.world.open_dm(place.mia)

    payload = place.command().payload

    assert payload["user"]["id"] == str(place.mia.id)
    assert payload["context"] == 1
    assert "member" not in payload


async def test_a_deleted_channel_takes_its_interactions_along(place: Place) -> None:
    old, new = place.command(), place.command()
    await place.answer(old, MESSAGE, content="x")
    place.world.delete_channel(place.channel)

    answers = [
        await place.answer(new, MESSAGE, content="x"),
        await place.ask("PATCH", place.hook(old, "/messages/@original"), {"content": "y"}),
    ]

    assert [answer.code for answer in answers] == [10003, 10003]


async def test_ids_grow_with_time(place: Place) -> None:
    ids = [place.world.new_id() for _ in range(3)]
    place.clock.pass_by(1)
    ids.append(place.world.new_id())

    assert all(before < after for before, after in pairwise(ids))
    assert (ids[-1] >> 22) - (ids[0] >> 22) == 1000
