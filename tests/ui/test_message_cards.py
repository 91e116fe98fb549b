"""What cards say: all of it within a layout's room, nothing twice, and the same in both of Discord's forms."""

from dataclasses import replace

import discord
import pytest

from bot.domain.gift_totals import GiftTotals
from bot.domain.match import Answer, Invitation, MatchCard, MatchState, Score
from bot.domain.money import MAX_COUNT
from bot.domain.text import MESSAGE_LENGTH, NAME_LENGTH
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.kit.cross_links import gift_button
from bot.ui.kit.posting import Draft, Place
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.announcements import gifts_card, grand_card, totals_card
from bot.ui.looks.live_card import Scene, live_card
from bot.ui.looks.match_card import match_card
from bot.ui.text.reader import reader_for
from tests.ui import limits, samples
from tests.ui.facts import ID, Facts
from tests.ui.test_rendering import LOCALES

READER = reader_for("en-US")
PICTURE = Picture("goal-62.png", b"", "Goal: 62%")


def texts(message: Reply) -> list[str]:
    """Return the texts of a card's layout, in order."""
    return [part["content"] for part in limits.walk(message.components()) if part["type"] == 10]


def gifts(senders: int, items: int = 1, creators: int = 1, **changes: object) -> GiftTotals:
    """Return gifts from several senders, as many as a message that names each of them has room for."""
    totals, facts = GiftTotals(), replace(Facts(coins=44_999, count=MAX_COUNT, note=""), **changes)
    for number in range(senders):
        gift = samples.receipt(replace(facts, name=f"{number % items}{facts.name}"[:NAME_LENGTH]))
        gift = gift._replace(seq=number + 1, actor_id=ID - number, other_id=ID - 1000 - number % creators)
        if totals.has_room(gift):
            totals.add(gift)
    return totals


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", ["x" * NAME_LENGTH, "x"])
def test_a_message_that_names_every_grand_gift_has_room_for_all_of_them(locale: str, name: str) -> None:
    for items in (1, 99):
        totals = gifts(99, items, creators=99, name=name, note="y" * MESSAGE_LENGTH)

        paragraphs = texts(reply(grand_card(totals, reader_for(locale))))

        assert all(f"<@{line.sender_id}>" in paragraphs[0] for line in totals.lines.values())
        assert not any(text.endswith("…") for text in (paragraphs[0], paragraphs[-1]))
        assert paragraphs[-1].startswith("-# 🪙")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_longest_board_still_ends_with_its_sums(locale: str) -> None:
    facts = Facts(name="x" * NAME_LENGTH, title="y" * 100, coins=10**9, count=MAX_COUNT)
    status, scene = samples.live(facts), samples.scene(facts)

    paragraphs = texts(reply(live_card(status, reader_for(locale), scene, PICTURE), [gift_button(ID, READER)]))

    assert not any("…" in text for text in paragraphs)
    assert paragraphs[-1].startswith("-# ")


def test_a_creator_is_named_once_where_there_is_only_one() -> None:
    totals = gifts(senders=30, items=4)

    (paragraphs, small) = texts(reply(gifts_card(totals, READER)))

    assert paragraphs.count(f"<@{ID - 1000}>") == 1
    assert paragraphs.count("\n") == 4
    assert "others" in paragraphs.splitlines()[1]
    assert small == f"-# {READER.coins(totals.coins)}"


def test_each_line_names_its_creator_where_there_are_several() -> None:
    paragraphs, _ = texts(reply(gifts_card(gifts(senders=4, items=4, creators=2), READER)))

    assert paragraphs.count("→") == 4


def test_the_totals_below_a_message_say_who_gave_unless_nobody_wants_to_be_named() -> None:
    paragraphs, _ = texts(reply(totals_card(gifts(senders=5), READER)))
    unnamed, _ = texts(reply(totals_card(gifts(senders=5, anonymous=True), READER)))

    assert paragraphs.endswith(f"From <@{ID}>, <@{ID - 1}>, <@{ID - 2}>, and 2 others")
    assert "From" not in unnamed
    assert str(ID) not in unnamed


