"""What an operation works with."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from moto.cognitoidp.models import cognitoidp_backends

from emulation.cloud.cognito.app_clients import AppClient
from emulation.cloud.cognito.pools import Pool
from emulation.cloud.cognito.refusals import not_found
from emulation.cloud.cognito.state import CognitoState, PoolState
from emulation.cloud.mailbox import Mailbox
from emulation.settings import ACCOUNT_ID
from server.clock import Clock

RunTrigger = Callable[[str, str, dict[str, Any]], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Context:
    """The state of one region, the mailbox, time and randomness. `domain_url` is where the pool's domain is found."""

    state: CognitoState
    mailbox: Mailbox
    run_trigger: RunTrigger
    clock: Clock
    token_bytes: Callable[[int], bytes]
    domain_url: str
    region: str

    def pools(self) -> list[Pool]:
        """The pools of the region."""
        regions = cognitoidp_backends[ACCOUNT_ID]
        if self.region not in regions:
            return []
        models = regions[self.region].user_pools.values()
        return [Pool(model, self.state.pools.setdefault(model.id, PoolState())) for model in models]

    def pool(self, pool_id: str) -> Pool:
        """A pool by its id; raises ResourceNotFoundException."""
        for pool in self.pools():
            if pool.id == pool_id:
                return pool
        raise not_found(f"User pool {pool_id} does not exist.")

    def app_client(self, client_id: str) -> AppClient:
        """A client, whatever its pool; raises ResourceNotFoundException."""
        for pool in self.pools():
            if client_id in pool.model.clients:
                return AppClient(pool, pool.model.clients[client_id])
        raise not_found(f"User pool client {client_id} does not exist.")

    def uuid(self) -> str:
        """A random UUID."""
        return str(UUID(bytes=self.token_bytes(16), version=4))

    def opaque_text(self, size: int) -> str:
        """Random text made of `size` bytes."""
        return base64.urlsafe_b64encode(self.token_bytes(size)).decode().rstrip("=")

    def six_digits(self) -> str:
        """A random code."""
        return f"{int.from_bytes(self.token_bytes(8)) % 1_000_000:06}"
