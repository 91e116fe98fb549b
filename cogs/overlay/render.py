"""What the card of an overlay looks like."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.overlays import OverlayAction, OverlayLink, OverlayQueue, OverlayScope
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader

SCREEN = "📺"

DONE: Mapping[OverlayAction, tuple[str, str]] = {
    OverlayAction.PAUSE: ("⏸️", N_("Paused. New gifts wait until you press *Resume*.")),
    OverlayAction.RESUME: ("▶️", N_("Resumed. What has waited is shown now.")),
    OverlayAction.SKIP: ("⏭️", N_("Skipped what was on screen.")),
    OverlayAction.MUTE: ("🔇", N_("Muted. Gifts are shown without a sound.")),
    OverlayAction.UNMUTE: ("🔊", N_("The sound is back on.")),
    OverlayAction.CLEAR: ("🧹", N_("Everything that was waiting is gone from the overlay. The gifts still count.")),
}
"""What the card says after each action. A test is apart, as it depends on who is there to show it."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A creator's overlay: its links, how what is on stream stands, and the links that this card may show."""

    creator_id: int
    links: Mapping[OverlayScope, OverlayLink | None]
    queue: OverlayQueue
    shown: Mapping[OverlayScope, str]

    @property
    def is_on(self) -> bool:
        """Whether there is a link that opens anything."""
        return any(self.links.values())


def steering(queue: OverlayQueue, reader: Reader) -> list[tuple[OverlayAction, str, str]]:
    """Return what can be done with an overlay now: each action with its label and emoji."""
    pause = (OverlayAction.PAUSE, reader._("Pause"), "⏸️")
    mute = (OverlayAction.MUTE, reader._("Mute"), "🔇")
    return [
        (OverlayAction.TEST, reader._("Send a test"), theme.TEST),
        (OverlayAction.RESUME, reader._("Resume"), "▶️") if queue.paused else pause,
        (OverlayAction.SKIP, reader._("Skip"), "⏭️"),
        (OverlayAction.UNMUTE, reader._("Unmute"), "🔊") if queue.muted else mute,
        (OverlayAction.CLEAR, reader._("Clear the queue"), "🧹"),
    ]


def card(
    overlay: Overlay,
    buttons: Mapping[OverlayScope, Button],
    reader: Reader,
    *,
    is_own: bool,
    done: OverlayAction | None = None,
) -> Card:
    """Return the card, with the button of each link in `buttons`."""
    intro = reader._("Your gifts on your stream: paste one link into OBS, and each gift is shown as it comes.")
    title = reader._("Overlay")
    if not is_own:
        intro = reader._("What {creator} shows on stream.", creator=mentions.member(overlay.creator_id, reader))
        title = reader._("A creator's overlay")
    told = [line for line in (_told(overlay, done, reader), _standing(overlay.queue, done, reader)) if line]
    parts = [
        Part("\n".join([intro, *told])),
        *_link_parts(overlay, OverlayScope.VIEW, buttons, reader),
        *_link_parts(overlay, OverlayScope.CONTROL, buttons, reader),
    ]
    footer = reader._("Keep the links to yourself, and off your stream. A new link makes the old one useless at once.")
    return Card(theme.ROSE, tuple(parts), title=f"{SCREEN} {title}", footer=footer if is_own else "")


def unreachable(reader: Reader) -> Card:
    """Return that there are no overlays here, as nobody outside can reach this bot, and who can change that."""
    lines = [
        reader._("Overlays can't be used here yet: this bot has no web address that OBS could open."),
        reader._("Whoever runs the bot can set `PUBLIC_URL` to its address, and then you get your link here."),
    ]
    return Card(theme.AMBER, (Part("\n".join(lines)),), title=f"{SCREEN} " + reader._("Overlay"))


