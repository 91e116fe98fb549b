"""The recap of a live event says everything once: in its picture, or in words where there is none."""

from dataclasses import replace

import pytest

from bot.domain.combos import Combo
from bot.domain.live import Recap
from bot.domain.match import MatchResult, Score
from bot.domain.momentum import LEVELS
from bot.imaging.values import Person
from bot.services.live_rules import LiveStatus
from bot.ui.looks.recap import alt_text, people_on, recap_card, recap_of
from bot.ui.text.reader import reader_for
from tests.ui import samples
from tests.ui.facts import NOW_MS, Facts

READER = reader_for("en-US")
VERDICTS = ("Goal reached!", "Reached after the deadline", "Goal not reached")


def status(goal: int, *, in_time: bool) -> LiveStatus:
    """Return a show that came to 100 coins."""
    show = samples.live(Facts(coins=100, count=1), ended_ms=NOW_MS, goal=goal)
    recap = show.recap
    assert recap is not None
    return replace(show, recap=Recap(NOW_MS if in_time else None, recap.best, recap.train, recap.matches))


@pytest.mark.parametrize(
    ("goal", "in_time", "in_picture", "in_words"),
    [
        (50, True, "Goal reached!", "🎯 Goal reached!"),
        (50, False, "Reached after the deadline", "🎯 The goal was reached, but after the deadline."),
        (500, False, "Goal not reached", "🎯 The goal wasn't reached this time."),
    ],
)
def test_what_became_of_the_goal_stands_in_the_picture_or_in_words(
    goal: int, in_picture: str, in_words: str, *, in_time: bool
):
    show = status(goal, in_time=in_time)
    picture = recap_card(show, {member: Person("Mia", member) for member in people_on(show)}, READER)
    beside_picture = recap_of(show, READER, samples.PICTURE)
    alone = recap_of(show, READER)

    assert picture.goal is not None
    assert picture.goal.text == in_picture
    assert picture.goal.reached == in_time
    assert len(beside_picture.parts) == 1
    assert not any(word in beside_picture.parts[0].text for word in ("oal", "coins", "gift", "combo"))
    assert alone.parts[0].text.count(in_words) == 1


NAMES = {1: "Noor", 2: "Kai", 3: "Mia"}


@pytest.mark.parametrize(
    ("train", "sentence"),
    [(3, "🚂 A gift train completed level 3 of 5"), (LEVELS, "🚂 A gift train went all the way")],
)
def test_a_recap_names_all_creators_the_winner_of_a_match_the_best_combo_and_how_far_a_train_came(
    train: int, sentence: str
):
    results = (MatchResult(1, 1, 2, 1, Score(8, 12), is_decided=True),)
    show = samples.live(Facts(rows=1), ended_ms=NOW_MS)
    show = replace(show, creators=(1, 2), best_id=3, reached=())
    show = replace(show, recap=Recap(None, Combo(9, 1, "Petal", "🌸", 7), train, results))
    picture = recap_card(show, {member: Person(NAMES.get(member, "Leo"), member) for member in people_on(show)}, READER)
    highlights = ("⚔️ Kai won the match against Noor, 12 : 8", "⚡ Best combo: Petal × 7 by Mia", sentence)

    assert picture.names == "Noor and Kai"
    assert picture.highlights == highlights
    assert all(text in alt_text(picture, READER) for text in ("Noor and Kai", *highlights))
    assert "<@2> won the match against <@1>, 12 : 8" in recap_of(show, READER).parts[0].text
    assert "<@1> and <@2>'s live event" in recap_of(show, READER, samples.PICTURE).parts[0].text
