"""Everything that creators and hosts see of an overlay."""

from collections.abc import Iterator

from bot.domain.overlays import OverlayAction, OverlayLink, OverlayQueue, OverlayScope
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.overlay import render, views
from cogs.overlay.render import Overlay
from tests.ui.facts import ID, NOW_MS

ADDRESS = f"https://{'a' * 63}.example.org/overlay"
SECRET = "x" * 43


def overlay_screens(r: Reader) -> Iterator[Reply]:
    """Yield the card in all its states, for its creator and for a host, and the questions that it asks."""
    secrets = {OverlayScope.VIEW: f"{ADDRESS}#{SECRET}", OverlayScope.CONTROL: f"{ADDRESS}/control#{SECRET}"}
    stopped_queue = OverlayQueue(ID, paused=True, muted=True)
    for link in (None, OverlayLink(NOW_MS, None), OverlayLink(NOW_MS, NOW_MS), OverlayLink(NOW_MS, NOW_MS, 20)):
        links = dict.fromkeys(OverlayScope, link)
        for owner in (ID, ID - 1):
            for queue in (OverlayQueue(), stopped_queue):
                overlay = Overlay(ID, links, queue, secrets if owner == ID else {})
                yield views.card_of(overlay, owner, r)
                for _, action in views.ACTIONS:
                    yield views.card_of(overlay, owner, r, action)
    yield reply(render.unreachable(r))
    yield from (reply(render.replacing(scope, r)) for scope in OverlayScope)
    for is_own in (True, False):
        yield reply(render.turning_off(ID, r, is_own=is_own))
        yield reply(render.turned_off(ID, r, is_own=is_own))


CAN_BE_DONE = tuple(action for action in OverlayAction if action is not OverlayAction.TEST)
"""What is kept of a host who does it. A test changes nothing."""
