"""Every way in which the rules say no has a sentence, in every language, and says what it did to the money."""

import ast
from collections.abc import Iterator
from pathlib import Path

import discord
import pytest

import bot.ui.text.refusals
from bot.domain.buying_errors import OrderEnded, PaymentUndecided, ProviderDown
from bot.domain.errors import Busy, NameTaken, NotEnoughCoins, Refusal, TooMany
from bot.ui.kit import access, cross_links
from bot.ui.kit.errors import cause_of, failure
from bot.ui.kit.replies import Reply
from bot.ui.text.mentions import NOUNS
from bot.ui.text.personal_refusals import PERSONAL
from bot.ui.text.reader import languages, reader_for
from bot.ui.text.refusal_texts import SENTENCES, words
from bot.ui.text.refusals import CannotWrite
from tests.ui.facts import Facts
from tests.ui.refusal_samples import refusals
from tests.ui.refusal_table import PAGE, page, table

ROOT = Path(__file__).parents[2]
NAMERS = {"NotFound", "parse_id", "picked", "picked_one"}
"""What takes the noun of a thing that may not exist."""
PAID_PERHAPS = ProviderDown | PaymentUndecided | OrderEnded
ENDINGS = {
    "en-US": ("You haven't been charged.", "Nothing was changed."),
    "de": ("Dir wurde nichts abgebucht.", "Es wurde nichts geändert."),
}


def kinds(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def text_of(reply: Reply) -> str:
    """Return what the only paragraph of a reply says."""
    (part,) = reply.card.parts
    return part.text


def test_every_refusal_has_a_sentence() -> None:
    assert bot.ui.text.refusals

    assert set(kinds()) == {*SENTENCES, *PERSONAL}
    assert not set(SENTENCES) & set(PERSONAL)
    assert set(kinds()) == {type(refusal) for refusal in refusals(Facts())}


def test_the_published_table_has_the_sentences_of_today() -> None:
    """If this fails: python -m tests.ui.refusal_table > docs/refusals.md"""
    assert PAGE.read_text(encoding="utf-8") == page()
    assert all(sentence.endswith((".", "?", "!")) for _, _, sentence in table())


@pytest.mark.parametrize("locale", ENDINGS)
def test_every_refusal_says_why_and_only_what_is_certain_of_the_rest(locale: str) -> None:
    reader = reader_for(locale)
    not_charged, not_changed = ENDINGS[locale]

    for refusal in refusals(Facts()):
        for uncharged in (False, True):
            text = text_of(failure(refusal, reader, 1, money=True, uncharged=uncharged))
            why, *outcomes = text.split("\n-# ")
            assert why.endswith((".", "?", "!", "“")), why
            assert len(why) > 15, why
            assert (not_charged in outcomes) is (uncharged and not isinstance(refusal, PAID_PERHAPS))
            assert (not_changed in outcomes) is (refusal.about == "settings")
            assert set(outcomes) <= {not_charged, not_changed}
            assert "{" not in text


def test_what_a_refusal_is_about_decides_what_else_it_says() -> None:
    topics = {kind: kind.about for kind in (NameTaken, CannotWrite, TooMany, ProviderDown, NotEnoughCoins, Busy)}

    assert topics == {
        NameTaken: "settings",
        CannotWrite: "settings",
        TooMany: "settings",
        ProviderDown: "payment",
        NotEnoughCoins: "",
        Busy: "",
    }


@pytest.mark.parametrize("money", [False, True])
def test_a_failure_names_the_wallet_only_where_coins_may_have_moved(money: bool) -> None:
    text = text_of(failure(RuntimeError(), reader_for("en-US"), 4711, money=money))

    assert ("/balance" in text) is money
    assert "charged." not in text.replace("whether you were charged.", "")


def test_sentences_differ_between_languages() -> None:
    english, german = reader_for("en-US"), reader_for("de")

    same = [refusal for refusal in refusals(Facts()) if words(refusal, english) == words(refusal, german)]

    assert same == []
    assert languages() == ["de"]


def test_what_refusals_name_is_a_word_of_the_product() -> None:
    nouns = {getattr(refusal, "noun", None) or getattr(refusal, "field", None) for refusal in refusals(Facts())}

    assert nouns - {None} <= set(NOUNS)


def test_whatever_cannot_be_found_is_a_word_of_the_product() -> None:
    calls = [
        node
        for folder in ("bot", "cogs")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMERS
    ]
    nouns = {argument.value for call in calls for argument in call.args if isinstance(argument, ast.Constant)}

    assert {"receipt", "leaderboard"} <= nouns <= set(NOUNS)


def test_who_is_short_of_coins_can_buy_some_at_once() -> None:
    reply = failure(NotEnoughCoins(20, 100), reader_for("en-US"), 1)

    assert "🪙\xa080 short" in text_of(reply)
    assert [item.payload()["custom_id"] for item in reply.items] == [cross_links.OPEN_SHOP]


def test_an_error_of_ours_gives_an_id_and_no_details() -> None:
    reply = failure(RuntimeError("secret"), reader_for("en-US"), 4711)

    assert "4711" in text_of(reply)
    assert "secret" not in str(reply.components())


def test_the_cause_is_found_under_all_wrappings() -> None:
    refusal = NotEnoughCoins(1, 2)
    try:
        raise access.Broken from refusal
    except access.Broken as error:
        wrapper = error

    assert cause_of(access.RefusedCommand(refusal)) is refusal
    assert cause_of(wrapper) is refusal
    assert cause_of(refusal) is refusal
    assert isinstance(cause_of(discord.app_commands.CommandNotFound("x", [])), discord.app_commands.CommandNotFound)
