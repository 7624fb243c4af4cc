"""What a call of each kind used of AWS: a run of `just cost`, kept beside the prices so that a bill needs no run."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

MEASURED = Path(__file__).with_name("measured.json")
EVENT, DIRECT = "event: ", "direct: "


@dataclass(frozen=True)
class Row:
    """A row of the meter, for one call: its `route`, what it was of which service, and how much on average.

    `cpu_milliseconds` is what a function's process used, None where no function ran.
    """

    route: str
    service: str
    action: str
    tier: str
    count: float
    request_bytes: float = 0.0
    response_bytes: float = 0.0
    read_units: Mapping[str, float] = field(default_factory=dict)
    write_units: Mapping[str, float] = field(default_factory=dict)
    cpu_milliseconds: float | None = None


@dataclass(frozen=True)
class Function:
    """`init_milliseconds` is the CPU time of a start, when a function has a whole CPU."""

    megabytes: int
    init_milliseconds: float


@dataclass(frozen=True)
class Stored:
    """Bytes on average: of an item with its entry in the index, of a profile, of a picture's two objects."""

    guitar_bytes: float
    profile_bytes: float
    picture_bytes: float
    thumbnail_bytes: float


@dataclass(frozen=True)
class Measured:
    """`steps` are the rows of one call by the step's name, `template` how much there is of what costs by itself."""

    measured_on: str
    samples: Mapping[str, int]
    steps: Mapping[str, tuple[Row, ...]]
    functions: Mapping[str, Function]
    stored: Stored
    template: Mapping[str, float]


def read_measured(path: Path = MEASURED) -> Measured:
    """What a file holds; raises TypeError when it is of another form."""
    told = json.loads(path.read_text("utf-8"))
    return Measured(
        measured_on=told["measured_on"],
        samples=told["samples"],
        steps={name: tuple(Row(**row) for row in rows) for name, rows in told["steps"].items()},
        functions={name: Function(**one) for name, one in told["functions"].items()},
        stored=Stored(**told["stored"]),
        template=told["template"],
    )


def write_measured(measured: Measured, path: Path = MEASURED) -> None:
    """Keep it; numbers have four significant decimals at most, so that a difference can be read."""
    path.write_text(json.dumps(_rounded(asdict(measured)), indent=1) + "\n", "utf-8")


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {name: _rounded(one) for name, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value
