"""Where the fonts and the emoji are: in packages of which only the files are used."""

import importlib.util
from pathlib import Path


def folder(package: str) -> Path:
    """Return the folder of a package without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(spec.submodule_search_locations[0])