def replacing(scope: OverlayScope, reader: Reader) -> Card:
    """Return the question before a link takes the place of another one."""
    text = reader._("The old link stops working at once. Your overlay is gone until you paste the new one into OBS.")
    if scope is OverlayScope.CONTROL:
        text = reader._("The old link stops working at once. Open the new one wherever you used the old one.")
    return Card(theme.AMBER, (Part(text),), title=f"{SCREEN} " + reader._("Make a new link?"))


def turning_off(creator_id: int, reader: Reader, *, is_own: bool) -> Card:
    """Return the question before both links are withdrawn."""
    text = reader._("Both links stop working at once, and nothing is shown on your stream any more.")
    if not is_own:
        creator = mentions.member(creator_id, reader)
        text = reader._("Both links of {creator} stop working at once. The staff log will name you.", creator=creator)
    footer = reader._("Gifts still count, and are still announced.")
    return Card(theme.AMBER, (Part(text),), title=f"{SCREEN} " + reader._("Turn off the overlay?"), footer=footer)


def turned_off(creator_id: int, reader: Reader, *, is_own: bool) -> Card:
    """Return that the links are withdrawn."""
    text = reader._("Your overlay is off. You can make new links at any time.")
    if not is_own:
        creator = mentions.member(creator_id, reader)
        text = reader._("The overlay of {creator} is off. Only they can make new links.", creator=creator)
    return Card.of(f"{SCREEN} {text}", theme.GREEN)


def _link_parts(
    overlay: Overlay, scope: OverlayScope, buttons: Mapping[OverlayScope, Button], reader: Reader
) -> list[Part]:
    heading = "🔗 " + reader._("Link for OBS")
    about = reader._("It follows whichever live event is on, so it only has to be pasted once.")
    open_label = reader._("Look at it in a browser")
    if scope is OverlayScope.CONTROL:
        heading = "🎛️ " + reader._("Control page")
        about = reader._("Pause, skip and mute from a phone, or from a dock in OBS. It has a link of its own.")
        open_label = reader._("Open the control page")
    text = f"{_state(overlay.links[scope], reader)}\n-# {about}"
    parts = [Part(text, heading, buttons.get(scope))]
    url = overlay.shown.get(scope)
    if url and overlay.links[scope]:
        hint = reader._("You see this link only now, so copy it.")
        # Covered, as creators open this while they share their screen.
        parts.append(Part(f"||`{url}`||\n-# {hint}", row=(Button(open_label, url=url),)))
    return parts


def _state(link: OverlayLink | None, reader: Reader) -> str:
    if link is None:
        return reader._("There is no link yet.")
    made = reader._("Made {moment}.", moment=reader.moment(link.made_ms))
    if link.sources:
        sources = reader.n_("**{n} source** is connected.", "**{n} sources** are connected.", link.sources)
        return f"🟢 {sources} {made}"
    if link.seen_ms is None:
        return f"{made} " + reader._("No source has opened it yet.")
    return f"{made} " + reader._("Last connected {when}.", when=reader.when(link.seen_ms))


def _told(overlay: Overlay, done: OverlayAction | None, reader: Reader) -> str:
    """Return what the caller has just had the overlay do, "" for nothing."""
    if done is OverlayAction.TEST:
        view = overlay.links[OverlayScope.VIEW]
        text = reader._("I've sent a test gift to your overlay. It counts for nothing.")
        if view is None or not view.sources:
            text = reader._("I've sent a test gift, but I see no source that is connected right now.")
        return f"{theme.TEST} {text}"
    if done is None:
        return ""
    emoji, text = DONE[done]
    return f"{emoji} {reader._(text)}"


def _standing(queue: OverlayQueue, done: OverlayAction | None, reader: Reader) -> str:
    """Return what holds until somebody undoes it, unless that was just said."""
    lines: list[str] = []
    if queue.paused and done is not OverlayAction.PAUSE:
        lines.append("⏸️ " + reader._("The overlay is paused: new gifts wait."))
    if queue.muted and done is not OverlayAction.MUTE:
        lines.append("🔇 " + reader._("The overlay is muted."))
    return "\n".join(lines)
