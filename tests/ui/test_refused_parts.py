"""What Discord refuses of a reply is left out wherever it stands, and the rest is shown."""

from types import SimpleNamespace
from typing import Any, cast

import discord

from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button, Menu, Option
from bot.ui.kit.refused_parts import refused_emoji, without
from bot.ui.kit.replies import Reply, reply

DELETED = "<:sun:9223372036854775807>"


def test_a_deleted_emoji_is_left_out_beside_a_heading_in_a_menu_and_a_row_of_the_text_and_in_the_last_row() -> None:
    card = Card(
        0,
        (
            Part("Pick one", "Gifts", Button("Sun", "sun", emoji=DELETED)),
            Part("Or another", menu=Menu("gift", "Gift", options=(Option("Sun", 1, emoji=DELETED),))),
            Part("Or one of these", row=(Button("Sun", "sun-again", emoji=DELETED), Button("Moon", "moon"))),
            Part("Or from here", row=(Menu("more", "More", options=(Option("Sun", 2, emoji=DELETED),)),)),
        ),
    )
    panel = reply(card, [Button("Send", "send", emoji=DELETED), Button("Petal", "petal", emoji="🌸")])

    emoji = refused_emoji(panel, refusal(panel))
    shown = without(panel, emoji)

    assert emoji == {DELETED}
    assert not emoji_paths(shown.components(), "sun")
    assert len(emoji_paths(shown.components(), "🌸")) == 1


def test_a_deleted_emoji_is_left_out_of_a_message_that_was_posted_as_an_embed() -> None:
    card = Card(0, (Part("Pick one", "Gifts", Button("Sun", "sun", emoji=DELETED)),))
    panel = reply(card).embedded()

    emoji = refused_emoji(panel, refusal(panel))
    shown = without(panel, emoji)

    assert emoji == {DELETED}
    assert [part["label"] for row in shown.components() for part in row["components"]] == ["Sun"]
    assert not emoji_paths(shown.components(), "sun")


def refusal(panel: Reply) -> discord.HTTPException:
    """Return the error with which Discord names every place of the deleted emoji."""
    errors: dict[str, Any] = {}
    for path in emoji_paths(panel.components(), "sun"):
        place = errors
        for step in ("components", *path, "emoji", "id"):
            place = place.setdefault(step, {})
        place["_errors"] = [{"code": "BUTTON_COMPONENT_INVALID_EMOJI", "message": "Invalid emoji"}]
    answer = cast("Any", SimpleNamespace(status=400, reason="Bad Request"))
    return discord.HTTPException(answer, {"code": 50035, "message": "Invalid Form Body", "errors": errors})


def emoji_paths(tree: Any, emoji: str, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the paths of whatever bears an emoji with this name or character."""
    if isinstance(tree, list):
        return [place for number, part in enumerate(tree) for place in emoji_paths(part, emoji, (*path, str(number)))]
    if not isinstance(tree, dict):
        return []
    own = [path] if emoji in tree.get("emoji", {}).values() else []
    return own + [
        place for name, part in tree.items() if name != "emoji" for place in emoji_paths(part, emoji, (*path, name))
    ]
