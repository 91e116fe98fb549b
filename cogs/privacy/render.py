"""What the choices of a member look like."""

from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button
from bot.ui.text.reader import Reader


def settings(switch: Button, reader: Reader, *, no_pings: bool) -> Card:
    """Return a member's choices as they are now, each with its `switch` beside it."""
    if no_pings:
        state, text = reader._("🔕 Pings are off"), reader._("I never ping you.")
    else:
        state = reader._("🔔 Pings are on")
        text = reader._("I only ping you if you're a creator and get a large gift while you're not live.")
    intro = Part(reader._("Your choices for this server. Changes apply at once."))
    return Card(theme.ROSE, (intro, Part(text, heading=state, button=switch)), title=reader._("Your settings"))
