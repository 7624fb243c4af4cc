"""The local AWS without its HTTP server: everything that answers, put together here and nowhere else."""

import asyncio
import json
import secrets
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from typing import Any

from emulation.cloud.cognito import Cognito
from emulation.cloud.control import PREFIX, Control
from emulation.cloud.errors import AwsError
from emulation.cloud.exchange import JSON_TYPE, Answer, Request, json_answer, json_error
from emulation.cloud.functions import Functions
from emulation.cloud.keeper import Keeper
from emulation.cloud.moto_services import MotoServices, not_emulated
from emulation.cloud.operations import Operation, read_operation
from emulation.cloud.stack import Stack
from emulation.cloud.streams import Streams
from emulation.cloud.triggers import run_trigger
from emulation.settings import REGION, LocalSettings

JWKS_SUFFIX = "/.well-known/jwks.json"
OPENID_SUFFIX = "/.well-known/openid-configuration"
# The path at the front door under which the user pool's domain is found.
COGNITO_DOMAIN_PATH = "/_local/auth"
WARM_UP_AFTER_SECONDS = 2.0


class Cloud:
    """Answers requests; holds the data, the stack, and the tasks that save the one and serve the other."""

    def __init__(self, settings: LocalSettings, endpoint_url: str) -> None:
        """Loads the kept state; raises StateRefusedError when another version wrote it."""
        self._settings = settings
        self._endpoint_url = endpoint_url
        self.moto = MotoServices()
        self.keeper = Keeper(settings.local_dir / "state", lambda: self.data)
        self.data = self.keeper.load()
        self.cognito = self._new_cognito()
        self.stack = Stack(settings, endpoint_url)
        self.functions = Functions(self._open_services)
        self._control = Control(self, (*settings.cors_origins, settings.front_door_url))
        self._streams: Streams | None = None
        self._saving: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[Any]] = []
        self._resetting = asyncio.Lock()

    def _new_cognito(self) -> Cognito:
        return Cognito(
            self.data.cognito,
            self.data.mailbox,
            self._run_trigger,
            self.data.clock,
            secrets.token_bytes,
            f"{self._settings.front_door_url}{COGNITO_DOMAIN_PATH}",
        )

    async def _run_trigger(self, user_pool_id: str, name: str, event: dict[str, Any]) -> dict[str, Any]:
        triggers = self.stack.applied.triggers if self.stack.applied else ()
        return await run_trigger(self.functions, triggers, user_pool_id, name, event)

    def _open_services(self) -> AbstractAsyncContextManager[Any]:
        # Imported at the first need: the SDK that the server uses takes as long to import as all the rest.
        settings, services = import_module("server.settings"), import_module("server.services")
        environment = {
            **self.stack.environment,
            "AWS_ENDPOINT_URL": self._endpoint_url,
            "CLOUDFRONT_DOMAIN": self._settings.front_door_url,
            "CORS_ORIGINS": ",".join(self._settings.cors_origins),
            "S3_PUBLIC_ENDPOINT": self._settings.public_aws_url,
        }
        opened: AbstractAsyncContextManager[Any] = services.open_services(
            settings.read_settings(environment), clock=self.data.clock
        )
        return opened

    async def start(self) -> bool:
        """Create or check the stack and begin to save and to deliver; whether the stack is there."""
        self._saving = asyncio.create_task(self.keeper.run())
        return await self._apply_stack()

    async def _apply_stack(self) -> bool:
        if not await self.stack.apply() or self.stack.applied is None:
            return False
        self._streams = Streams(
            self.stack.applied.streams, self.data.streams, self.functions, self.data.clock, self.keeper.touch
        )
        self._tasks = [asyncio.create_task(self._streams.run()), asyncio.create_task(self._warm_up())]
        return True

    async def _warm_up(self) -> None:
        """Open the services before the first function needs them, but not while the other parts are starting."""
        await asyncio.sleep(WARM_UP_AFTER_SECONDS)
        await self.functions.open()

    async def stop_functions(self) -> None:
        """Deliver nothing any more; what was under way is delivered again at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks, self._streams = [], None
        await self.functions.close()

    async def stop(self) -> None:
        """Save a last time. Call it when no request can come any more."""
        self.keeper.stop()
        if self._saving is not None:
            await self._saving
        await self.keeper.save()

    async def reset(self) -> bool:
        """Delete all data and create the stack anew; whether that succeeded."""
        async with self._resetting:
            await self.stop_functions()
            self.moto.reset()
            self.data = type(self.data)()
            self.cognito = self._new_cognito()
            done = await self._apply_stack()
            await self.keeper.save()
            return done

    async def answer(self, request: Request) -> Answer:
        """The answer of the control plane or of the service that the request is for."""
        if request.path.startswith(PREFIX):
            return await self._control.answer(request)
        if request.method == "GET" and request.path.endswith(JWKS_SUFFIX):
            return self._jwks(request.path.removesuffix(JWKS_SUFFIX).lstrip("/"))
        if request.method == "GET" and request.path.endswith(OPENID_SUFFIX):
            return self.moto.answer(Operation("cognito-idp", "", REGION), request)
        operation = read_operation(request)
        answer = await self._ask_service(operation, request)
        # A refused call to Cognito counts too: attempts are numbered, codes are used up.
        if operation.changes(request.method) and (answer.status < 400 or operation.service == "cognito-idp"):
            self.keeper.touch()
            if operation.service == "dynamodb" and self._streams is not None:
                self._streams.wake()
        return answer

    async def _ask_service(self, operation: Operation, request: Request) -> Answer:
        if not operation.action:
            return self.moto.answer(operation, request) if self.moto.knows(operation) else not_emulated(operation)
        try:
            body = json.loads(request.body)
        except ValueError:
            return json_error(400, "com.amazon.coral.service#SerializationException", "")
        if operation.service == "cognito-idp" and operation.action in self.cognito.ACTIONS:
            return await self._ask_cognito(operation, body)
        return self.moto.answer(operation, request) if self.moto.knows(operation) else not_emulated(operation)

    async def _ask_cognito(self, operation: Operation, body: dict[str, Any]) -> Answer:
        try:
            result = await self.cognito.call(operation.action, body, operation.region)
        except AwsError as error:
            return json_error(error.status, error.code, error.message)
        return json_answer(200, result, JSON_TYPE)

    def _jwks(self, pool_id: str) -> Answer:
        try:
            return json_answer(200, self.cognito.jwks(pool_id))
        except AwsError as error:
            return json_answer(error.status, {"message": error.message})
