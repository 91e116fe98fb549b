"""The machine of an operator who installs with systemd, made of folders: docs/install.md says what it has.

The code belongs to root, and the bot runs as somebody else, who may only read it. What systemd would do is done here,
with what the units in `ops` say. Nothing of it needs systemd.
"""

import asyncio
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from bot.storage.maintenance.migrate import revisions
from sandbox.parent_death import end_with
from sandbox.supervisor import Process
from tests.operations.test_files_to_run import unit
from tests.rig import ROOT, Rig

STATE, CODE = "/var/lib/rosette", "/opt/rosette"
"""Where the units keep the state and the code."""
NEXT_REVISION = "9999"
PATIENCE_S = 300.0
DOES_NOTHING = ("cd ", "git fetch ", ".venv/bin/python -m pip install ", "journalctl ")
"""Commands of docs/upgrading.md that change nothing here: all versions have the same packages."""


def commands_of(heading: str) -> list[str]:
    """Return the commands of the first block below a heading of docs/upgrading.md, without `sudo`."""
    text = (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2]
    block = section.partition("```sh\n")[2].partition("```")[0]
    assert block, heading
    commands = re.split(r"\n|&&", re.sub(r"\s+#.*", "", block))
    return [command.strip().removeprefix("sudo ") for command in commands if command.strip()]


def run_as(
    user: tuple[int, int], command: Sequence[str | Path], folder: Path, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end as a user, with what systemd gives it: `variables`, no terminal, the units' UMask."""
    return subprocess.run(
        command,
        cwd=folder,
        env=variables,
        user=user[0],
        group=user[1],
        extra_groups=(),
        umask=0o077,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def python_for(user: tuple[int, int], folder: Path) -> Path | None:
    """Return a Python like this one that a user can run with our packages, None if there is none.

    It is in a virtual environment in `folder`. This Python itself may be in root's home, where nobody else gets in.
    """
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    system = shutil.which(name, path="/usr/local/bin:/usr/bin")
    for base in (Path(sys.executable).resolve(), *([Path(system)] if system else [])):
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "bin").mkdir(parents=True)
        (folder / "lib" / name).mkdir(parents=True)
        (folder / "bin" / "python").symlink_to(base)
        (folder / "lib" / name / "site-packages").symlink_to(sysconfig.get_path("purelib"))
        (folder / "pyvenv.cfg").write_text(f"home = {base.parent}\n", encoding="utf-8")
        with suppress(PermissionError):
            if run_as(user, [folder / "bin" / "python", "-c", "import discord"], folder, {}).returncode == 0:
                return folder / "bin" / "python"
    return None


def _copy_code(target: Path) -> Path:
    """Copy what an image holds: what .dockerignore lets in."""
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        source = ROOT / line[1:]
        if not line.startswith("!"):
            continue
        place = target / line[1:]
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place)
        else:
            shutil.copy2(source, place)
    return target


def _add_migration(code: Path) -> None:
    """Make of a copy of the code its next version."""
    (code / "migrations" / "versions" / f"{NEXT_REVISION}_next.py").write_text(
        f'revision = "{NEXT_REVISION}"\ndown_revision = "{revisions()[-1]}"\n\n\ndef upgrade() -> None: ...\n',
        encoding="utf-8",
    )


class Machine:
    """A machine below `folder`, on which `user`, an id and that of the group, runs the bot with the Python `python`."""

    def __init__(self, folder: Path, user: tuple[int, int], python: Path) -> None:
        self.user, self.group = user
        self._python = python
        self.versions = {name: _copy_code(folder / name) for name in ("v0.1.0", "v0.2.0")}
        _add_migration(self.versions["v0.2.0"])
        self.code = self.versions["v0.1.0"]
        self.state = folder / "state"
        self.credentials = folder / "credentials"
        self.credentials.mkdir()
        # StateDirectory= of the units, whose first folder is that of the others.
        for unit_name in ("rosette.service", "rosette-backup.service"):
            for name in unit(unit_name)["StateDirectory"][0].split():
                path = self.state / Path(name).relative_to("rosette")
                path.mkdir(mode=0o700, exist_ok=True)
                self.hand_over(path)
        self.rig = Rig(self.state, spawn=self._spawn)
        self.rig.program = tuple(self.command_of("rosette.service"))

    def hand_over(self, path: Path) -> None:
        """Make a file or folder the user's."""
        os.chown(path, self.user, self.group)

    def keep_secret(self, name: str, value: str) -> Path:
        """Write a file of a secret, which only root can read so far."""
        file = self.credentials / name
        file.write_text(f"{value}\n", encoding="utf-8")
        file.chmod(0o400)
        return file

    def command_of(self, unit_name: str) -> list[str]:
        """Return the command that a unit runs, on this machine."""
        program, *words = shlex.split(unit(unit_name)["ExecStart"][0])
        assert program == f"{CODE}/.venv/bin/python"
        return [str(self._python), *map(self._here, words)]

    def environment(self, unit_name: str) -> dict[str, str]:
        """Return all variables that a unit sets, with those of rosette.env."""
        rosette_env = {**self.rig.variables, "CREDENTIALS_DIRECTORY": str(self.credentials)}
        # A secret is in a file, and in none of the settings.
        del rosette_env["DISCORD_TOKEN"]
        own = dict(self._here(line).split("=", 1) for line in unit(unit_name)["Environment"])
        return {"PATH": os.environ["PATH"], **rosette_env, **own}

    async def run_unit(self, unit_name: str) -> subprocess.CompletedProcess[str]:
        """Run a unit that ends by itself, and return how it ended."""
        return await self._run(self.command_of(unit_name), self.environment(unit_name))

    async def rosette(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command as `sudo rosette` does."""
        arguments = [self._here(word) for word in words]
        return await self._run([str(self._python), "-m", "bot", *arguments], self.environment("rosette.service"))

    async def follow(self, heading: str) -> None:
        """Type the commands that docs/upgrading.md has below a heading, as they are, but with the right revision."""
        for command in commands_of(heading):
            match shlex.split(command):
                case ["systemctl", ("stop" | "start" | "restart") as verb, "rosette"]:
                    if verb != "start":
                        await self.rig.stop_bot()
                    if verb != "stop":
                        await self.rig.start_bot()
                case ["git", "checkout", version]:
                    self.code = self.versions[version]
                case ["rosette", *words]:
                    done = await self.rosette(*(re.sub(r"before-\d{4}", f"before-{NEXT_REVISION}", w) for w in words))
                    assert done.returncode == 0, done.stderr
                case _:
                    assert command.startswith(DOES_NOTHING), f"What does {command!r} do?"

    def _here(self, text: str) -> str:
        return text.replace(STATE, str(self.state)).replace(CODE, str(self.code))

    async def _run(self, command: Sequence[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        # In a thread, because the Discord that the command may ask is served by this one.
        return await asyncio.to_thread(run_as, (self.user, self.group), command, self.code, variables)

    async def _spawn(self, command: Sequence[str], _folder: Path, _environment: Mapping[str, str]) -> Process:
        """Start the bot as the service manager does, which knows nothing of the variables of this process."""
        return await asyncio.create_subprocess_exec(
            *command,
            cwd=self.code,
            env=self.environment("rosette.service"),
            user=self.user,
            group=self.group,
            extra_groups=(),
            umask=0o077,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(end_with, os.getpid(), signal.SIGKILL),
        )
