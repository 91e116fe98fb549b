"""Limits of message components: the classic rows and the newer layouts ("components v2").

Source: Discord's documentation, "Component Reference".
"""

from typing import Final, NamedTuple, cast

from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.emoji import check_emoji
from sandbox.discord.limits.problems import REQUIRED, Problems

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
SELECTS: Final = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
LINK, PREMIUM = 5, 6
OWN_FILE: Final = "attachment://"
MAX_ROWS: Final = 5
MAX_COMPONENTS: Final = 40
MAX_DISPLAY: Final = 4000

_TOP_V2: Final = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
_IN_CONTAINER: Final = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)

Where = tuple[str | int, ...]


class Assets(NamedTuple):
    """What components may refer to: the application's SKUs, the custom emoji of its guilds, the message's own files."""

    sku_ids: frozenset[int]
    emoji_ids: frozenset[int]
    filenames: frozenset[str] = frozenset()


class ComponentCheck:
    """Checks one message's components and tracks what must be unique or is counted across all of them."""

    def __init__(self, problems: Problems, assets: Assets) -> None:
        self._problems = problems
        self._assets = assets
        self._custom_ids: set[str] = set()
        self._ids: set[int] = set()
        self._count = 0
        self._display = 0

    def check(self, components: Wire, v2: bool) -> None:
        """Check all components of a message, from the top level down."""
        where: Where = ("components",)
        high = MAX_COMPONENTS if v2 else MAX_ROWS
        for index, component in enumerate(self._problems.size(components, where, 0, high)):
            self._component(component, (*where, index), _TOP_V2 if v2 else (ROW,))
        if self._count > MAX_COMPONENTS:
            text = f"The total number of components must be {MAX_COMPONENTS} or fewer."
            self._problems.add(where, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", text)
        if self._display > MAX_DISPLAY:
            text = f"The total text of components must be {MAX_DISPLAY} or fewer in length."
            self._problems.add(where, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", text)

    def _component(self, raw: Wire, where: Where, allowed: tuple[int, ...]) -> None:
        component = self._problems.model(raw, where)
        if component is None or not self._problems.choice(component.get("type"), (*where, "type"), allowed):
            return
        self._count += 1
        if (number := component.get("id")) is not None and number != 0:
            if number in self._ids:
                self._problems.add((*where, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
            self._ids.add(number)
        kind: int = component["type"]
        if kind in SELECTS:
            self.select(component, where)
        else:
            _CHECKS[kind](self, component, where)

    def row(self, component: JSON, where: Where) -> None:
        """Check an action row: up to five buttons or one select."""
        children = self._problems.size(component.get("components"), (*where, "components"), 1, 5)
        kinds = [cast("JSON", child).get("type") for child in children if isinstance(child, dict)]
        for index, child in enumerate(children):
            self._component(child, (*where, "components", index), (BUTTON, *SELECTS))
        if len(children) > 1 and any(kind in SELECTS for kind in kinds):
            text = "The specified component exceeds the maximum width"
            self._problems.add((*where, "components", len(children) - 1), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text)

    def button(self, component: JSON, where: Where) -> None:
        """Check a button: a link needs a URL, a premium button a SKU, any other button a custom id."""
        problems, style = self._problems, component.get("style")
        if not problems.choice(style, (*where, "style"), (1, 2, 3, 4, LINK, PREMIUM)):
            return
        problems.length(component.get("label"), (*where, "label"), 0, 80)
        wants = {LINK: "url", PREMIUM: "sku_id"}.get(style or 0, "custom_id")
        for key in ("url", "sku_id", "custom_id"):
            if key != wants and component.get(key) is not None:
                text = f"A {key} and this style of button cannot both be specified"
                problems.add((*where, key), "BUTTON_COMPONENT_INVALID_FIELD", text)
        if style == LINK:
            self._link(component, where)
        elif style == PREMIUM:
            self._premium(component, where)
        else:
            self.custom_id(component, where)
        if style != PREMIUM and not component.get("label") and not component.get("emoji"):
            problems.add(where, "BUTTON_COMPONENT_LABEL_REQUIRED", "A button needs a label or an emoji")
        check_emoji(component.get("emoji"), (*where, "emoji"), problems, self._assets.emoji_ids)

    def _link(self, component: JSON, where: Where) -> None:
        url = component.get("url")
        self._problems.length(url, (*where, "url"), 1, 512)
        if isinstance(url, str) and not url.startswith(("http://", "https://", "discord://")):
            text = f'Scheme "{url[:20]}" is not supported. Scheme must be one of (http, https, discord).'
            self._problems.add((*where, "url"), "URL_TYPE_INVALID_SCHEME", text)

    def _premium(self, component: JSON, where: Where) -> None:
        for key in ("label", "emoji"):
            if component.get(key):
                text = f"A premium button cannot have a {key}"
                self._problems.add((*where, key), "BUTTON_COMPONENT_INVALID_FIELD", text)
        if str(component.get("sku_id")) not in map(str, self._assets.sku_ids):
            self._problems.add((*where, "sku_id"), "BUTTON_COMPONENT_INVALID_SKU_ID", "Invalid SKU id")

    def custom_id(self, component: JSON, where: Where) -> None:
        """Check a custom id: 1 to 100 characters, unique in the message."""
        custom_id = component.get("custom_id")
        self._problems.length(custom_id, (*where, "custom_id"), 1, 100)
        if isinstance(custom_id, str):
            if custom_id in self._custom_ids:
                text = "Component custom id cannot be duplicated"
                self._problems.add((*where, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", text)
            self._custom_ids.add(custom_id)

    def select(self, component: JSON, where: Where) -> None:
        self.custom_id(component, where)
        check_select(component, where, self._problems, self._assets.emoji_ids)

    def section(self, component: JSON, where: Where) -> None:
        """Check a section: one to three texts with an accessory beside them."""
        for index, child in enumerate(self._problems.size(component.get("components"), (*where, "components"), 1, 3)):
            self._component(child, (*where, "components", index), (TEXT,))
        if component.get("accessory") is None:
            self._problems.add((*where, "accessory"), *REQUIRED)
        else:
            self._component(component["accessory"], (*where, "accessory"), (BUTTON, THUMBNAIL))

    def text(self, component: JSON, where: Where) -> None:
        self._problems.length(component.get("content"), (*where, "content"), 1, MAX_DISPLAY)
        self._display += len(str(component.get("content") or ""))

    def thumbnail(self, component: JSON, where: Where) -> None:
        self._problems.length(component.get("description"), (*where, "description"), 0, 1024)
        self._media(component.get("media"), (*where, "media"))

    def gallery(self, component: JSON, where: Where) -> None:
        for index, item in enumerate(self._problems.size(component.get("items"), (*where, "items"), 1, 10)):
            model = self._problems.model(item, (*where, "items", index))
            if model is not None:
                self.thumbnail(model, (*where, "items", index))

    def file(self, component: JSON, where: Where) -> None:
        """Check a file, which must be an attachment."""
        self._media(component.get("file"), (*where, "file"), schemes=(OWN_FILE,))

    def _media(self, media: Wire, where: Where, schemes: tuple[str, ...] = ("http://", "https://", OWN_FILE)) -> None:
        model = self._problems.model(media, where)
        if model is None:
            return
        url = str(model.get("url") or "")
        if url.startswith(OWN_FILE) and url.removeprefix(OWN_FILE) not in self._assets.filenames:
            text = "The referenced attachment was not found"
            self._problems.add((*where, "url"), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", text)
        elif not url.startswith(schemes):
            text = f"Scheme must be one of ({', '.join(scheme.removesuffix('://') for scheme in schemes)})."
            self._problems.add((*where, "url"), "URL_TYPE_INVALID_SCHEME", text)

    def separator(self, component: JSON, where: Where) -> None:
        if component.get("spacing") is not None:
            self._problems.choice(component["spacing"], (*where, "spacing"), (1, 2))

    def container(self, component: JSON, where: Where) -> None:
        if component.get("accent_color") is not None:
            self._problems.number(component["accent_color"], (*where, "accent_color"), 0, 0xFFFFFF)
        children = self._problems.size(component.get("components"), (*where, "components"), 1, MAX_COMPONENTS)
        for index, child in enumerate(children):
            self._component(child, (*where, "components", index), _IN_CONTAINER)


_CHECKS: Final = {
    ROW: ComponentCheck.row,
    BUTTON: ComponentCheck.button,
    SECTION: ComponentCheck.section,
    TEXT: ComponentCheck.text,
    THUMBNAIL: ComponentCheck.thumbnail,
    GALLERY: ComponentCheck.gallery,
    FILE: ComponentCheck.file,
    SEPARATOR: ComponentCheck.separator,
    CONTAINER: ComponentCheck.container,
}


def check_select(
    select: JSON, where: Where, problems: Problems, emoji_ids: frozenset[int] = frozenset(), *, low: int = 0
) -> None:
    """Check what selects in messages and modals have in common: placeholder, counts, options and defaults."""
    problems.length(select.get("placeholder"), (*where, "placeholder"), 0, 150)
    smallest = 1 if select.get("min_values") is None else select["min_values"]
    largest = 1 if select.get("max_values") is None else select["max_values"]
    problems.number(smallest, (*where, "min_values"), low, 25)
    problems.number(largest, (*where, "max_values"), 1, 25)
    if isinstance(smallest, int) and isinstance(largest, int) and smallest > largest:
        problems.add((*where, "max_values"), "SELECT_COMPONENT_MAX_VALUES", "max_values must be at least min_values")
    if select.get("type") == STRING_SELECT:
        _check_options(select, where, problems, largest, emoji_ids)
    elif len(problems.size(select.get("default_values"), (*where, "default_values"), 0, 25)) > largest:
        problems.add((*where, "default_values"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many default values")


def _check_options(select: JSON, where: Where, problems: Problems, largest: int, emoji_ids: frozenset[int]) -> None:
    values: set[str] = set()
    options = problems.size(select.get("options"), (*where, "options"), 1, 25)
    for index, raw in enumerate(options):
        place: Where = (*where, "options", index)
        option = problems.model(raw, place)
        if option is None:
            continue
        problems.length(option.get("label"), (*place, "label"), 1, 100)
        problems.length(option.get("value"), (*place, "value"), 1, 100)
        problems.length(option.get("description"), (*place, "description"), 0, 100)
        check_emoji(option.get("emoji"), (*place, "emoji"), problems, emoji_ids)
        if option.get("value") in values:
            text = "The specified option value is already used"
            problems.add((*place, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text)
        values.add(str(option.get("value")))
    if largest > len(options):
        problems.add((*where, "max_values"), "SELECT_COMPONENT_MAX_VALUES", "max_values is more than there are options")
