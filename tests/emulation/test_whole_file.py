"""A file that is read while it is written, as the note of a part that `dev` restarts while `status` looks."""

import threading
from pathlib import Path

from emulation.whole_file import write_whole

LONG = 100_000
TIMES = 100


def test_who_reads_a_file_while_it_is_written_finds_the_old_or_the_new_whole(tmp_path: Path) -> None:
    path = tmp_path / "run" / "note.json"
    write_whole(path, "a" * LONG)
    done = threading.Event()

    def write() -> None:
        for _ in range(TIMES):
            write_whole(path, "b" * LONG)
            write_whole(path, "a" * LONG)
        done.set()

    writing = threading.Thread(target=write)
    writing.start()
    found = set()
    while not done.is_set():
        found.add(path.read_text())
    writing.join()
    assert found <= {"a" * LONG, "b" * LONG}


def test_a_file_is_kept_from_others_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_whole(path, "one", mode=0o600)
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("one", 0o600)
    assert list(tmp_path.iterdir()) == [path]
