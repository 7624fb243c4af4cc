import asyncio
import json
import re
import signal
import sys
from pathlib import Path

import pytest

from emulation.commands.process import start_mark
from emulation.commands.sources import owners_of
from emulation.settings import ROOT
from tests.emulation.cloud_copy import copy_code
from tests.emulation.command_stack import PARTS, STARTING_SECONDS, Stack, is_gone, own_stack
from tests.eventually import eventually


async def test_parts_in_the_foreground_end_with_it_however_it_ends(stack: Stack) -> None:
    dev = await stack.start("dev")
    await eventually(stack.is_healthy, STARTING_SECONDS)
    pids = stack.pids()
    dev.kill()
    await dev.communicate()

    async def all_gone() -> bool:
        return all(map(is_gone, pids))

    assert len(pids) == 3
    await eventually(all_gone)


async def test_the_foreground_ends_when_another_command_takes_its_parts(stack: Stack) -> None:
    dev = await stack.start("dev")
    await eventually(stack.is_healthy, STARTING_SECONDS)
    assert (await stack.run("down")).code == 0
    assert (await stack.run("up")).code == 0
    pids = stack.pids()
    _, err = await asyncio.wait_for(dev.communicate(), STARTING_SECONDS)
    assert (dev.returncode, err.count(b"\n")) == (1, 1)
    assert b"Another command has stopped or started parts" in err
    assert (stack.pids(), await stack.is_healthy()) == (pids, True)


async def test_the_foreground_leaves_a_part_that_another_command_started(stack: Stack) -> None:
    dev = await stack.start("dev")
    await eventually(stack.is_healthy, STARTING_SECONDS)
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
    note = stack.folder / "run" / "api.json"
    noted = {"pid": other.pid, "started": start_mark(other.pid), "since": "2026-01-01T00:00:00Z"}
    note.write_text(json.dumps(noted))
    await asyncio.wait_for(dev.communicate(), STARTING_SECONDS)
    assert (dev.returncode, json.loads(note.read_text()), is_gone(other.pid)) == (1, noted, False)
    other.terminate()
    await other.communicate()


async def test_the_foreground_stops_on_interrupt(stack: Stack) -> None:
    dev = await stack.start("dev")

    async def all_started() -> bool:
        return len(stack.pids()) == 3

    await eventually(all_started)
    pids = stack.pids()
    dev.send_signal(signal.SIGINT)
    await asyncio.wait_for(dev.communicate(), STARTING_SECONDS)
    assert (dev.returncode, all(map(is_gone, pids)), stack.pids()) == (0, True, [])


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of a stack whose files may be saved: those here are watched by every other `dev` of this checkout."""
    return copy_code(tmp_path_factory.mktemp("code"))


async def test_the_foreground_names_the_file_whose_saving_restarts_a_part(tmp_path: Path, code: Path) -> None:
    async with own_stack(tmp_path, root=code) as stack:
        dev = await stack.start("dev")
        await _until_it_watches(dev)
        edge = stack.pids()[-1]
        (code / "emulation" / "edge" / "pages.py").touch()

        assert await _read_until(dev, "restarting") == "emulation/edge/pages.py saved: restarting edge\n"

        async def is_another() -> bool:
            pids = stack.pids()
            return len(pids) == 3 and pids[-1] != edge

        await eventually(is_another, STARTING_SECONDS)
        dev.send_signal(signal.SIGINT)
        await dev.communicate()


async def _until_it_watches(dev: asyncio.subprocess.Process) -> None:
    # The last part is asked whether it is well once all files are watched, and not before.
    await _read_until(dev, f"{PARTS[-1]:<5} | healthy")


async def _read_until(dev: asyncio.subprocess.Process, words: str) -> str:
    assert dev.stdout is not None
    async with asyncio.timeout(STARTING_SECONDS):
        async for line in dev.stdout:
            if words in line.decode():
                return line.decode()
    raise AssertionError(f"{words} was not told.")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("server/handlers/guitars.py", ["api"]),
        ("server/models/guitar.py", ["api", "functions"]),
        ("server/clock.py", ["cloud", "api", "edge"]),
        ("deploy/functions/cleanup.py", ["api", "functions"]),
        ("deploy/functions/start.py", ["cloud", "api", "edge"]),
        ("emulation/edge/app.py", ["edge"]),
        ("emulation/site/index.html", []),
        ("emulation/console/faults.js", []),
        ("emulation/openapi/words.py", []),
        ("emulation/cloud/cloud.py", ["cloud"]),
        ("deploy/build/descriptions.py", ["api"]),
        ("deploy/account.yaml", []),
        ("deploy/template.yaml", ["cloud", "edge"]),
        ("emulation/runtime/functions.py", ["cloud", "api"]),
        ("emulation/settings.py", ["cloud", "api", "edge"]),
        ("emulation/commands/up.py", []),
    ],
)
def test_a_saved_file_restarts_the_parts_that_use_it(path: str, names: list[str]) -> None:
    assert owners_of([ROOT / path]) == names


async def modules_after(*imported: str) -> list[Path]:
    """The files of ours, packages apart, that a process has loaded after these imports."""
    look = f"import sys, {', '.join(imported)}; print(*sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", look, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    paths = [ROOT / f"{name.replace('.', '/')}.py" for name in out.decode().split()]
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize(
    ("part", "imported"),
    [
        ("cloud", ["emulation.cloud.__main__", "emulation.cloud.cloud"]),
        ("api", ["emulation.api.__main__"]),
        ("edge", ["emulation.edge.__main__"]),
    ],
)
async def test_a_part_restarts_for_every_module_of_its_own(part: str, imported: list[str]) -> None:
    used = await modules_after(*imported)
    assert ROOT / "server/clock.py" in used
    assert [path for path in used if part not in owners_of([path])] == []


async def test_the_clouds_functions_are_renewed_for_every_module_of_theirs() -> None:
    used = await modules_after("deploy.functions.cleanup", "deploy.functions.post_confirmation")
    assert ROOT / "server/profiles.py" in used
    assert [path for path in used if not {"cloud", "functions"} & set(owners_of([path]))] == []


async def test_a_saved_module_of_the_functions_runs_without_a_restart_of_the_cloud(tmp_path: Path, code: Path) -> None:
    profiles = code / "server" / "profiles.py"
    async with own_stack(tmp_path, root=code) as stack:
        dev = await stack.start("dev")
        await _until_it_watches(dev)
        cloud = stack.pids()[0]
        # Twice, and of one length: what was compiled in the same second must not be taken for what was saved.
        for name in ("Renewed once", "Renewed more"):
            profiles.write_text(re.sub(r"\bname=(?!body).+,", f'name="{name}",', profiles.read_text()))

            async def is_renewed(name: str = name) -> bool:
                await stack.ask("POST", "/_local/users", {})
                return name in (await stack.ask("GET", "/_local/items?table=guitar-collection-users-dev"))[1]

            await eventually(is_renewed, STARTING_SECONDS)
        assert stack.pids()[0] == cloud
        dev.send_signal(signal.SIGINT)
        await dev.communicate()
