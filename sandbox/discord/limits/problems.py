"""Collects the mistakes of a form and reports them as Discord does: as `errors` nested along the path."""

from collections.abc import Sequence
from typing import Final, cast

from sandbox.discord.errors import ApiError
from sandbox.discord.jsontypes import JSON, Wire

REQUIRED: Final = ("BASE_TYPE_REQUIRED", "This field is required")

_TYPE_ERRORS: Final[dict[type, tuple[str, str]]] = {
    str: ("STRING_TYPE_CONVERT", "Could not interpret value as string."),
    int: ("NUMBER_TYPE_COERCE", "Value is not an integer."),
    float: ("NUMBER_TYPE_COERCE", "Value is not a number."),
    bool: ("BOOLEAN_TYPE_PARSE", "Must be a boolean value."),
    dict: ("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType"),
    list: ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"),
}


class Problems:
    """The mistakes found so far. In all methods `where` is the path of keys and indexes below `prefix`."""

    def __init__(self, prefix: Sequence[str | int] = ()) -> None:
        self._tree: JSON = {}
        self._prefix = tuple(prefix)

    def __bool__(self) -> bool:
        return bool(self._tree)

    def add(self, where: Sequence[str | int], code: str, message: str) -> None:
        """Record one mistake at a path."""
        node = self._tree
        for step in (*self._prefix, *where):
            node = cast("JSON", node.setdefault(str(step), {}))
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def raise_if_any(self) -> None:
        """Raise `ApiError` 50035 if anything was recorded."""
        if self._tree:
            raise ApiError(50035, errors=self._tree)

    def length(self, value: Wire, where: Sequence[str | int], low: int, high: int) -> None:
        """Check that a value is a text of `low` to `high` characters. None counts as absent."""
        if value is None:
            if low:
                self.add(where, *REQUIRED)
        elif not isinstance(value, str):
            self.add(where, *_TYPE_ERRORS[str])
        elif low <= len(value) <= high:
            return
        elif len(value) > high and low <= 0:
            self.add(where, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        else:
            self.add(where, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")

    def size(self, value: Wire, where: Sequence[str | int], low: int, high: int) -> list[Wire]:
        """Check that a value is a list of `low` to `high` items, and return it, or an empty list if it is no list."""
        if value is None:
            value = []
        if not isinstance(value, list):
            self.add(where, *_TYPE_ERRORS[list])
            return []
        items = cast("list[Wire]", value)
        if not low <= len(items) <= high:
            text = f"Must be between {low} and {high} in length." if low else f"Must be {high} or fewer in length."
            self.add(where, "BASE_TYPE_BAD_LENGTH" if low else "BASE_TYPE_MAX_LENGTH", text)
        return items

    def number(self, value: Wire, where: Sequence[str | int], low: float, high: float) -> None:
        """Check that a value is a number from `low` to `high`."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.add(where, *_TYPE_ERRORS[int])
        elif value < low:
            self.add(where, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        elif value > high:
            self.add(where, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")

    def choice(self, value: Wire, where: Sequence[str | int], allowed: Sequence[Wire]) -> bool:
        """Return whether a value is one of the allowed ones; record a mistake if it is not."""
        if value is None:
            self.add(where, *REQUIRED)
            return False
        if value not in allowed or isinstance(value, bool):
            listed = ", ".join(str(choice) for choice in allowed)
            self.add(where, "BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")
            return False
        return True

    def model(self, value: Wire, where: Sequence[str | int]) -> JSON | None:
        """Return a value that is a JSON object; record a mistake and return None for anything else."""
        if isinstance(value, dict):
            return cast("JSON", value)
        self.add(where, *_TYPE_ERRORS[dict])
        return None

    def of_type(self, value: Wire, where: Sequence[str | int], kind: type) -> None:
        """Check that a value has a JSON type (bool, int, float, str, dict or list)."""
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            self.add(where, *_TYPE_ERRORS[kind])


def invalid(where: Sequence[str | int], code: str, message: str) -> ApiError:
    """Return `ApiError` 50035 for one mistake."""
    problems = Problems()
    problems.add(where, code, message)
    try:
        problems.raise_if_any()
    except ApiError as error:
        return error
    raise AssertionError
