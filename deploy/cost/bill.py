"""The bill of a month."""

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.cost.consumption import AUTHORIZE, NO_TOKEN, Consumption, consume, consume_step, steps_of_a_user
from deploy.cost.measured import Measured
from deploy.cost.prices import Price, PriceTable
from deploy.cost.workload import Workload


@dataclass(frozen=True)
class Line:
    """An amount of one price in USD; `causes` are units by what used them."""

    price: Price
    amount: float
    usd: float
    causes: Mapping[str, float]

    @property
    def largest_causes(self) -> list[tuple[str, float]]:
        """What caused the line, and its share of it, the largest first."""
        ranked = sorted(self.causes.items(), key=lambda cause: -cause[1])
        return [(name, units / self.amount) for name, units in ranked]


@dataclass(frozen=True)
class Bill:
    """The lines, the dearest first, and what has no price: calls by what they were."""

    lines: tuple[Line, ...]
    unpriced: Mapping[str, float]

    @property
    def total(self) -> float:
        """USD."""
        return sum(line.usd for line in self.lines)

    def by_service(self) -> dict[str, float]:
        """USD by service."""
        services: dict[str, float] = {}
        for line in self.lines:
            services[line.price.service] = services.get(line.price.service, 0.0) + line.usd
        return services


def draw_up(used: Consumption, prices: PriceTable, *, free_tier: bool = True) -> Bill:
    """The bill of what was used. What the table has no price for is unpriced."""
    lines, unpriced = [], dict(used.unpriced)
    for name, causes in used.amounts.items():
        amount = sum(causes.values())
        price = prices.prices.get(name)
        if price is None:
            unpriced[name] = amount
        else:
            lines.append(Line(price, amount, price.cost(amount, free_tier=free_tier), causes))
    return Bill(tuple(sorted(lines, key=lambda line: (-line.usd, line.price.name))), unpriced)


def bill_users(
    measured: Measured, workload: Workload, prices: PriceTable, users: float, *, free_tier: bool = True
) -> Bill:
    """The bill of so many users."""
    return draw_up(consume(measured, workload, users), prices, free_tier=free_tier)


def bill_route(measured: Measured, workload: Workload, prices: PriceTable, step: str, calls: float = 1e6) -> Bill:
    """The bill of calls of one route, without free tiers, and with its share of the authorizer's decisions.

    Raises KeyError for a route that was not measured.
    """
    used = Consumption()
    consume_step(used, measured, workload, step, calls)
    if _has_token(step):
        consume_step(used, measured, workload, AUTHORIZE, calls * miss_share(workload))
    return draw_up(used, prices, free_tier=False)


def miss_share(workload: Workload) -> float:
    """Of calls with a token, those for which the authorizer is asked."""
    with_token = sum(share for step, share in workload.mix.items() if _has_token(step))
    misses = dict(steps_of_a_user(workload))[AUTHORIZE]
    return misses / (with_token / 100 * workload.calls_per_user)


def _has_token(step: str) -> bool:
    """Whether a call of a route, which may be told apart by its query, is one that the authorizer decides on."""
    return step.partition("?")[0] not in NO_TOKEN
