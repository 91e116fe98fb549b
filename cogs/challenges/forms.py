"""The forms of a draft: its name and days, what brings points, and the time of double points."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from discord import ui

from bot.domain.challenges import (
    ABOUT_LENGTH,
    MOST_DAYS,
    MOST_DOUBLE_HOURS,
    MOST_POINTS,
    NAME_LENGTH,
    Challenge,
    Source,
    SourceRule,
)
from bot.services.challenges import DraftChanges
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Form, text_input
from bot.ui.kit.numbers import Numbers
from bot.ui.kit.replies import Reply
from bot.ui.text.parsing import moment_text, parse_moment, parse_whole
from bot.ui.text.reader import N_, Reader

Show = Callable[[Caller, Challenge], Reply]
"""Shows a draft again after it was changed."""

_LONGEST_MOMENT = 16
_LONGEST_RULE = 20


class DraftForm(Form, ABC):
    """A form that changes a draft. Times are typed in the guild's time zone."""

    command: ClassVar[str | None] = "challenge add"

    def __init__(self, title: str, draft: Challenge, zone: str, show: Show) -> None:
        super().__init__(title)
        self.draft, self.zone, self._show = draft, zone, show

    def line(self, text: str, hint: str, value: str, longest: int, *, required: bool = True) -> ui.TextInput[Any]:
        """Add a line to the form, filled with `value`."""
        box = text_input(value, longest=longest, required=required)
        self.add_item(ui.Label(text=text, description=hint or None, component=box))
        return box

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        challenges = caller.services.challenges
        draft = await challenges.change(caller.guild_id, self.draft.challenge_id, **self.changes())
        return self._show(caller, draft)

    @abstractmethod
    def changes(self) -> DraftChanges:
        """Return what was typed; raise InvalidAmount or InvalidMoment."""

    def moment(self, box: ui.TextInput[Any]) -> int | None:
        """Return the moment in a line, None for an empty one."""
        return parse_moment(box.value, self.zone) if box.value.strip() else None

    def moment_line(self, text: str, hint: str, at_ms: int | None) -> ui.TextInput[Any]:
        """Add a line for a moment."""
        value = "" if at_ms is None else moment_text(at_ms, self.zone)
        return self.line(text, hint, value, _LONGEST_MOMENT, required=False)


class BasicsForm(DraftForm):
    """What a challenge is called and about, when it begins, and how long it lasts."""

    def __init__(self, draft: Challenge, zone: str, reader: Reader, show: Show) -> None:
        super().__init__(reader._("Name and days"), draft, zone, show)
        self.name = self.line(reader._("Name"), "", draft.name, NAME_LENGTH)
        self.about = text_input(draft.about, longest=ABOUT_LENGTH, required=False, is_long=True)
        hint = reader._("What members read below the name. You can leave it empty.")
        self.add_item(ui.Label(text=reader._("About"), description=hint, component=self.about))
        hint = reader._("Like 2030\u201112\u201124 18:00, in {zone}. Empty: when it's posted.", zone=zone)
        self.starts = self.moment_line(reader._("Begins"), hint, draft.starts_ms)
        hint = reader._("1 to {most}", most=reader.number(MOST_DAYS))
        self.days = self.line(reader._("Length in days"), hint, str(draft.days), 3)

    def changes(self) -> DraftChanges:
        """Return name, text, beginning and length."""
        return DraftChanges(
            name=self.name.value,
            about=self.about.value,
            starts_ms=self.moment(self.starts),
            days=parse_whole(self.days.value, MOST_DAYS),
        )


class PointsForm(DraftForm):
    """What brings points: "100", or "100/300" for 300 a day at most. An empty line brings none."""

    _LABELS: ClassVar[dict[Source, str]] = {
        Source.COINS: N_("For each coin gifted"),
        Source.DAY: N_("For each day with a gift"),
        Source.CREATOR: N_("For the first gift to each creator"),
        Source.ATTENDANCE: N_("For every half hour at live events"),
    }

    def __init__(self, draft: Challenge, zone: str, reader: Reader, show: Show) -> None:
        super().__init__(reader._("Points"), draft, zone, show)
        hint = reader._("Like 100, or 100/300 for at most 300 points a day. Empty: no points.")
        self.boxes = {
            source: self.line(
                reader._(label), hint, _rule_text(draft.sources.get(source)), _LONGEST_RULE, required=False
            )
            for source, label in self._LABELS.items()
        }

    def changes(self) -> DraftChanges:
        """Return the sources that bring points."""
        rules = {source: _rule_of(box.value) for source, box in self.boxes.items() if box.value.strip()}
        return DraftChanges(sources={source: rule for source, rule in rules.items() if rule.points})


class DoubleForm(DraftForm):
    """When points count twice."""

    def __init__(self, draft: Challenge, zone: str, reader: Reader, show: Show) -> None:
        super().__init__(reader._("Double points"), draft, zone, show)
        hint = reader._("Like 2030\u201112\u201124 18:00, in {zone}. Empty: never.", zone=zone)
        self.begins = self.moment_line(reader._("Begins"), hint, draft.double_from_ms)
        hint = reader._("1 to {most}", most=reader.number(MOST_DOUBLE_HOURS))
        self.hours = self.line(reader._("Length in hours"), hint, str(draft.double_hours or 1), 2)

    def changes(self) -> DraftChanges:
        """Return when double points begin, and for how long."""
        from_ms = self.moment(self.begins)
        hours = parse_whole(self.hours.value, MOST_DOUBLE_HOURS)
        return DraftChanges(double_from_ms=from_ms, double_hours=hours if from_ms is not None else 0)


def _rule_text(rule: SourceRule | None) -> str:
    if rule is None or not rule.points:
        return ""
    return f"{rule.points}/{rule.most_a_day}" if rule.most_a_day else str(rule.points)


def _rule_of(text: str) -> SourceRule:
    points, _, most = text.partition("/")
    return SourceRule(parse_whole(points, MOST_POINTS), parse_whole(most, MOST_POINTS) if most.strip() else 0)


FORMS: Numbers[type[BasicsForm | PointsForm | DoubleForm]] = Numbers({0: BasicsForm, 1: PointsForm, 2: DoubleForm})
