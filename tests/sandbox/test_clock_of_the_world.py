"""The world's own clock: ids, `Date` headers and times follow it, wherever it is set."""

from email.utils import parsedate_to_datetime

from sandbox.discord.ids import Snowflakes, created_at, parse_iso
from tests.sandbox.wire import Clock, Place


async def test_answers_are_dated_by_the_worlds_clock(place: Place) -> None:
    place.world.clock.ahead = 13 * 3_600

    answer = await place.ask("GET", f"/channels/{place.channel.id}")

    assert parsedate_to_datetime(answer.headers["Date"]).timestamp() == place.clock() + 13 * 3_600


async def test_ids_and_times_are_by_the_worlds_clock(place: Place) -> None:
    place.world.clock.ahead = -3_600

    answer = await place.ask("POST", f"/channels/{place.channel.id}/messages", {"content": "hello"})

    assert created_at(int(answer.body["id"])) == place.clock() - 3_600
    assert parse_iso(answer.body["timestamp"]) == place.clock() - 3_600


def test_ids_go_back_with_a_clock_that_is_turned_back_and_stay_unique() -> None:
    clock = Clock()
    new_id = Snowflakes(clock)
    first = [new_id(), new_id()]
    clock.pass_by(3_600)
    ahead = new_id()
    clock.pass_by(-3_600)
    again = [new_id(), new_id()]

    assert len({*first, ahead, *again}) == 5
    assert created_at(again[0]) == created_at(first[0]) < created_at(ahead)
