"""The workload: what users do in a month, and what is assumed where nothing could be measured."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

WORKLOAD = Path(__file__).with_name("workload.toml")
_WHOLE = 100.0


class WorkloadError(ValueError):
    """The file contradicts itself; the text says where."""


@dataclass(frozen=True)
class Workload:
    """`mix` is calls of 100 by step, `rare` are the routes that it leaves out, `specification` is USD a month by
    service, by users; the rest as in the file."""

    calls_per_user: float
    guitars_per_user: int
    pictures_per_guitar: int
    picture_bytes: int
    mix: Mapping[str, float]
    rare: tuple[str, ...]
    visits: Mapping[str, float]
    authorizer: Mapping[str, float]
    cold_share: float
    megabytes_of_one_cpu: float
    wait_milliseconds: Mapping[str, float]
    log_bytes: Mapping[str, float]
    log_retention: Mapping[str, float]
    tiering: Mapping[str, float]
    header_bytes: float
    specification: Mapping[int, Mapping[str, float]]

    @property
    def pictures_per_user(self) -> int:
        """How many pictures a user keeps."""
        return self.guitars_per_user * self.pictures_per_guitar


def read_workload(path: Path = WORKLOAD) -> Workload:
    """The workload in a file; raises WorkloadError when shares do not add up."""
    told = tomllib.loads(path.read_text("utf-8"))
    _check_sum("mix", told["mix"], _WHOLE)
    _check_sum("tiering", told["tiering"], 1.0)
    functions = told.pop("functions")
    return Workload(
        **{name: told[name] for name in ("calls_per_user", "guitars_per_user", "pictures_per_guitar", "picture_bytes")},
        **{name: told[name] for name in ("mix", "visits", "authorizer", "log_bytes", "log_retention", "tiering")},
        rare=tuple(told["rare"]),
        cold_share=functions["cold_share"],
        megabytes_of_one_cpu=functions["megabytes_of_one_cpu"],
        wait_milliseconds=functions["wait_milliseconds"],
        header_bytes=told["edge"]["header_bytes"],
        specification={int(users): costs for users, costs in told["specification"].items()},
    )


def _check_sum(name: str, shares: Mapping[str, float], whole: float) -> None:
    total = sum(shares.values())
    if abs(total - whole) > 1e-6 or min(shares.values()) < 0:
        raise WorkloadError(f"The shares of [{name}] are {total:g} together, not {whole:g}.")
