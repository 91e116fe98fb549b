"""What members read in a challenge: what is missing to a prize, who is named, and whose points nobody reads."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.challenges import Challenge, Prize, Score, ranked
from bot.services.challenge_places import ASKED_AT_ONCE, ChallengeBoard, League, Place, Progress, present_places
from bot.ui.looks.challenges import Seen, place_line
from bot.ui.text.reader import reader_for
from cogs.challenges.progress import Viewed, card, missing

ENGLISH = reader_for("en-US")
ME = 99


class Everyone:
    """Members of whom nobody has left but `absent_ids`."""

    def __init__(self, *absent_ids: int) -> None:
        self.absent_ids = absent_ids
        self.questions: list[int] = []

    async def members_among(self, guild_id: int, user_ids: Iterable[int]) -> set[int]:
        ids = [*user_ids]
        self.questions += ids
        return {*ids} - {*self.absent_ids}


points = st.integers(1, 50)
others = st.lists(points, max_size=6)


@given(others, st.integers(0, 40), st.builds(Prize, st.integers(0, 5), st.integers(0, 60)))
def test_with_the_points_that_are_missing_and_no_fewer_the_prize_is_theirs(rivals, own, prize):
    places = [Place(number, count) for number, count in enumerate(sorted(rivals, reverse=True), start=1)]

    def gets_it(count: int) -> bool:
        # Whoever comes to the same points now is behind the others.
        scores = [Score(place.member_id, place.points, 0) for place in places] + [Score(ME, count, 1)]
        order = [score.holder for score in ranked(scores)]
        return ME in order and prize.is_for(order.index(ME) + 1, count)

    lack = missing(prize, own, [*places, Place(ME, own)] if own else places, ME)
    if gets_it(own):
        assert lack <= 0
    else:
        assert lack > 0
        assert gets_it(own + lack)
        assert not gets_it(own + lack - 1)


async def test_places_close_up_and_only_as_many_are_asked_about_as_are_needed():
    members = Everyone(1, 2)
    league = League(0, [Place(number, 100 - number) for number in range(1, 40)] + [Place(0, 1)])
    present, absent_ids = await present_places(members, 7, league, wanted=3)

    assert [place.member_id for place in present[:3]] == [3, 4, 5]
    assert len(present) == 38
    assert absent_ids == {1, 2}
    assert len(members.questions) == ASKED_AT_ONCE


async def test_whoever_was_erased_has_no_place():
    present, absent_ids = await present_places(Everyone(), 7, League(0, [Place(0, 9), Place(5, 8)]), wanted=3)

    assert (present, absent_ids) == ([Place(5, 8)], {0})


def test_the_hidden_are_not_named_and_of_the_discreet_nobody_reads_the_points():
    seen = Seen({5, 6}, {6})
    lines = [place_line(number, Place(member, 40), seen, ENGLISH) for number, member in ((1, 5), (2, 6), (4, 7))]

    assert lines == ["🥇 <@5> · 40 points", "🥈 <@6>", "**4.** Someone · 40 points"]


def test_nobody_reads_the_points_of_whoever_hides_them_in_what_they_are_missing():
    cup = Challenge(7, 70, "Cup", starts_ms=1, ends_ms=9, posted_ms=1, prizes=(Prize(places=1), Prize(points=50)))
    league = League(0, [Place(1, 7_777), Place(ME, 10)])
    board = ChallengeBoard(cup, [league], [Progress(0, 10, {}, {})])

    def words(*discreet: int) -> str:
        viewed = Viewed(board, [league], ME, Seen({1, ME}, discreet), 5)
        return "\n".join(part.text for part in card(viewed, ENGLISH).parts)

    assert "7,768 more points" in words()
    assert "7," not in words(1)
    assert "Whoever has the last place for it hides their points." in words(1)
    assert "40 more points" in words(1)
