"""The sandbox reads the link of an overlay where a person would: in the bot's reply to somebody of the cast."""

import pytest

from sandbox.discord.world import World
from sandbox.page.stream import Stream
from sandbox.seed import plant

SECRET = "Ab-_" * 10 + "xyz"
LINK = f"http://127.0.0.1:8420/overlay#{SECRET}"


class Stage:
    """A planted garden, what the page knows of the stream there, and a bot that says what a test wants."""

    def __init__(self):
        self.world = World()
        self.garden = plant(self.world)
        self.stream = Stream(self.world, self.garden.scene)
        self.news = []
        self.stream.listen(lambda: self.news.append(self.stream.link))

    def answer(self, user, component, *, author=None, public=False):
        message = {
            "author": {"id": str((author or self.world.bot_user).id)},
            "components": [{"type": 17, "components": [component]}],
        }
        self.world.notify(
            "message_update",
            message,
            guild_id=self.garden.guild.id,
            channel_id=self.garden.channels["live-stage"].id,
            only_for=None if public else user.id,
        )


@pytest.fixture
def stage():
    return Stage()


@pytest.fixture
def noor(stage):
    return stage.garden.users["noor"]


@pytest.mark.parametrize(
    "component",
    [
        {"type": 10, "content": f"||`{LINK}`||\nYou see this link only now."},
        {"type": 1, "components": [{"type": 2, "style": 5, "url": LINK, "label": "Look"}]},
    ],
)
def test_a_link_is_read_from_words_and_from_buttons(stage, noor, component):
    stage.answer(noor, component)

    assert stage.stream.to_json() == {
        "link": f"/overlay#{SECRET}",
        "owner": str(noor.id),
        "busy": False,
        "trouble": "",
    }
    assert stage.news == [f"/overlay#{SECRET}"]


def test_the_last_link_counts_and_the_same_one_is_no_news(stage, noor):
    other_link = LINK.replace("Ab", "Cd")
    for link in (LINK, LINK, other_link):
        stage.answer(noor, {"type": 10, "content": link})

    assert stage.news == [LINK.partition(":8420")[2], other_link.partition(":8420")[2]]


@pytest.mark.parametrize(
    "content", [LINK.replace("overlay#", "overlay/control#"), "https://x.example/overlay", "hello"]
)
def test_other_addresses_are_none(stage, noor, content):
    stage.answer(noor, {"type": 10, "content": content})

    assert stage.news == []


def test_nobody_else_can_put_a_page_on_stream(stage, noor):
    words = {"type": 10, "content": LINK}
    stage.answer(noor, words, author=stage.garden.users["leo"])
    stage.answer(noor, words, public=True)
    stage.answer(stage.garden.crowd[0], words)

    assert stage.news == []


async def test_a_bot_without_the_command_is_trouble_and_no_link(stage):
    stage.stream.open()
    is_busy = stage.stream.to_json()["busy"]
    await stage.stream.settled()

    assert is_busy
    assert stage.stream.to_json()["trouble"] == "The bot gave no link."
