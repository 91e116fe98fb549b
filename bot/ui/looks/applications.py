"""How applications of creators appear: to staff in a channel, and wherever their answers are read."""

from bot.domain.applications import Application
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.cross_links import review_button
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def applications_notice(waiting: int, r: Reader) -> Card:
    """Return only that members want to become creators: others besides staff may read the channel."""
    text = r.n_("{n} member would like to become a creator.", "{n} members would like to become creators.", waiting)
    help_ = r._("Managers read the answers privately, here or with `/creators list`.")
    title = "📝 " + r._("New application")
    return Card(theme.AMBER, (Part(f"{text} {help_}", button=review_button(r)),), title=title)


def question(text: str, r: Reader) -> str:
    """Return a question of staff, or ours if it is empty. It is not marked up."""
    return text or r._("What would you like to create here?")


def answers(application: Application, r: Reader) -> tuple[Part, ...]:
    """Return what a member has answered, question by question."""
    return tuple(
        Part(mentions.quoted(answer.text), heading=shown(question(answer.question, r)))
        for answer in application.answers
    )
