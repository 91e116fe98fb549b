"""The process that writes the books loads nothing that only the bot itself needs, whatever job it is handed."""

import subprocess
import sys

import pytest

from tests.rig import ROOT


@pytest.mark.databases("sqlite")
def test_no_job_makes_the_writing_process_load_what_is_heavy(tmp_path):
    address = f"sqlite:///{tmp_path / 'books.db'}"
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.services.lean_writer", address],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert outcome.returncode == 0, outcome.stderr
    count, _, *modules = outcome.stdout.split()
    assert int(count) > 40
    assert modules == []
