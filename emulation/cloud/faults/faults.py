"""The faults that are on, and what they do to a call."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from emulation.cloud.callers import access_key_of
from emulation.cloud.exchange import Answer, Request
from emulation.cloud.faults.fault import Fault, Kind
from emulation.cloud.faults.wording import word_trouble

MOST_FAULTS = 100


class Faults:
    """They are kept in memory alone: a new start of the local AWS forgets them."""

    def __init__(self, fraction: Callable[[], float], new_id: Callable[[], str]) -> None:
        """`fraction` gives random numbers below 1, `new_id` ids of requests and faults."""
        self._fraction = fraction
        self._new_id = new_id
        self._faults: dict[str, Fault] = {}

    def add(self, fault: Fault) -> Fault:
        """Have it happen from now on; of more than a hundred the oldest goes."""
        added = replace(fault, id=self._new_id())
        self._faults[added.id] = added
        if len(self._faults) > MOST_FAULTS:
            del self._faults[next(iter(self._faults))]
        return added

    def list_faults(self) -> list[Fault]:
        """All that are on, in the order in which they were added."""
        return list(self._faults.values())

    def remove(self, fault_id: str) -> bool:
        """End one; whether there was one of that id."""
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        """End all."""
        self._faults.clear()

    async def around(
        self, service: str, action: str, request: Request, answer: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """The answer to a call, or what a fault makes of it. Every delay that strikes is served, then one other."""
        struck = self._strike(service, action, request) if self._faults else []
        for fault in struck:
            if fault.kind is Kind.LATENCY:
                await asyncio.sleep(fault.milliseconds / 1000)
        kind = next((fault.kind for fault in struck if fault.kind is not Kind.LATENCY), None)
        if kind is None:
            return await answer()
        if kind is Kind.DROP:
            return Answer(503, is_lost=True)
        if kind is Kind.LOST:
            return replace(await answer(), is_lost=True)
        return word_trouble(kind, service, action, request.body, self._new_id())

    def _strike(self, service: str, action: str, request: Request) -> list[Fault]:
        struck: list[Fault] = []
        access_key = access_key_of(request)
        for fault in self._faults.values():
            is_over = any(one.kind is not Kind.LATENCY for one in struck) and fault.kind is not Kind.LATENCY
            if not is_over and fault.concerns(service, action, access_key) and fault.strikes(self._fraction()):
                struck.append(fault)
        return struck
