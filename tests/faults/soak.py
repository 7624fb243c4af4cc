"""`python -m tests.faults.soak`: mixed requests for long, and what each part has grown by meanwhile."""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from emulation.commands.parts import PARTS
from tests.api.client import User
from tests.faults.record import Record, write_record
from tests.faults.stack import ProcessSurgeon, Stack, open_stack
from tests.photographs import marked, phone_jpeg

REQUESTS, CLIENTS = 30_000, 50
MOST_GROWTH = 1.10
SAMPLE_SECONDS = 0.5
# Of all samples: the caches of Python and of each part are full after the first part, and the end is the last one.
WARM_FROM, WARM_TO, END_FROM = 0.25, 0.45, 0.8
PICTURE_EVERY = 10


@dataclass
class Usage:
    """Memory in kB and open files of the parts, by part, sample after sample."""

    memory_kb: dict[str, list[int]] = field(default_factory=dict)
    files: dict[str, list[int]] = field(default_factory=dict)

    def sample(self, surgeon: ProcessSurgeon) -> None:
        """Read /proc."""
        for part in PARTS:
            process = Path("/proc") / str(surgeon.pid(part))
            pages = int((process / "statm").read_text().split()[1])
            self.memory_kb.setdefault(part.name, []).append(pages * os.sysconf("SC_PAGE_SIZE") // 1024)
            self.files.setdefault(part.name, []).append(len(list((process / "fd").iterdir())))

    def ends(self, samples: list[int]) -> tuple[float, float]:
        """The medians after the warm-up and at the end."""
        count = len(samples)
        warm = samples[int(count * WARM_FROM) : int(count * WARM_TO) + 1]
        return statistics.median(warm), statistics.median(samples[int(count * END_FROM) :])


@dataclass
class Soak:
    """One run over a stack of processes."""

    stack: Stack
    requests: int
    answers: Counter[str] = field(default_factory=Counter)
    usage: Usage = field(default_factory=Usage)
    longest_seconds: float = 0.0

    async def run(self, clients: int) -> None:
        """Send the requests and sample the parts meanwhile."""
        users = [await self.stack.api.new_user() for _ in range(clients)]
        sampling = asyncio.create_task(self._sample())
        picture = phone_jpeg(marked((160, 120)))
        timeout = aiohttp.ClientTimeout(total=40)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
            await asyncio.gather(*(self._use(session, user, picture) for user in users))
        sampling.cancel()

    async def _sample(self) -> None:
        surgeon = self.stack.surgeon
        assert isinstance(surgeon, ProcessSurgeon)
        while True:
            self.usage.sample(surgeon)
            await asyncio.sleep(SAMPLE_SECONDS)

    async def _use(self, session: aiohttp.ClientSession, user: User, picture: bytes) -> None:
        """What a person does with a guitar, again and again; nothing stays, so that the data do not grow."""
        number = 0
        while self.answers.total() < self.requests:
            number += 1
            guitar = await self._call(session, user, "POST", "/guitars", {"brand": "Fender", "model": "Jazzmaster"})
            if guitar is None:
                continue
            path = f"/guitars/{guitar['guitarId']}"
            await self._call(session, user, "GET", path)
            await self._call(session, user, "PUT", path, {"year": 1962, "notes": [{"content": "new strings"}]})
            await self._call(session, user, "GET", "/guitars?limit=20")
            await self._call(session, user, "GET", "/guitars/brands")
            await self._call(session, user, "GET", "/user/profile")
            if number % PICTURE_EVERY == 1:
                await self._add_picture(session, user, guitar["guitarId"], picture)
            await self._call(session, user, "DELETE", path)

    async def _add_picture(self, session: aiohttp.ClientSession, user: User, guitar_id: str, picture: bytes) -> None:
        asked = {"fileName": "a.jpg", "fileType": "image/jpeg"}
        ticket = await self._call(session, user, "POST", "/images/upload-url", asked)
        if ticket is None:
            return
        async with session.put(ticket["uploadUrl"], data=picture, headers=ticket["headers"]) as answer:
            self.answers["success" if answer.status == 200 else f"{answer.status} of S3"] += 1
        body = {"imageKey": ticket["imageKey"], "guitarId": guitar_id}
        await self._call(session, user, "POST", "/images/upload-complete", body)

    async def _call(
        self, session: aiohttp.ClientSession, user: User, method: str, path: str, body: Any = None
    ) -> dict[str, Any] | None:
        started_at = time.monotonic()
        headers = {"Authorization": f"Bearer {user.access_token}"}
        async with session.request(method, f"{self.stack.url}/api{path}", json=body, headers=headers) as answer:
            content = await answer.read()
        self.longest_seconds = max(self.longest_seconds, time.monotonic() - started_at)
        self.answers["success" if answer.status < 300 else f"{answer.status} {content[:60]!r}"] += 1
        told: dict[str, Any] | None = json.loads(content)["data"] if answer.status < 300 else None
        return told

    def growth(self) -> dict[str, tuple[float, float]]:
        """By part: how many times as much memory at the end as after the warm-up, and how many more open files."""
        grown: dict[str, tuple[float, float]] = {}
        for name, samples in self.usage.memory_kb.items():
            warm, end = self.usage.ends(samples)
            warm_files, end_files = self.usage.ends(self.usage.files[name])
            grown[name] = (end / warm, end_files - warm_files)
        return grown

    def record(self, clients: int) -> Record:
        """The line of the page."""
        figures = {
            name: f"{memory:.2f} times the memory, {files:+.0f} open files"
            for name, (memory, files) in self.growth().items()
        }
        name = f"{self.answers.total():,} mixed requests of {clients} clients"
        longest = round(self.longest_seconds, 1)
        return Record("soak", name, self.answers.total(), dict(self.answers), longest_seconds=longest, figures=figures)


async def soak(requests: int, clients: int, records: Path | None) -> int:
    """Run against a stack of its own; 1 when something failed or has grown."""
    with tempfile.TemporaryDirectory(prefix="guitar-collection-") as folder:
        async with open_stack("processes", os.environ, Path(folder)) as stack:
            run = Soak(stack, requests)
            await run.run(clients)
            problems = await stack.problems()
    record = run.record(clients)
    write_record(records, record)
    sys.stdout.write(f"{record.name}: {dict(run.answers)}, the longest after {record.longest_seconds} s\n")
    for name, told in record.figures.items():
        sys.stdout.write(f"{name}: {told}\n")
    sys.stdout.write(f"The doctor finds: {problems or 'nothing'}\n")
    has_grown = any(memory > MOST_GROWTH or files > clients / 10 for memory, files in run.growth().values())
    return 1 if problems or has_grown or set(run.answers) != {"success"} else 0


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(prog="just soak", description="Mixed requests for long.")
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--reliability", type=Path, help="keep the figures in a folder, for `just reliability`")
    asked = parser.parse_args()
    return asyncio.run(soak(asked.requests, asked.clients, asked.reliability))


if __name__ == "__main__":
    sys.exit(main())
