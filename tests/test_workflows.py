"""The workflows, which nobody can run here: they parse, take no secret, may do little, and pin what they use."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rig import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
IMAGE = ROOT / ".github" / "workflows" / "image.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def loaded(file: Path) -> dict[Any, Any]:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in loaded(file)["jobs"].values() for step in job.get("steps", [])]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_workflow_takes_no_secret_and_reads_only_unless_a_job_says_more(file: Path):
    assert "secrets." not in file.read_text(encoding="utf-8")
    assert loaded(file)["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_an_action_is_pinned_by_its_major_version_and_each_job_ends(file: Path):
    for step in steps(file):
        assert "uses" not in step or re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"]), step
        # What somebody else chose, such as the name of a tag, is a variable and never a part of a script.
        assert "${{" not in step.get("run", "")
    assert all("timeout-minutes" in job for job in loaded(file)["jobs"].values() if "steps" in job)


def test_both_images_are_built_for_both_kinds_of_machine_and_published_by_a_tag_alone():
    job = loaded(IMAGE)["jobs"]["image"]
    (build,) = [step["with"] for step in job["steps"] if "build-push-action" in step.get("uses", "")]
    targets = {each["target"] for each in job["strategy"]["matrix"]["include"]}

    assert targets == {"bot", "bot-postgres"}
    assert targets <= {*re.findall(r"^FROM .* AS (\S+)$", DOCKERFILE, re.MULTILINE)}
    assert build["platforms"] == "linux/amd64,linux/arm64"
    assert (build["sbom"], build["provenance"]) == (True, "mode=max")
    assert build["push"] == "${{ github.ref_type == 'tag' }}"
