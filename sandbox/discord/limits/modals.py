"""Limits of modals: Discord's documentation, "Component Reference" and "Interactions"."""

from typing import Final

from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.components import LABEL, ROW, SELECTS, TEXT, TEXT_INPUT, Where, check_select
from sandbox.discord.limits.problems import Problems

FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
_IN_LABEL: Final = (TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)


def check_modal(data: JSON) -> None:
    """Raise 50035 unless Discord would accept this modal."""
    problems, custom_ids = Problems(), set[str]()
    problems.length(data.get("custom_id"), ("data", "custom_id"), 1, 100)
    problems.length(data.get("title"), ("data", "title"), 1, 45)
    where: Where = ("data", "components")
    for index, raw in enumerate(problems.size(data.get("components"), where, 1, 5)):
        place: Where = (*where, index)
        component = problems.model(raw, place)
        if component is None or not problems.choice(component.get("type"), (*place, "type"), (ROW, TEXT, LABEL)):
            continue
        if component["type"] == ROW:
            for number, child in enumerate(problems.size(component.get("components"), (*place, "components"), 1, 1)):
                _check_input(
                    child, (*place, "components", number), problems, custom_ids, (TEXT_INPUT,), needs_label=True
                )
        elif component["type"] == LABEL:
            problems.length(component.get("label"), (*place, "label"), 1, 45)
            problems.length(component.get("description"), (*place, "description"), 0, 100)
            _check_input(component.get("component"), (*place, "component"), problems, custom_ids, _IN_LABEL)
        else:
            problems.length(component.get("content"), (*place, "content"), 1, 4000)
    problems.raise_if_any()


def _check_input(
    raw: Wire,
    where: Where,
    problems: Problems,
    custom_ids: set[str],
    allowed: tuple[int, ...],
    *,
    needs_label: bool = False,
) -> None:
    component = problems.model(raw, where)
    if component is None or not problems.choice(component.get("type"), (*where, "type"), allowed):
        return
    custom_id = component.get("custom_id")
    problems.length(custom_id, (*where, "custom_id"), 1, 100)
    if str(custom_id) in custom_ids:
        text = "Component custom id cannot be duplicated"
        problems.add((*where, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", text)
    custom_ids.add(str(custom_id))
    if needs_label:
        problems.length(component.get("label"), (*where, "label"), 1, 45)
    if component["type"] == TEXT_INPUT:
        _check_text_input(component, where, problems)
    elif component["type"] in SELECTS:
        check_select(component, where, problems)
    elif component["type"] in (RADIO_GROUP, CHECKBOX_GROUP):
        _check_choices(component, where, problems)


def _check_choices(group: JSON, where: Where, problems: Problems) -> None:
    """Check the options of a radio or checkbox group: 2 or 1 to 10, each with a label and a value of its own."""
    is_radio = group["type"] == RADIO_GROUP
    options = problems.size(group.get("options"), (*where, "options"), 2 if is_radio else 1, 10)
    values, defaults = set[str](), 0
    for index, raw in enumerate(options):
        place: Where = (*where, "options", index)
        option = problems.model(raw, place)
        if option is None:
            continue
        problems.length(option.get("label"), (*place, "label"), 1, 100)
        problems.length(option.get("value"), (*place, "value"), 1, 100)
        problems.length(option.get("description"), (*place, "description"), 0, 100)
        if str(option.get("value")) in values:
            text = "The specified option value is already used"
            problems.add((*place, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text)
        values.add(str(option.get("value")))
        defaults += bool(option.get("default"))
    most = 1 if is_radio else group_range(group)[1]
    if defaults > most:
        problems.add((*where, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many default values")
    if not is_radio:
        _check_range(group, where, problems)


def group_range(group: JSON) -> tuple[int, int]:
    """Return how many boxes of a checkbox group have to be ticked, and how many can be."""
    low, high = group.get("min_values"), group.get("max_values")
    least = int(group.get("required", True) is not False)
    return least if low is None else low, len(group.get("options") or ()) if high is None else high


def _check_range(group: JSON, where: Where, problems: Problems) -> None:
    low, high = group_range(group)
    problems.number(low, (*where, "min_values"), 0, 10)
    problems.number(high, (*where, "max_values"), 1, 10)
    if low > high:
        problems.add((*where, "max_values"), "SELECT_COMPONENT_MAX_VALUES", "max_values must be at least min_values")
    if low == 0 and group.get("required", True) is not False:
        problems.add((*where, "required"), "COMPONENT_REQUIRED_MIN_VALUES", "required needs a min_values above 0")


def _check_text_input(text_input: JSON, where: Where, problems: Problems) -> None:
    problems.choice(text_input.get("style"), (*where, "style"), (1, 2))
    problems.length(text_input.get("placeholder"), (*where, "placeholder"), 0, 100)
    low = text_input.get("min_length")
    high = text_input.get("max_length")
    if low is not None:
        problems.number(low, (*where, "min_length"), 0, 4000)
    if high is not None:
        problems.number(high, (*where, "max_length"), 1, 4000)
    problems.length(text_input.get("value"), (*where, "value"), 0, 4000 if high is None else high)
    if low is not None and high is not None and low > high:
        problems.add((*where, "min_length"), "TEXT_INPUT_MIN_LENGTH", "min_length must not be above max_length")
