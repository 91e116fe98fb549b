"""The ten everyday tasks take no more presses and characters than docs/steps.md says."""

import re
from pathlib import Path

from sandbox.opening_scene import OpeningScene
from tests.page.steps import TASKS, Steps, count, thank_everyone
from tests.rig import until

TABLE = Path(__file__).parents[2] / "docs" / "steps.md"


def published():
    """Return the steps of each task before and today, as the table has them. Its last row sums them up."""
    row = r"^\| \**([a-z ]+)\** \| \**(\d+) \+ (\d+)\** \| \**(\d+) \+ (\d+)\** \|"
    rows = re.findall(row, TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return {task: (Steps(*map(int, figures[:2])), Steps(*map(int, figures[2:]))) for task, *figures in rows}


def total(all_steps):
    return Steps(*map(sum, zip(*all_steps, strict=True)))


def test_the_ten_tasks_take_half_of_what_they_took():
    figures = published()
    before, today = figures.pop("all ten")

    assert total(task[0] for task in figures.values()) == before
    assert total(task[1] for task in figures.values()) == today
    assert 2 * sum(today) <= sum(before)


async def test_the_ten_tasks_take_what_is_published(garden, garden_page):
    scene = OpeningScene(garden.world, garden.garden)
    sam, noor = scene.person("sam", "mod-room"), scene.person("noor", "live-stage")
    for _ in range(5):
        mia = garden.garden.users["mia"]
        await (await sam.slash("coins grant", member=mia, amount=10_000, reason="steps")).message()
    # Mia reads of these coins below her next reply, and not below the first one that counts.
    exchange = await scene.person("mia", "general").slash("balance")

    async def is_told():
        return bool(exchange.followups)

    await until(is_told)

    counted = {}
    for task in TASKS:
        if task is thank_everyone:
            question = await (await noor.slash("live end")).message()
            await (await noor.click(question, "End the live event")).message()
        counted[task.__name__.replace("_", " ")] = await count(garden_page, task)

    assert counted == {task: today for task, (_, today) in published().items() if task != "all ten"}
