"""The pages' files: no build, nothing newer than Chromium 103, no HTML from text, and modules that stay small."""

import re

import pytest

from tests.overlay.speaker import STATIC

MODULES = sorted(STATIC.glob("*.js"))
STYLES = sorted(STATIC.glob("*.css"))
PAGES = sorted(STATIC.glob("*.html"))
MOST_LINES = 150

TOO_NEW_SCRIPT = (
    r"\.toSorted\(|\.toReversed\(|\.toSpliced\(|\.with\(|\bObject\.groupBy\b|\bMap\.groupBy\b|\.isWellFormed\(",
    r"\bPromise\.(try|withResolvers)\b|\bArray\.fromAsync\b|\bURL\.(canParse|parse)\b|\bRegExp\.escape\b",
    r"\.(union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(",
    r"\bIntl\.DurationFormat\b|\bAbortSignal\.any\b|\bIterator\b|\bFloat16Array\b|\bscheduler\.|\bstartViewTransition\b",
    r"/[a-z]*v[a-z]*(?=[.,;)\s])(?<=/v)|\busing \w|\bimport .* with \{|\bpopover\b|\.showPopover\(|\bsetHTML",
)
TOO_NEW_STYLE = (
    r"^\s*&|@starting-style|@container|@scope|@view-transition|container-type|:has\(|:dir\(|:popover-open",
    r"\bcolor-mix\(|\boklch\(|\boklab\(|\blab\(|\blch\(|\blight-dark\(|\bcolor\(|\blinear\(|\bround\(|\b(sin|cos|tan|mod|abs)\(",
    r"\d(dvh|svh|lvh|dvw|cqw|cqh|lh|rlh)\b|text-wrap|^\s*(translate|scale|rotate):|\bfont-size-adjust|@media[^{]*[<>]",
    r"field-sizing|interpolate-size|anchor-name|position-try|animation-timeline|subgrid|initial-letter|\bhyphenate",
)
UNSAFE = (
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc"
    r"|createContextualFragment"
)


def code_of(file):
    """Return the text of a file without its comments and without what is in url()."""
    text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r'url\("data:[^"]*"\)', "url()", text)
    return re.sub(r"(?m)^\s*//.*$", "", text)


def found(patterns, text):
    return [match.group() for pattern in patterns for match in re.finditer(pattern, text, re.MULTILINE)]


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_a_module_runs_in_chromium_103_makes_no_html_and_is_small(file):
    code = code_of(file)

    assert found(TOO_NEW_SCRIPT, code) == []
    assert found([UNSAFE], code) == []
    assert "localStorage" not in code
    assert "speechSynthesis" not in code
    assert len(file.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_a_style_sheet_says_nothing_that_chromium_103_ignores(file):
    assert found(TOO_NEW_STYLE, code_of(file)) == []


@pytest.mark.parametrize(
    ("patterns", "code"),
    [
        (TOO_NEW_SCRIPT, "list.toSorted()"),
        (TOO_NEW_SCRIPT, "one.union(other)"),
        (TOO_NEW_SCRIPT, "text.match(/a/v)"),
        (TOO_NEW_SCRIPT, "Promise.try(go)"),
        (TOO_NEW_STYLE, ".a {\n  & .b {}"),
        (TOO_NEW_STYLE, "color: color-mix(in srgb, red, blue)"),
        (TOO_NEW_STYLE, "  translate: 0 3px;"),
        (TOO_NEW_STYLE, ".a:has(.b) {}"),
        (TOO_NEW_STYLE, "@media (width >= 600px)"),
        (TOO_NEW_STYLE, "height: 100dvh"),
    ],
)
def test_what_is_too_new_is_found(patterns, code):
    assert found(patterns, code)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_a_page_has_no_script_or_address_of_elsewhere(file):
    text = file.read_text(encoding="utf-8")

    assert re.findall(r"<script(?! type=\"module\" src=\"[\w/]+\.js\"></script>)", text) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", text) == []
    assert "style=" not in text


def test_the_overlay_keeps_the_colour_scheme_of_a_transparent_frame():
    assert "color-scheme" not in (STATIC / "overlay.html").read_text(encoding="utf-8") + "".join(
        file.read_text(encoding="utf-8") for file in STYLES if file.name != "control.css"
    )


def test_nothing_blinks():
    """No animation repeats faster than once a second, so that there are never three flashes in one."""
    for file in STYLES:
        for duration in re.findall(r"animation:[^;]*?([\d.]+)s[^;]*infinite", code_of(file)):
            assert float(duration) >= 1, file.name


def test_the_pictures_and_sounds_of_the_page_are_small():
    assert [file.name for file in STATIC.iterdir() if file.stat().st_size > 60 * 1024] == []
