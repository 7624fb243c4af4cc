"""A part under `dev` as a fork: what it prints, and how it ends."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from emulation.commands.forked import ForkedPart
from emulation.settings import ROOT
from tests.emulation.command_stack import STARTING_SECONDS, is_gone
from tests.eventually import eventually

# Prints whom it was forked from, and stays.
PART = "import os, time\nprint(os.getppid())\ntime.sleep(600)\n"


@asynccontextmanager
async def a_part(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[ForkedPart, AsyncIterator[bytes]]]:
    """A part that has been started, and what it writes; gone when done."""
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    monkeypatch.syspath_prepend(folder)
    (folder / "part_of_a_test.py").write_text(PART)
    part = ForkedPart("part_of_a_test", folder, {})
    await part.start()
    lines = part.lines()
    try:
        async with asyncio.timeout(STARTING_SECONDS):
            yield part, lines
    finally:
        part.kill()
        await part.wait()


async def test_what_a_part_prints_is_there_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_part(tmp_path, monkeypatch) as (part, lines):
        assert int(await anext(lines)) != os.getpid()
        assert part.code is None


async def test_a_part_ends_with_the_process_that_it_was_forked_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_part(tmp_path, monkeypatch) as (part, lines):
        os.kill(int(await anext(lines)), signal.SIGTERM)
        await part.wait()
        assert [line async for line in lines] == []

        async def has_gone() -> bool:
            return is_gone(part.pid)

        await eventually(has_gone)


async def test_ctrl_c_while_the_libraries_are_loaded_leaves_the_process_to_its_starter() -> None:
    interrupted = (
        "import sys\n"
        "class CtrlC:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'emulation.edge.app':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, CtrlC())\n"
        "import emulation.commands.libraries\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", interrupted, cwd=ROOT)
    assert await process.wait() == 0
