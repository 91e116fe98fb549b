"""Finds what a member presses or fills in on a message or a modal, and what travels for it."""

from typing import Final, cast

from sandbox.discord.filling import Refused
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits import components as kinds
from sandbox.discord.limits.modals import CHECKBOX, CHECKBOX_GROUP, RADIO_GROUP
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
    buttons = [one for one in walk(message.components) if one["type"] == kinds.BUTTON]
    for one in buttons:
        emoji: JSON = one.get("emoji") or {}
        if label_or_custom_id in (one.get("custom_id"), one.get("label"), emoji.get("name")):
            if one.get("disabled"):
                raise Refused(f"the button {label_or_custom_id!r} is disabled")
            if "custom_id" not in one:
                raise Refused(f"the button {label_or_custom_id!r} opens {one.get('url') or 'a purchase'}")
            return one
    listed = ", ".join(str(one.get("label") or one.get("custom_id")) for one in buttons)
    raise Refused(f"there is no button {label_or_custom_id!r}; there are: {listed or 'none'}")


def find_select(message: Message, custom_id_or_placeholder: str) -> JSON:
    """Return an enabled select by custom id or placeholder; raises Refused."""
    selects = [one for one in walk(message.components) if one["type"] in kinds.SELECTS]
    for one in selects:
        if custom_id_or_placeholder in (one["custom_id"], one.get("placeholder")):
            if one.get("disabled"):
                raise Refused(f"the select {custom_id_or_placeholder!r} is disabled")
            return one
    listed = ", ".join(str(one.get("placeholder") or one["custom_id"]) for one in selects)
    raise Refused(f"there is no select {custom_id_or_placeholder!r}; there are: {listed or 'none'}")


def selected(select: JSON, values: tuple[object, ...], resolved: Resolved) -> list[str]:
    """Return chosen values as they travel; options by value or label; raises Refused."""
    low, high = select.get("min_values", 1), select.get("max_values", 1)
    if not low <= len(values) <= high:
        raise Refused(f"the select takes {low} to {high} values, not {len(values)}")
    if select["type"] == kinds.STRING_SELECT:
        return [_option_value(select, one) for one in values]
    allowed = _SELECTABLE[select["type"]]
    for one in values:
        if not isinstance(one, allowed):
            raise Refused(f"the select does not offer {one!r}")
    return [resolved.any(one) for one in cast("tuple[User | Member | Role | Channel, ...]", values)]


def _option_value(select: JSON, value: Wire) -> str:
    for option in select["options"]:
        if value in (option["value"], option["label"]):
            return option["value"]
    listed = ", ".join(one["label"] for one in select["options"])
    raise Refused(f"the select offers {listed}, not {value!r}")


def modal_data(modal: Modal, fields: dict[str, object], resolved: Resolved) -> JSON:
    """Return what travels for a filled-in modal; fields by custom id or label; raises Refused."""
    left = dict(fields)
    components: list[JSON] = []
    for number, top in enumerate(modal.components, start=1):
        if top["type"] == kinds.ROW:
            inputs = [_filled(one, one.get("label"), left, resolved) for one in top["components"]]
            components.append({"type": kinds.ROW, "id": number, "components": inputs})
        elif top["type"] == kinds.LABEL:
            child = _filled(top["component"], top["label"], left, resolved)
            components.append({"type": kinds.LABEL, "id": number, "component": child})
        else:
            components.append({"type": top["type"], "id": number})
    if left:
        raise Refused(f"the modal has no field {', '.join(left)}")
    data: JSON = {"custom_id": modal.custom_id, "components": components}
    if found := resolved.to_json():
        data["resolved"] = found
    return data


def _filled(one: JSON, label: str | None, left: dict[str, object], resolved: Resolved) -> JSON:
    custom_id: str = one["custom_id"]
    value = left.pop(custom_id, None)
    if value is None and label is not None:
        value = left.pop(label, None)
    result: JSON = {"type": one["type"], "id": one.get("id") or 0, "custom_id": custom_id}
    kind: int = one["type"]
    if kind == kinds.TEXT_INPUT:
        result["value"] = _text(one, value, label or custom_id)
    elif kind == CHECKBOX:
        result["value"] = bool(one.get("default") if value is None else value)
    elif kind == RADIO_GROUP:
        result["value"] = value
    elif kind == CHECKBOX_GROUP:
        result["values"] = list(cast("list[str]", value or []))
    elif kind in kinds.SELECTS:
        result["values"] = _select_values(one, value, resolved)
    else:
        result["values"] = []
    return result


def _select_values(one: JSON, value: Wire, resolved: Resolved) -> list[str]:
    if value is None:
        if one.get("required", True) and one.get("min_values", 1):
            raise Refused(f"the modal wants a choice for {one['custom_id']!r}")
        return []
    listed = cast("list[object] | tuple[object, ...]", value if isinstance(value, list | tuple) else (value,))
    return selected(one, tuple(listed), resolved)


def _text(one: JSON, value: Wire, name: str) -> str:
    text = str(one.get("value") or "") if value is None else str(value)
    if not text:
        if one.get("required", True):
            raise Refused(f"the modal wants a text for {name!r}")
        return ""
    low, high = one.get("min_length") or 0, one.get("max_length") or 4000
    if not low <= len(text) <= high:
        raise Refused(f"{name!r} takes {low} to {high} characters, not {len(text)}")
    return text
