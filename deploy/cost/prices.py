"""The price table."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

PRICES = Path(__file__).with_name("prices.toml")


@dataclass(frozen=True)
class Step:
    """`usd` for `per` units of the amount below `up_to`, in units; None for the last step."""

    usd: float
    up_to: float | None = None


@dataclass(frozen=True)
class Price:
    """What a unit costs; `free` units a month cost nothing."""

    name: str
    service: str
    unit: str
    per: float
    steps: tuple[Step, ...]
    free: float
    source: str
    seen: bool

    def cost(self, amount: float, *, free_tier: bool = True) -> float:
        """USD for a month's amount, in units. What is free counts towards the steps, as on the bill."""
        billed_from = min(amount, self.free) if free_tier else 0.0
        total, below = 0.0, 0.0
        for step in self.steps:
            end = amount if step.up_to is None else min(amount, step.up_to)
            total += max(0.0, end - max(below, billed_from)) / self.per * step.usd
            below = end
        return total


@dataclass(frozen=True)
class PriceTable:
    """Prices by name, of one region, read on a day."""

    region: str
    read_on: date
    prices: Mapping[str, Price]


def read_prices(path: Path = PRICES) -> PriceTable:
    """The table in a file; raises KeyError and TypeError where a price lacks something."""
    told = tomllib.loads(path.read_text("utf-8"))
    region, read_on = told.pop("region"), told.pop("read_on")
    return PriceTable(region, read_on, {name: _read_price(name, one) for name, one in told.items()})


def _read_price(name: str, told: dict[str, Any]) -> Price:
    steps = told.get("steps") or [{"usd": told["usd"]}]
    return Price(
        name,
        told["service"],
        told["unit"],
        told["per"],
        tuple(Step(**step) for step in steps),
        told.get("free", 0.0),
        told["source"],
        told.get("seen", False),
    )
