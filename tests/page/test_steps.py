"""The ten everyday tasks take no more presses and characters than docs/steps.md says."""

import re
from pathlib import Path

from sandbox.opening_scene import OpeningScene
from tests.page.steps import TASKS, Steps, count, thank_everyone

TABLE = Path(__file__).parents[2] / "docs" / "steps.md"


def published():
    """Return the steps of each task, as the table has them."""
    rows = re.findall(r"^\| ([a-z ]+) \|.*\| (\d+) \+ (\d+) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return {task: Steps(int(presses), int(characters)) for task, presses, characters in rows}


async def test_the_ten_tasks_take_what_is_published(garden, garden_page):
    scene = OpeningScene(garden.world, garden.garden)
    sam, noor = scene.person("sam", "mod-room"), scene.person("noor", "live-stage")
    await (await sam.slash("coins grant", member=garden.garden.users["mia"], amount=50_000, reason="steps")).message()

    counted = {}
    for task in TASKS:
        if task is thank_everyone:
            question = await (await noor.slash("live end")).message()
            await (await noor.click(question, "End the live event")).message()
        counted[task.__name__.replace("_", " ")] = await count(garden_page, task)

    assert counted == published()
