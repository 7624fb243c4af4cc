"""What was tried and what came of it: the lines of docs/reliability.md.

Any test may write records: `write_record(folder, Record(...))` with a `section` of its own.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4


@dataclass
class Record:
    """One line of a section's table. `answers` counts by kind, such as `success` or `503`; `figures` are further ones,
    by their name."""

    section: str
    name: str
    requests: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    acknowledged: int = 0
    lost: int = 0
    duplicated: int = 0
    longest_seconds: float = 0.0
    figures: dict[str, str] = field(default_factory=dict)


def write_record(folder: Path | None, record: Record) -> None:
    """Keep a record for the page; without a folder nothing is kept."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{uuid4().hex}.json").write_text(json.dumps(asdict(record)))


def read_records(folder: Path) -> list[Record]:
    """The records of a folder, by section and name."""
    told = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    return sorted((Record(**one) for one in told), key=lambda record: (record.section, record.name))