def test_the_totals_below_a_message_name_what_was_given_as_long_as_that_is_little() -> None:
    little, much = (
        texts(reply(totals_card(gifts(items, items, name="Petal"), READER)))[0].splitlines()[0] for items in (3, 4)
    )
    discreet = gifts(2, 2, name="Petal")
    discreet.discreet_ids = frozenset({ID})
    hidden, _ = texts(reply(totals_card(discreet, READER)))

    assert little.split(" · ") == [f"🌸 **\u2068{number}Petal\u2069 × 99**" for number in range(3)]
    assert much == "🌸\xa0396"
    assert "🌸 **\u20680Petal\u2069** · 🌸 **\u20681Petal\u2069 × 99**" in hidden


def test_an_embed_says_what_the_layout_says() -> None:
    card = Card(0xFF0000, (Part("one"), Part("two", "Heading")), title="Title", footer="Footer", pictures=(PICTURE,))

    embedded = reply(card).embedded()

    (embed,) = embedded.embeds()
    assert texts(reply(card)) == ["## Title\none", "**Heading**\ntwo", "-# Footer"]
    assert (embed.title, embed.description, embed.footer.text) == ("Title", "one", "Footer")
    assert [(field.name, field.value) for field in embed.fields] == [("Heading", "two")]
    assert (embed.image.url, [file.filename for file in embedded.sent()["files"]]) == (PICTURE.url, [PICTURE.filename])


def test_a_card_pings_whom_it_is_told_to_by_the_names_in_its_own_text() -> None:
    message = reply(Card.of("<@1> sent a Phoenix to <@2>", 0))

    layout = Draft(message, pinged=(2,)).posted(Place(1, 1))
    embed = Draft(message, pinged=(2,), is_layout=False).within(discord.Permissions.all()).posted(Place(1, 1))

    assert "content" not in layout
    assert layout["allowed_mentions"].to_dict() == {"parse": [], "users": [2], "replied_user": True}
    assert embed["content"] == "<@2>"


def test_a_switch_stands_beside_its_heading_with_what_it_does_in_full_width_below() -> None:
    switch = gift_button(ID, READER)

    (container,) = reply(Card(0, (Part("first"), Part("what it does", "On", switch)), title="Yours")).components()

    section, below = container["components"][-2:]
    assert [text["content"] for text in section["components"]] == ["**On**"]
    assert section["accessory"] == switch.payload()
    assert below["content"] == "what it does"


@pytest.mark.parametrize(("rounds", "has_end"), [(1, True), (3, False)])
def test_the_card_of_a_match_names_an_end_only_if_it_stays_true_without_an_edit(rounds: int, has_end: bool) -> None:
    invitation = Invitation(ID, 1, ID, ID, ID - 1, rounds, frozen=False, answer=Answer.ACCEPTED)
    state = MatchState(invitation.begin(1, 0), (Score(0, 0),), Score(0, 0), over_ms=None)

    (text,) = texts(match_card(MatchCard(invitation, state, now_ms=0), READER))

    assert ("<t:300:R>" in text) is has_end


def test_the_title_stands_above_the_heading_of_the_first_part() -> None:
    card = Card(0, (Part("She gets back 50 coins.", "Setlist"),), title="Take this perk back?")

    assert texts(reply(card)) == ["## Take this perk back?\n**Setlist**\nShe gets back 50 coins."]


def test_a_board_tells_the_coins_of_the_last_minute_while_there_are_any() -> None:
    busy, calm = (" ".join(texts(reply(live_card(samples.live(Facts()), READER, Scene(pace=pace))))) for pace in (9, 0))

    assert "⚡ **🪙\xa09 coins** in the last minute" in busy
    assert "last minute" not in calm


def test_what_the_sender_of_several_gifts_wrote_is_not_signed() -> None:
    contents = gifts(1, note="hello")
    contents.add(samples.receipt(Facts(name="Other", note=""))._replace(seq=2, actor_id=ID, other_id=ID - 1000))

    for card in (gifts_card(contents, READER), totals_card(contents, READER)):
        text = "\n".join(texts(reply(card)))
        assert len(contents.lines) > 1
        assert "hello" in text
        assert "— <@" not in text


def test_what_the_only_sender_wrote_is_not_signed() -> None:
    (alone, _), (together, _) = (
        texts(reply(gifts_card(gifts(senders, note="hello"), READER)))[-2:] for senders in (1, 2)
    )

    assert "hello" in alone
    assert "—" not in alone
    assert f"— <@{ID}>" in together
