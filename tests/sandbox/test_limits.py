"""What Discord refuses in messages and modals, with the location of each mistake."""

from typing import Any

import pytest

from tests.sandbox.wire import Place

MESSAGE, MODAL = 4, 9
V2 = 1 << 15


def button(**changes: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | changes


def row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


def select(**changes: Any) -> dict[str, Any]:
    options = [{"label": "Rose", "value": "rose"}]
    return {"type": 3, "custom_id": "pick", "options": options} | changes


def buttons(count: int) -> list[dict[str, Any]]:
    return [button(custom_id=f"b{number}") for number in range(count)]


def embed(**changes: Any) -> dict[str, Any]:
    return {"title": "x"} | changes


def field(**changes: Any) -> dict[str, Any]:
    return {"name": "n", "value": "v"} | changes


def text_of(length: int) -> dict[str, Any]:
    return {"type": 10, "content": "x" * length}


BAD_MESSAGES: list[tuple[dict[str, Any], str]] = [
    ({"content": "x" * 2001}, "content=BASE_TYPE_MAX_LENGTH"),
    ({"content": 7}, "content=STRING_TYPE_CONVERT"),
    ({"nonce": "x" * 26}, "nonce=NONCE_TYPE_TOO_LONG"),
    ({"embeds": [embed()] * 11}, "embeds=BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [embed(title="x" * 257)]}, "embeds.0.title=BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [embed(description="x" * 4097)]}, "embeds.0.description=BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [embed(footer={"text": "x" * 2049})]}, "embeds.0.footer.text=BASE_TYPE_BAD_LENGTH"),
    ({"embeds": [embed(author={"name": "x" * 257})]}, "embeds.0.author.name=BASE_TYPE_BAD_LENGTH"),
    ({"embeds": [embed(fields=[field()] * 26)]}, "embeds.0.fields=BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [embed(fields=[field(value="")])]}, "embeds.0.fields.0.value=BASE_TYPE_BAD_LENGTH"),
    ({"embeds": [embed(fields=[field(name="x" * 257)])]}, "embeds.0.fields.0.name=BASE_TYPE_BAD_LENGTH"),
    ({"embeds": [embed(description="x" * 3000)] * 2}, "embeds=MAX_EMBED_SIZE_EXCEEDED"),
    ({"embeds": [embed(url="ftp://x")]}, "embeds.0.url=URL_TYPE_INVALID_SCHEME"),
    ({"embeds": [{}]}, "embeds.0.description=BASE_TYPE_REQUIRED"),
    ({"embeds": [embed(timestamp="yesterday")]}, "embeds.0.timestamp=DATE_TIME_TYPE_PARSE"),
    ({"components": [row(button())] * 6}, "components=BASE_TYPE_MAX_LENGTH"),
    ({"components": [row(*buttons(6))]}, "components.0.components=BASE_TYPE_BAD_LENGTH"),
    ({"components": [row()]}, "components.0.components=BASE_TYPE_BAD_LENGTH"),
    ({"components": [button()]}, "components.0.type=BASE_TYPE_CHOICES"),
    ({"components": [row(button(label="x" * 81))]}, "components.0.components.0.label=BASE_TYPE_MAX_LENGTH"),
    ({"components": [row(button(custom_id="x" * 101))]}, "components.0.components.0.custom_id=BASE_TYPE_BAD_LENGTH"),
    ({"components": [row(button(custom_id=None))]}, "components.0.components.0.custom_id=BASE_TYPE_REQUIRED"),
    (
        {"components": [row(button(), button())]},
        "components.0.components.1.custom_id=COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    ({"components": [row(button(style=5))]}, "components.0.components.0.custom_id=BUTTON_COMPONENT_INVALID_FIELD"),
    ({"components": [row(button(label=None))]}, "components.0.components.0=BUTTON_COMPONENT_LABEL_REQUIRED"),
    (
        {"components": [row({"type": 2, "style": 6, "sku_id": "1"})]},
        "components.0.components.0.sku_id=BUTTON_COMPONENT_INVALID_SKU_ID",
    ),
    (
        {"components": [row(button(emoji={"name": "🇽🇽"}))]},
        "components.0.components.0.emoji.name=BUTTON_COMPONENT_INVALID_EMOJI",
    ),
    (
        {"components": [row(button(emoji={"name": "▲"}))]},
        "components.0.components.0.emoji.name=BUTTON_COMPONENT_INVALID_EMOJI",
    ),
    (
        {"components": [row(button(emoji={"name": "gone", "id": "123456789012345678"}))]},
        "components.0.components.0.emoji.id=BUTTON_COMPONENT_INVALID_EMOJI",
    ),
    (
        {"components": [row(select(options=[{"label": "a", "value": "a", "emoji": {"name": "🍕\u200d🍕\u200d🍕"}}]))]},
        "components.0.components.0.options.0.emoji.name=BUTTON_COMPONENT_INVALID_EMOJI",
    ),
    ({"components": [row(select(), button())]}, "components.0.components.1=COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    ({"components": [row(select(options=[]))]}, "components.0.components.0.options=BASE_TYPE_BAD_LENGTH"),
    (
        {"components": [row(select(options=[{"label": "a", "value": str(n)} for n in range(26)]))]},
        "components.0.components.0.options=BASE_TYPE_BAD_LENGTH",
    ),
    (
        {"components": [row(select(options=[{"label": "x" * 101, "value": "a"}]))]},
        "components.0.components.0.options.0.label=BASE_TYPE_BAD_LENGTH",
    ),
    (
        {"components": [row(select(options=[{"label": "a", "value": "a"}] * 2))]},
        "components.0.components.0.options.1.value=SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    (
        {"components": [row(select(placeholder="x" * 151))]},
        "components.0.components.0.placeholder=BASE_TYPE_MAX_LENGTH",
    ),
    ({"components": [row(select(max_values=2))]}, "components.0.components.0.max_values=SELECT_COMPONENT_MAX_VALUES"),
    ({"components": [text_of(1)]}, "components.0.type=BASE_TYPE_CHOICES"),
    (
        {"content": "x", "flags": V2, "components": [text_of(1)]},
        "content=MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    (
        {"flags": V2, "components": [text_of(2001), text_of(2000)]},
        "components=COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    ({"flags": V2, "components": [text_of(1)] * 41}, "components=BASE_TYPE_MAX_LENGTH"),
    (
        {"flags": V2, "components": [{"type": 17, "components": [text_of(1)] * 40}]},
        "components=COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    (
        {"flags": V2, "components": [{"type": 9, "components": [text_of(1)]}]},
        "components.0.accessory=BASE_TYPE_REQUIRED",
    ),
    (
        {"flags": V2, "components": [{"type": 13, "file": {"url": "https://x.example/a"}}]},
        "components.0.file.url=URL_TYPE_INVALID_SCHEME",
    ),
    (
        {"flags": V2, "components": [{**text_of(1), "id": 3}, {**text_of(1), "id": 3}]},
        "components.1.id=COMPONENT_ID_DUPLICATED",
    ),
    (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions=MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
    ({"content": "x", "allowed_mentions": {"parse": ["people"]}}, "allowed_mentions.parse.0=BASE_TYPE_CHOICES"),
]


@pytest.mark.parametrize(("body", "mistake"), BAD_MESSAGES, ids=[mistake for _, mistake in BAD_MESSAGES])
async def test_a_bad_message_is_refused_with_the_place_of_the_mistake(
    place: Place, body: dict[str, Any], mistake: str
) -> None:
    answer = await place.send(**body)

    assert (answer.status, mistake in answer.mistakes) == (400, True), answer.body
    assert place.world.messages(place.channel.id) == []


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": "  \n "}, {"embeds": []}])
async def test_an_empty_message_is_50006(place: Place, body: dict[str, Any]) -> None:
    answer = await place.send(**body)

    assert answer.code == 50006


async def test_the_largest_message_passes(place: Place) -> None:
    rows = [row(*(button(custom_id=f"{r}-{c}" + "x" * 97, label="y" * 80) for c in range(5))) for r in range(5)]
    body = {"content": "x" * 2000, "embeds": [embed(description="z" * 599)] * 10, "components": rows}

    answer = await place.send(**body)

    assert answer.status == 200, answer.body


async def test_an_edit_is_held_to_the_same_limits(place: Place) -> None:
    message = await place.posted(content="x")

    answer = await place.ask("PATCH", f"{place.here}/{message.id}", {"embeds": [embed(title="x" * 257)]})

    assert answer.mistakes == {"embeds.0.title=BASE_TYPE_MAX_LENGTH"}
    assert message.embeds == []


async def test_an_edit_cannot_empty_a_message(place: Place) -> None:
    message = await place.posted(content="x")

    answer = await place.ask("PATCH", f"{place.here}/{message.id}", {"content": ""})

    assert (answer.code, message.content) == (50006, "x")


async def test_components_come_back_with_ids_and_defaults(place: Place) -> None:
    layout = {"type": 17, "components": [text_of(1), {"type": 14}, row(select())]}

    answer = await place.send(flags=V2, components=[layout])

    container = answer.body["components"][0]
    assert [component["id"] for component in (container, *container["components"])] == [1, 2, 3, 4]
    assert container["components"][1] == {"type": 14, "id": 3, "divider": True, "spacing": 1}
    assert container["components"][2]["components"][0]["min_values"] == 1


async def test_an_emoji_of_a_guild_is_taken_until_it_is_deleted(place: Place) -> None:
    emoji = place.world.add_emoji(place.guild, "rosette")
    body = {"components": [row(button(emoji={"name": "rosette", "id": str(emoji.id)}), button(custom_id="b"))]}
    acceptance = await place.send(content="x", **body)
    place.world.delete_emoji(place.guild, emoji)
    refusal = await place.send(content="x", **body)

    assert acceptance.status == 200
    assert refusal.mistakes == {"components.0.components.0.emoji.id=BUTTON_COMPONENT_INVALID_EMOJI"}


@pytest.mark.parametrize("emoji", ["🌸", "❤️", "❤", "👩‍👩‍👧‍👦", "🏳️‍🌈", "#️⃣", "🇩🇪", "👋🏽", "◀️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
async def test_a_standard_emoji_is_taken(place: Place, emoji: str) -> None:
    assert (await place.send(content="x", components=[row(button(emoji={"name": emoji}))])).status == 200


async def test_a_premium_button_needs_a_sku_of_the_application(place: Place) -> None:
    sku = place.world.add_sku("Coins", price_minor=99)

    answer = await place.send(content="x", components=[row({"type": 2, "style": 6, "sku_id": str(sku.id)})])

    assert answer.status == 200


async def test_a_file_above_ten_megabytes_is_40005(place: Place) -> None:
    answer = await place.ask("POST", place.here, {"content": "x"}, files={"a.png": b"x" * (10 * 1024 * 1024 + 1)})

    assert (answer.status, answer.code) == (413, 40005)


async def test_broken_json_is_50109(place: Place) -> None:
    headers = {"Authorization": f"Bot {place.world.application.token}", "Content-Type": "application/json"}

    async with place.http.post(place.server.api_url + place.here, data=b"{", headers=headers) as response:
        body = await response.json()

    assert (response.status, body["code"]) == (400, 50109)


def label(**component: Any) -> dict[str, Any]:
    return {"type": 18, "label": "Why", "component": {"type": 4, "custom_id": "why", "style": 1} | component}


BAD_MODALS: list[tuple[dict[str, Any], str]] = [
    ({"title": "x" * 46}, "data.title=BASE_TYPE_BAD_LENGTH"),
    ({"custom_id": ""}, "data.custom_id=BASE_TYPE_BAD_LENGTH"),
    ({"components": []}, "data.components=BASE_TYPE_BAD_LENGTH"),
    ({"components": [label(custom_id=str(n)) for n in range(6)]}, "data.components=BASE_TYPE_BAD_LENGTH"),
    ({"components": [label()] * 2}, "data.components.1.component.custom_id=COMPONENT_CUSTOM_ID_DUPLICATED"),
    ({"components": [label(value="x" * 4001)]}, "data.components.0.component.value=BASE_TYPE_MAX_LENGTH"),
    ({"components": [label(placeholder="x" * 101)]}, "data.components.0.component.placeholder=BASE_TYPE_MAX_LENGTH"),
    ({"components": [label(style=3)]}, "data.components.0.component.style=BASE_TYPE_CHOICES"),
    ({"components": [{**label(), "label": "x" * 46}]}, "data.components.0.label=BASE_TYPE_BAD_LENGTH"),
    ({"components": [row(button())]}, "data.components.0.components.0.type=BASE_TYPE_CHOICES"),
]


@pytest.mark.parametrize(("changes", "mistake"), BAD_MODALS, ids=[mistake for _, mistake in BAD_MODALS])
async def test_a_bad_modal_does_not_open(place: Place, changes: dict[str, Any], mistake: str) -> None:
    interaction = place.command()

    form: dict[str, Any] = {"custom_id": "why", "title": "Why", "components": [label()]}
    answer = await place.answer(interaction, MODAL, **(form | changes))

    assert mistake in answer.mistakes
    assert interaction.modal is None
