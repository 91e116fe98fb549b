"""Reads the parameters of requests: forms with brackets in their keys, checked as strictly as Stripe does."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias, cast

from sandbox.discord.jsontypes import JSON
from sandbox.stripe.errors import StripeError, missing_parameter

Reader: TypeAlias = Callable[[object, str], Any]
"""Turns a raw value into a checked one. The text is the parameter's name, for the error."""

MOST_LABELS: Final = 50
LONGEST_LABEL: Final = 40
LONGEST_LABEL_VALUE: Final = 500
LONGEST_TEXT: Final = 5000
_ADDRESS: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://\S+")
_KEY: Final = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decode(pairs: Iterable[tuple[str, str]]) -> JSON:
    """Nest pairs such as `a[b][0][c]=d`. Lists stay objects with numbers as keys: only a reader can tell them apart."""
    tree: JSON = {}
    for name, value in pairs:
        match = _KEY.fullmatch(name)
        if match is None:
            raise StripeError(f"Invalid parameter name: {name[:100]}", code="parameter_unknown", param=name[:100])
        *folders, leaf = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        place = tree
        for folder in folders:
            inner = place.setdefault(folder or str(len(place)), {})
            if not isinstance(inner, dict):
                raise StripeError(f"Invalid object: {name}", param=name)
            place = cast("JSON", inner)
        if isinstance(place.get(leaf), dict):
            raise StripeError(f"Invalid string: {name}", param=name)
        place[leaf or str(len(place))] = value
    return tree


def text(value: object, name: str) -> str:
    """Read a text of up to 5,000 characters."""
    if not isinstance(value, str):
        raise StripeError(f"Invalid string: {name}", param=name)
    if not value:
        raise StripeError(
            f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty "
            "value.",
            code="parameter_invalid_empty",
            param=name,
        )
    if len(value) > LONGEST_TEXT:
        raise StripeError(f"Invalid string: {name} must be at most {LONGEST_TEXT} characters", param=name)
    return value


def text_up_to(longest: int) -> Reader:
    """Return a reader of texts of at most `longest` characters."""

    def read(value: object, name: str) -> str:
        checked = text(value, name)
        if len(checked) > longest:
            message = f"Invalid string: {checked[:20]}...; must be at most {longest} characters"
            raise StripeError(message, code="parameter_invalid_string_length", param=name)
        return checked

    return read


def address(value: object, name: str) -> str:
    """Read an address of the web, or of an app: Stripe takes any scheme."""
    checked = text(value, name)
    if not _ADDRESS.fullmatch(checked) or checked.lower().startswith("javascript:"):
        raise StripeError("Not a valid URL", code="url_invalid", param=name)
    return checked


def whole(value: object, name: str) -> int:
    """Read a whole number."""
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        raise StripeError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)
    return int(value)


def positive(value: object, name: str) -> int:
    """Read a whole number from 1."""
    number = whole(value, name)
    if number < 1:
        raise StripeError(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param=name
        )
    return number


def flag(value: object, name: str) -> bool:
    """Read a boolean."""
    if value not in {"true", "false"}:
        raise StripeError(f"Invalid boolean: {value}", param=name)
    return value == "true"


def one_of(*words: str) -> Reader:
    """Return a reader of one of `words`."""

    def read(value: object, name: str) -> str:
        if value not in words:
            raise StripeError(f"Invalid {name}: must be one of {', '.join(words)}", param=name)
        return cast("str", value)

    return read


def many(reader: Reader, most: int = 100) -> Reader:
    """Return a reader of lists with up to `most` items."""

    def read(value: object, name: str) -> list[object]:
        if not isinstance(value, dict):
            raise StripeError(f"Invalid array: {name}", param=name)
        items = cast("JSON", value)
        if not all(key.isascii() and key.isdigit() for key in items) or len(items) > most:
            raise StripeError(f"Invalid array: {name}", param=name)
        return [reader(items[key], f"{name}[{key}]") for key in sorted(items, key=int)]

    return read


def labels(value: object, name: str) -> dict[str, str]:
    """Read metadata: up to 50 texts. An empty value removes a key, and an empty whole removes all."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise StripeError(f"Invalid object: {name}", param=name)
    pairs = cast("JSON", value)
    if len(pairs) > MOST_LABELS:
        raise StripeError(f"You can specify up to {MOST_LABELS} keys in {name}.", param=name)
    for key, content in pairs.items():
        if not isinstance(content, str):
            raise StripeError(f"Metadata values must be strings: {name}[{key}]", param=f"{name}[{key}]")
        if len(key) > LONGEST_LABEL or len(content) > LONGEST_LABEL_VALUE:
            raise StripeError(
                f"Metadata keys can have up to {LONGEST_LABEL} characters, and values up to {LONGEST_LABEL_VALUE}.",
                param=f"{name}[{key}]",
            )
    return cast("dict[str, str]", pairs)


def shape(readers: Mapping[str, Reader], *, required: tuple[str, ...] = ()) -> Reader:
    """Return a reader of objects with these parameters and no others."""

    def read(value: object, name: str) -> JSON:
        if not isinstance(value, dict):
            raise StripeError(f"Invalid object: {name}", param=name)
        fields = cast("JSON", value)
        full_names = {key: f"{name}[{key}]" if name else key for key in (*fields, *required)}
        for key in fields:
            if key not in readers:
                full = full_names[key]
                raise StripeError(f"Received unknown parameter: {full}", code="parameter_unknown", param=full)
        for key in required:
            if key not in fields:
                raise missing_parameter(full_names[key])
        return {key: readers[key](content, full_names[key]) for key, content in fields.items()}

    return read


def span(value: object, name: str) -> JSON:
    """Read a range of times: an exact second since the epoch, or the bounds `gt`, `gte`, `lt`, `lte`."""
    if isinstance(value, str):
        second = whole(value, name)
        return {"gte": second, "lte": second}
    bounds: JSON = shape({"gt": whole, "gte": whole, "lt": whole, "lte": whole})(value, name)
    return bounds
