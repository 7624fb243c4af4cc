"""`snapshot`, `restore` and `snapshots`: all data under a name, as one file that can be shared.

Both forms of the stack are asked through the local AWS; one that is down is started alone for that.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from emulation.cloud.state.archive import Manifest, read_manifest
from emulation.cloud.state.errors import StateDamagedError, StateIncompatibleError
from emulation.cloud.state.files import list_snapshot_files, snapshot_file, snapshots_folder
from emulation.commands.choice import choose, find_running
from emulation.commands.errors import CommandError
from emulation.commands.interrupting import uninterrupted
from emulation.commands.lock import locked
from emulation.commands.output import say
from emulation.commands.parts import CLOUD
from emulation.commands.ports import check_ports
from emulation.commands.probe import fetch_snapshot, send_snapshot
from emulation.commands.waiting import wait_until_healthy
from emulation.settings import LocalSettings

_ROW = "{:<24} {:<21} {:>9} {:>7} {:>7} {:>8}  {}"


def take_snapshot(settings: LocalSettings, environ: Mapping[str, str], name: str) -> int:
    """Write all data into a file; raises CommandError when there is one of that name, or it cannot be written."""
    path = snapshot_path(settings, name)
    with locked(settings.local_dir):
        if path.exists():
            raise CommandError(f"There is a snapshot {name} already; choose another name, or delete {path}.")
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.new")
        try:
            with _local_aws(settings, environ) as reached:
                fetch_snapshot(reached, aside)
            told = describe(read_manifest(aside).counts)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    say(f"Snapshot {name}: {told}, {_size(path)}, in {path}")
    return 0


def restore_snapshot(settings: LocalSettings, environ: Mapping[str, str], name: str) -> int:
    """Replace all data by a snapshot's; raises CommandError, with nothing changed, when it cannot be used."""
    path = snapshot_path(settings, name)
    if not path.is_file():
        raise CommandError(f"There is no snapshot {name} ({path}); `uv run just snapshots` lists them.")
    manifest = _read(path, name)
    with locked(settings.local_dir), _local_aws(settings, environ) as reached:
        send_snapshot(reached, path)
    say(f"All data is that of the snapshot {name}: {describe(manifest.counts)}.")
    return 0


def list_snapshots(settings: LocalSettings) -> int:
    """A line for each snapshot; one that cannot be used says why."""
    paths = list_snapshot_files(settings.local_dir)
    if not paths:
        say(f"There are no snapshots in {snapshots_folder(settings.local_dir)}; `uv run just snapshot NAME` takes one.")
        return 0
    say(_ROW.format("NAME", "CREATED", "SIZE", "USERS", "ITEMS", "OBJECTS", "").rstrip())
    for path in paths:
        try:
            manifest = read_manifest(path)
        except (StateDamagedError, StateIncompatibleError) as error:
            say(_ROW.format(path.stem, "-", _size(path), "-", "-", "-", f"cannot be restored: {error}"))
            continue
        counts = [str(manifest.counts[what]) for what in ("users", "items", "objects")]
        say(_ROW.format(path.stem, f"{manifest.created[:19]}Z", _size(path), *counts, "").rstrip())
    return 0


def snapshot_path(settings: LocalSettings, name: str) -> Path:
    """Where a snapshot lies; raises CommandError on a name that cannot be a file's everywhere."""
    path = snapshot_file(settings.local_dir, name)
    if path is None:
        raise CommandError(
            f"A snapshot's name has up to 64 letters, digits, dots, dashes and underscores, not {name!r}."
        )
    return path


def describe(counts: Mapping[str, int]) -> str:
    """How much a snapshot holds, in words."""
    return f"{counts['users']} users, {counts['items']} items, {counts['objects']} objects"


def _read(path: Path, name: str) -> Manifest:
    try:
        return read_manifest(path)
    except StateDamagedError as damage:
        raise CommandError(f"The snapshot {name} is damaged: {damage}.") from damage
    except StateIncompatibleError as mismatch:
        raise CommandError(f"The snapshot {name} was made by another version: {mismatch}.") from mismatch


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1_000_000:.1f} MB"


@contextmanager
def _local_aws(settings: LocalSettings, environ: Mapping[str, str]) -> Iterator[LocalSettings]:
    """The settings that reach the stack's local AWS, started for as long as it is needed when nothing is up."""
    running = find_running(settings, environ)
    if running is not None:
        if CLOUD.name not in running.running():
            raise CommandError("The stack is up without its local AWS; `uv run just up` starts it again.")
        yield running.settings
        return
    form = choose(settings, environ).form
    check_ports([CLOUD], settings)
    try:
        form.prepare()
        form.start([CLOUD])
        wait_until_healthy(form, [CLOUD], form.settings, lambda _: None)
        yield form.settings
    finally:
        with uninterrupted():
            form.stop()
