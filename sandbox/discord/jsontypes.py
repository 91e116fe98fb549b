"""Types of the JSON that is sent and received."""

from typing import Any, TypeAlias

JSON: TypeAlias = dict[str, Any]
"""One JSON object, as Discord's documentation describes it."""

Wire: TypeAlias = Any
"""A value that came over the wire and has not been checked yet."""
