"""Names for the JSON that crosses the wire."""

from typing import Any, TypeAlias

JSON: TypeAlias = dict[str, Any]
"""One JSON object, as Discord's documentation describes it."""

Wire: TypeAlias = Any
"""Whatever came over the wire and has not been checked yet."""
