"""A show may run for days, so nothing that is stored may grow without limit."""

import pytest

from sandbox.discord.files import Files
from sandbox.discord.model import Attachment, InteractionType
from sandbox.discord.state import interactions, log
from tests.sandbox.wire import Place


async def test_old_messages_of_a_channel_are_forgotten(place: Place) -> None:
    person = place.person(place.mia)
    for number in range(log.KEEP_PUBLIC + 3):
        await person.say(str(number))

    messages = place.world.messages(place.channel.id)

    assert (len(messages), messages[0].text) == (log.KEEP_PUBLIC, "3")


async def test_ephemeral_messages_do_not_push_out_public_ones(place: Place) -> None:
    public = await place.posted(content="board")
    for _ in range(log.KEEP_EPHEMERAL + 3):
        await place.answer(place.command(), 4, content="x", flags=64, with_response=False)

    messages = place.world.messages(place.channel.id, place.mia.id)

    assert (len(messages), messages[0]) == (log.KEEP_EPHEMERAL + 1, public)


async def test_requests_are_recorded_up_to_a_number(place: Place) -> None:
    maximum = place.world.requests.maxlen

    assert maximum is not None
    assert maximum <= 10_000


async def test_old_interactions_are_forgotten(place: Place) -> None:
    data = {"id": "1", "name": "gift", "type": 1}
    first = place.world.begin(place.mia, place.channel, InteractionType.COMMAND, data)
    for _ in range(interactions.KEEP_INTERACTIONS):
        place.world.begin(place.mia, place.channel, InteractionType.COMMAND, data)

    assert place.world.interaction(first.id) is None
    assert (await place.answer(first, 4, content="x")).code == 10062


@pytest.mark.parametrize("size", [40, 100])
def test_files_are_kept_up_to_a_number_of_bytes(size: int) -> None:
    files = Files()
    data = bytes(size * 1024 * 1024)
    for number in range(1, 5):
        files.add(Attachment(number, "a", data, "", "image/png"))

    numbers = [number for number in range(1, 5) if files.get(number)]

    assert numbers == ([2, 3, 4] if size == 40 else [4])
