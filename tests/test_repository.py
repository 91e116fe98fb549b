"""What visitors of the repository read: its forms are forms, and its pages lead somewhere."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from tests.rig import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)")
KINDS = {"markdown", "input", "textarea", "dropdown", "checkboxes"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    targets = LINK.findall(page.read_text("utf-8"))

    assert [target for target in targets if not (page.parent / unquote(target)).exists()] == []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_an_issue_form_has_what_github_asks_for(path: Path) -> None:
    form = yaml.safe_load(path.read_text("utf-8"))
    ids = [part["id"] for part in form["body"] if part["type"] != "markdown"]

    assert {"name", "description", "body"} <= form.keys()
    assert {part["type"] for part in form["body"]} <= KINDS
    assert len(ids) == len(set(ids))
    assert all(part["attributes"].get("label") for part in form["body"] if part["type"] != "markdown")


def test_the_bug_form_asks_for_a_receipt_and_for_what_doctor_says() -> None:
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / "bug.yml").read_text("utf-8"))

    assert {"receipt", "doctor"} <= {part.get("id") for part in form["body"]}


def test_the_workflow_runs_what_ci_runs() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8"))
    steps = [step.get("run", "") for step in workflow["jobs"]["test"]["steps"]]

    assert any(".ci/run" in step for step in steps)
    assert workflow["permissions"] == {"contents": "read"}


def test_the_picture_at_the_top_of_the_readme_is_small() -> None:
    assert (ROOT / "docs" / "images" / "sandbox.png").stat().st_size < 300_000
