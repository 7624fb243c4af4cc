"""Snapshots: taken over HTTP by `just snapshot` and `just restore`, or written and read by name beside the local AWS.

The files are the same.
"""

import asyncio
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulation.cloud.controls import Routes
from emulation.cloud.controls.body import bad_request, not_found, read_text
from emulation.cloud.exchange import Answer, Request, json_answer
from emulation.cloud.state.archive import read_manifest
from emulation.cloud.state.errors import StateDamagedError, StateIncompatibleError
from emulation.cloud.state.files import list_snapshot_files, snapshot_file

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud

NAMES = "A snapshot's name has up to 64 letters, digits, dots, dashes and underscores."


class SnapshotsControl:
    """`/_cloud/snapshot` and `/_cloud/restore`, whose body is one; `/_cloud/snapshots`, where the body names one:
    `{"name": NAME}`."""

    def __init__(self, cloud: "Cloud", local_dir: Path) -> None:
        self._cloud = cloud
        self._local_dir = local_dir
        self.routes: Routes = {
            ("GET", "/_cloud/snapshot"): self.send_snapshot,
            ("POST", "/_cloud/restore"): self.restore,
            ("GET", "/_cloud/snapshots"): self.list_snapshots,
            ("POST", "/_cloud/snapshots"): self.take_snapshot,
            ("POST", "/_cloud/snapshots/restore"): self.restore_snapshot,
            ("DELETE", "/_cloud/snapshots"): self.delete_snapshot,
        }

    async def send_snapshot(self, _request: Request) -> Answer:
        """The state as it is now, as one file."""
        descriptor, name = tempfile.mkstemp(prefix="snapshot-")
        os.close(descriptor)
        try:
            await self._cloud.keeper.write_archive(Path(name))
        except OSError as error:
            Path(name).unlink()  # noqa: ASYNC240 - a moment
            return json_answer(503, {"status": "failed", "reason": str(error)})
        except BaseException:
            Path(name).unlink()  # noqa: ASYNC240 - a moment
            raise
        return Answer(200, headers=[("Content-Type", "application/zip")], download=Path(name))

    async def restore(self, request: Request) -> Answer:
        """Replace all data by that of a snapshot, which is the body."""
        assert request.upload is not None  # noqa: S101 - front.UPLOADS names this route
        status, reason = await self._restore(request.upload)
        return json_answer(status, {"status": "failed", "reason": reason} if reason else {"status": "ok"})

    async def list_snapshots(self, _request: Request) -> Answer:
        """Each with when it was made and what it holds, or why it cannot be used; the newest first."""
        found = await asyncio.to_thread(lambda: [_describe(path) for path in list_snapshot_files(self._local_dir)])
        found.sort(key=lambda one: str(one.get("created", "")), reverse=True)
        return json_answer(200, {"snapshots": found})

    async def take_snapshot(self, request: Request) -> Answer:
        """Write all data into a file of that name; 409 when there is one."""
        path = snapshot_file(self._local_dir, read_text(request, "name"))
        if path is None:
            return bad_request(NAMES)
        if await asyncio.to_thread(path.exists):
            return json_answer(409, {"message": "There is a snapshot of that name already."})
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.new")
        try:
            await self._cloud.keeper.write_archive(aside)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
        return json_answer(201, _describe(path))

    async def restore_snapshot(self, request: Request) -> Answer:
        """Replace all data by that of the snapshot."""
        path = snapshot_file(self._local_dir, read_text(request, "name"))
        if path is None or not await asyncio.to_thread(path.is_file):
            return not_found("There is no such snapshot.")
        status, reason = await self._restore(path)
        return json_answer(status, {"message": reason} if reason else {"status": "ok"})

    async def delete_snapshot(self, request: Request) -> Answer:
        """Delete the file."""
        path = snapshot_file(self._local_dir, read_text(request, "name"))
        if path is None or not await asyncio.to_thread(path.is_file):
            return not_found("There is no such snapshot.")
        await asyncio.to_thread(path.unlink)
        return Answer(204)

    async def _restore(self, path: Path) -> tuple[int, str]:
        """The status, and why the data are not the snapshot's; empty when they are."""
        try:
            done = await self._cloud.restore(path)
        except StateDamagedError as damage:
            return 400, f"The snapshot is damaged: {damage}."
        except StateIncompatibleError as mismatch:
            return 409, f"The snapshot was made by another version: {mismatch}."
        return (200, "") if done else (500, self._cloud.stack.failure)


def _describe(path: Path) -> dict[str, Any]:
    described: dict[str, Any] = {"name": path.stem, "bytes": path.stat().st_size}
    try:
        manifest = read_manifest(path)
    except (StateDamagedError, StateIncompatibleError) as error:
        return {**described, "problem": str(error)}
    return {**described, "created": f"{manifest.created[:19]}Z", "counts": dict(manifest.counts)}
