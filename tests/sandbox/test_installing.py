"""What `make sandbox` says before it has anything to show."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_somebody_who_waits_for_packages_reads_how_long(tmp_path):
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)

    output = subprocess.run(
        ["make", "--no-print-directory", f"VENV={tmp_path}", f"{tmp_path}/.run-installed"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert (output.stdout, output.stderr) == ("Installing packages, about a minute …\n", "")
