"""How the page's files are served: a browser that has them asks for none of them again until one changes."""

import re

import pytest
from aiohttp import ClientSession

from sandbox.page.site import STATIC, version_of


async def fetch(sandbox, path):
    async with ClientSession() as session, session.get(f"{sandbox.address}{path}") as response:
        return response.status, response.headers.get("Cache-Control"), await response.text()


async def test_the_files_of_the_page_are_kept_and_the_page_is_not(sandbox):
    status, keep, page = await fetch(sandbox, "/")
    paths = re.findall(r'"(/static/[^"]+)"', page)

    assert (status, keep) == (200, "no-cache")
    assert len(paths) > 15
    for path in paths:
        status, keep, _ = await fetch(sandbox, path)
        assert (status, keep) == (200, "public, max-age=31536000, immutable"), path


async def test_other_pages_have_their_files_under_plain_names(sandbox):
    assert (await fetch(sandbox, "/static/css/base.css"))[:2] == (200, "no-cache")


async def test_a_page_from_before_a_change_gets_the_new_files_and_keeps_none(sandbox):
    await fetch(sandbox, "/")

    assert (await fetch(sandbox, f"/static/{'0' * 16}/css/base.css"))[:2] == (200, "no-cache")


@pytest.mark.parametrize("name", ["..%2Fsite.py", "js/..%2F..%2Fsite.py", "js", "no.js"])
async def test_only_files_of_the_page_are_served(sandbox, name):
    await fetch(sandbox, "/")

    assert (await fetch(sandbox, f"/static/{version_of(STATIC)}/{name}"))[0] == 404


def test_the_name_changes_with_any_file(tmp_path):
    file = tmp_path / "app.js"
    file.write_text("one")
    before = version_of(tmp_path)

    file.write_text("three")

    assert version_of(tmp_path) != before
