"""The tour of a first visit. A step is done once it has happened, and for all open pages alike."""

import re
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from typing import Final

import orjson

from sandbox.checkout.sessions import Session
from sandbox.discord.jsontypes import JSON
from sandbox.discord.limits.components import GALLERY
from sandbox.discord.model.message import LOADING, MENU, walk
from sandbox.discord.world import World, WorldEvent
from sandbox.page.scene import Scene
from sandbox.stripe.account import Account

STEPS: Final = ("buy", "gift", "announcement", "stream", "leaderboard", "moderation")
_NEWEST: Final = 50
"""How many public messages of the bot are kept: an announcement can come before its giver's receipt."""
_RECEIPT: Final = re.compile(r"#\d")
_ORDER: Final = re.compile(r"#\d+ · \D*\d{17,}")
"""The receipt of a purchase also has the number of its order. Staff may have confirmed it, without any checkout."""
_SUCCESS: Final = "✅"
_LEADERBOARD: Final = "🏆"


class Tour:
    """Watches the world and the checkouts for the steps. `steps` holds those that have happened."""

    def __init__(self, world: World, scene: Scene) -> None:
        self.steps: set[str] = set()
        self._cast_ids = {role.user.id for role in scene.cast}
        self._bot_id = str(world.bot_user.id)
        self._giver_ids: set[int] = set()
        self._posts: deque[WorldEvent] = deque(maxlen=_NEWEST)
        self._looks: dict[Hashable, int] = {}
        self._listeners: list[Callable[[], None]] = []
        world.watch(self._on_world)

    def to_json(self) -> JSON:
        """Return the steps that have happened, in their order."""
        return {"steps": [step for step in STEPS if step in self.steps]}

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change; return a function that ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def restart(self) -> None:
        """Begin again with the first step."""
        self.steps.clear()
        self._giver_ids.clear()
        self._posts.clear()
        self._tell()

    def notice_payment(self, session: Session) -> None:
        """Learn what a buyer has done at the checkout."""
        if session.status == "paid":
            self._finish("buy")

    def notice_stripe(self, _: Account, event: JSON) -> None:
        """Learn what has happened at the pretend Stripe."""
        thing = event["data"]["object"]
        if thing["object"] == "checkout.session" and thing["payment_status"] == "paid":
            self._finish("buy")

    def notice_stream(self) -> None:
        """Learn that a page has shown a gift on its overlay."""
        self._finish("stream")

    def look(self, visit: Hashable, channel_id: int) -> None:
        """Learn which channel a page shows."""
        self._looks[visit] = channel_id
        self._match_announcements()

    def leave(self, visit: Hashable) -> None:
        """Forget a page that was closed."""
        self._looks.pop(visit, None)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _finish(self, step: str) -> None:
        if step not in self.steps:
            self.steps.add(step)
            self._tell()

    def _on_world(self, event: WorldEvent) -> None:
        if event.name not in {"message_create", "message_update"} or len(self.steps) == len(STEPS):
            return
        # In a storm hundreds of private answers come every second, none of them to somebody of the cast.
        if event.only_for is not None and event.only_for not in self._cast_ids:
            return
        message = event.payload
        if message["author"]["id"] != self._bot_id or message["flags"] & LOADING:
            return
        used = message.get("interaction")
        if used is not None and int(used["user"]["id"]) in self._cast_ids:
            self._on_answer(used["name"], message)
        elif event.only_for is not None and any(_LEADERBOARD in words for words in _pictured(message)):
            self._finish("leaderboard")  # A button leads to one, too, and its answer names no command.
        if event.only_for is not None:
            self._on_receipt(event.only_for, message)
        elif used is None:
            self._posts.append(event)
        self._match_announcements()

    def _on_answer(self, command: str, message: JSON) -> None:
        if command == "leaderboard" and not _is_refusal(message):
            self._finish("leaderboard")
        elif command == "packages add" and any(_SUCCESS in title for title in _titles(message)):
            self._finish("moderation")

    def _on_receipt(self, member_id: int, message: JSON) -> None:
        """Look whether a private message is the receipt of a purchase or a gift, and not that of granted coins."""
        used = message.get("interaction")
        can_be_gift = used is None or used["name"] == "gift" or message["type"] == MENU
        for words in _small_print(message):
            is_purchase = _ORDER.search(words) is not None
            if is_purchase:
                self._finish("buy")
            # A gift that was bought with its coins has a number of its own on their receipt.
            numbers = len(_RECEIPT.findall(words)) - is_purchase
            if numbers > 0 and (can_be_gift or is_purchase):
                self._giver_ids.add(member_id)
                self._finish("gift")

    def _match_announcements(self) -> None:
        """Finish the step if a page shows a channel in which the bot has named somebody who gave."""
        if "announcement" in self.steps or not self._giver_ids:
            return
        names = [f"<@{giver_id}>".encode() for giver_id in self._giver_ids]
        open_channel_ids = set(self._looks.values())
        for post in self._posts:
            if post.channel_id in open_channel_ids and any(name in orjson.dumps(post.payload) for name in names):
                self._finish("announcement")
                return


def _titles(message: JSON) -> Iterator[str]:
    for embed in message["embeds"]:
        yield embed.get("title", "")
    for component in walk(message["components"]):
        heading, _, _ = component.get("content", "").partition("\n")
        if heading.startswith("## "):
            yield heading


def _small_print(message: JSON) -> Iterator[str]:
    for embed in message["embeds"]:
        yield embed.get("footer", {}).get("text", "")
    for component in walk(message["components"]):
        yield component.get("content", "")


def _pictured(message: JSON) -> Iterator[str]:
    """Yield what the pictures of a layout show, as their descriptions have it."""
    for component in walk(message["components"]):
        if component["type"] == GALLERY:
            yield from (item.get("description") or "" for item in component["items"])


def _is_refusal(message: JSON) -> bool:
    """Return whether an answer is only a sentence, without a title or a picture."""
    has_picture = message["attachments"] or any(part["type"] == GALLERY for part in walk(message["components"]))
    return not has_picture and not any(_titles(message))
