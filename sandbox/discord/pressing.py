"""Finds the components that a member presses or fills in, and builds the data that is sent for them."""

from typing import Final, cast

from sandbox.discord.filling import Refused
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits import components as kinds
from sandbox.discord.limits.modals import CHECKBOX, CHECKBOX_GROUP, RADIO_GROUP, group_range
from sandbox.discord.model import Channel, Member, Message, Modal, Role, User
from sandbox.discord.model.message import walk
from sandbox.discord.resolving import Resolved

_SELECTABLE: Final[dict[int, tuple[type, ...]]] = {
    kinds.USER_SELECT: (User, Member),
    kinds.ROLE_SELECT: (Role,),
    kinds.MENTIONABLE_SELECT: (User, Member, Role),
    kinds.CHANNEL_SELECT: (Channel,),
}


def find_button(message: Message, label_or_custom_id: str) -> JSON:
    """Return an enabled button by label, emoji or custom id; raises Refused."""
    buttons = [component for component in walk(message.components) if component["type"] == kinds.BUTTON]
    for button in buttons:
        emoji: JSON = button.get("emoji") or {}
        if label_or_custom_id in (button.get("custom_id"), button.get("label"), emoji.get("name")):
            if button.get("disabled"):
                raise Refused(f"the button {label_or_custom_id!r} is disabled")
            if "custom_id" not in button:
                raise Refused(f"the button {label_or_custom_id!r} opens {button.get('url') or 'a purchase'}")
            return button
    listed = ", ".join(str(button.get("label") or button.get("custom_id")) for button in buttons)
    raise Refused(f"there is no button {label_or_custom_id!r}; there are: {listed or 'none'}")


def find_premium_buttons(message: Message) -> list[JSON]:
    """Return the buttons that sell an item of the application."""
    return [part for part in walk(message.components) if part["type"] == kinds.BUTTON and "sku_id" in part]


def find_select(message: Message, custom_id_or_placeholder: str) -> JSON:
    """Return an enabled select by custom id or placeholder; raises Refused."""
    selects = [component for component in walk(message.components) if component["type"] in kinds.SELECTS]
    for select in selects:
        if custom_id_or_placeholder in (select["custom_id"], select.get("placeholder")):
            if select.get("disabled"):
                raise Refused(f"the select {custom_id_or_placeholder!r} is disabled")
            return select
    listed = ", ".join(str(select.get("placeholder") or select["custom_id"]) for select in selects)
    raise Refused(f"there is no select {custom_id_or_placeholder!r}; there are: {listed or 'none'}")


def selected(select: JSON, values: tuple[object, ...], resolved: Resolved) -> list[str]:
    """Return the chosen values as they are sent. Options are named by value or label; raises Refused."""
    low, high = select.get("min_values", 1), select.get("max_values", 1)
    if not low <= len(values) <= high:
        raise Refused(f"the select takes {low} to {high} values, not {len(values)}")
    if select["type"] == kinds.STRING_SELECT:
        return [_option_value(select, value) for value in values]
    allowed = _SELECTABLE[select["type"]]
    for value in values:
        if not isinstance(value, allowed):
            raise Refused(f"the select does not offer {value!r}")
    return [resolved.add(value) for value in cast("tuple[User | Member | Role | Channel, ...]", values)]


def _option_value(select: JSON, value: Wire) -> str:
    for option in select["options"]:
        if value in (option["value"], option["label"]):
            return option["value"]
    listed = ", ".join(option["label"] for option in select["options"])
    raise Refused(f"the select offers {listed}, not {value!r}")


def modal_data(modal: Modal, fields: dict[str, object], resolved: Resolved) -> JSON:
    """Return the data that is sent for a filled-in modal. Fields are named by custom id or label; raises Refused."""
    remaining = dict(fields)
    components: list[JSON] = []
    for number, top in enumerate(modal.components, start=1):
        if top["type"] == kinds.ROW:
            inputs = [
                _field_json(text_input, text_input.get("label"), remaining, resolved)
                for text_input in top["components"]
            ]
            components.append({"type": kinds.ROW, "id": number, "components": inputs})
        elif top["type"] == kinds.LABEL:
            child = _field_json(top["component"], top["label"], remaining, resolved)
            components.append({"type": kinds.LABEL, "id": number, "component": child})
        else:
            components.append({"type": top["type"], "id": number})
    if remaining:
        raise Refused(f"the modal has no field {', '.join(remaining)}")
    data: JSON = {"custom_id": modal.custom_id, "components": components}
    if resolved_json := resolved.to_json():
        data["resolved"] = resolved_json
    return data


def _field_json(field: JSON, label: str | None, remaining: dict[str, object], resolved: Resolved) -> JSON:
    custom_id: str = field["custom_id"]
    value = remaining.pop(custom_id, None)
    if value is None and label is not None:
        value = remaining.pop(label, None)
    field_json: JSON = {"type": field["type"], "id": field.get("id") or 0, "custom_id": custom_id}
    kind: int = field["type"]
    if kind == kinds.TEXT_INPUT:
        field_json["value"] = _text(field, value, label or custom_id)
    elif kind == CHECKBOX:
        field_json["value"] = bool(field.get("default") if value is None else value)
    elif kind == RADIO_GROUP:
        field_json["value"] = _chosen(field, value, label or custom_id)
    elif kind == CHECKBOX_GROUP:
        field_json["values"] = _ticked(field, value, label or custom_id)
    elif kind in kinds.SELECTS:
        field_json["values"] = _select_values(field, value, resolved)
    else:
        field_json["values"] = []
    return field_json


def _ticked(group: JSON, value: Wire, name: str) -> list[str]:
    """Return the ticked boxes of a group, by default those that are ticked from the start; raises Refused."""
    defaults = [option["value"] for option in group["options"] if option.get("default")]
    ticked = defaults if value is None else [*dict.fromkeys(cast("list[str]", value))]
    offered = [option["value"] for option in group["options"]]
    low, high = group_range(group)
    # Nothing at all is fine where nothing is required, as with any other field.
    if not set(ticked) <= set(offered) or ((ticked or low) and not low <= len(ticked) <= high):
        raise Refused(f"{name!r} takes {low} to {high} of {', '.join(offered)}, not {ticked}")
    return ticked


def _chosen(group: JSON, value: Wire, name: str) -> str | None:
    default = next((option["value"] for option in group["options"] if option.get("default")), None)
    choice = default if value is None else cast("str", value)
    is_required = group.get("required", True) is not False
    if choice not in [option["value"] for option in group["options"]] and (choice is not None or is_required):
        raise Refused(f"{name!r} has no option {choice!r}")
    return choice


def _select_values(select: JSON, value: Wire, resolved: Resolved) -> list[str]:
    if value is None:
        if select.get("required", True) and select.get("min_values", 1):
            raise Refused(f"the modal wants a choice for {select['custom_id']!r}")
        return []
    listed = cast("list[object] | tuple[object, ...]", value if isinstance(value, list | tuple) else (value,))
    return selected(select, tuple(listed), resolved)


def _text(text_input: JSON, value: Wire, name: str) -> str:
    text = str(text_input.get("value") or "") if value is None else str(value)
    if not text:
        if text_input.get("required", True):
            raise Refused(f"the modal wants a text for {name!r}")
        return ""
    low, high = text_input.get("min_length") or 0, text_input.get("max_length") or 4000
    if not low <= len(text) <= high:
        raise Refused(f"{name!r} takes {low} to {high} characters, not {len(text)}")
    return text
