"""The local AWS without its HTTP server: everything that answers, put together here and nowhere else."""

import asyncio
import random
import secrets
from contextlib import AbstractAsyncContextManager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from emulation.cloud.callers import is_developer
from emulation.cloud.control import PREFIX, Control
from emulation.cloud.exchange import Answer, Request, json_answer
from emulation.cloud.faults import Faults
from emulation.cloud.followers import Followers
from emulation.cloud.functions import FunctionRunner, Functions
from emulation.cloud.identity import Calls, Identities
from emulation.cloud.moto_services import MotoServices
from emulation.cloud.operations import Operation, read_operation
from emulation.cloud.requests.log import RequestLog
from emulation.cloud.requests.naming import name_call
from emulation.cloud.services import Services
from emulation.cloud.stack import Stack
from emulation.cloud.state.keeper import Keeper
from emulation.cloud.state.snapshot import put_in_place
from emulation.cloud.streams import Streams
from emulation.cloud.triggers import run_trigger
from emulation.hosts import is_known_host, known_hosts
from emulation.settings import LocalSettings, server_environment
from emulation.tracing import TRACE_HEADER, UNRECORDED, new_trace_id, read_trace_id, tracing

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
        self.identities = Identities()
        self.calls = Calls()
        self.requests = RequestLog()
        self.faults = Faults(random.random, lambda: secrets.token_hex(8).upper())
        self.services = self._new_services()
        self.stack = Stack(settings, endpoint_url)
        self.functions = self._new_functions()
        self.followers = Followers()
        self._sessions: Any = None
        self._hosts = known_hosts(settings)
        self._control = Control(self, (*settings.cors_origins, settings.front_door_url), settings.local_dir)
        self._streams: Streams | None = None
        self._saving: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[Any]] = []
        self._resetting = asyncio.Lock()
        # Set while the stack is there, or has been found impossible.
        self._stands = asyncio.Event()

    def _new_services(self) -> Services:
        return Services(
            self._settings,
            self.data,
            self.moto,
            self.identities,
            self.calls,
            self._run_trigger,
            self.keeper.touch,
        )

    async def _run_trigger(self, user_pool_id: str, name: str, event: dict[str, Any]) -> dict[str, Any]:
        triggers = self.stack.applied.triggers if self.stack.applied else ()
        return await run_trigger(self.functions, triggers, user_pool_id, name, event)

    def _new_functions(self) -> FunctionRunner:
        if self._settings.functions_dir is None:
            return Functions(self._open_services, self.requests.record_span)

        def start() -> Any:
            functions = self.stack.applied.functions if self.stack.applied else ()
            return import_module("emulation.runtime.functions").start_functions(self._settings, functions)

        runner: FunctionRunner = import_module("emulation.cloud.emulated_functions").EmulatedFunctions(
            start, lambda: self.data.clock, self.requests.record_span
        )
        return runner

    def _open_services(self, entry: str) -> AbstractAsyncContextManager[Any]:
        # Imported at the first need: the SDK that the server uses takes as long to import as all the rest.
        settings, services = import_module("server.settings"), import_module("server.services")
        if self._sessions is None:
            self._sessions = import_module("emulation.sessions").Sessions()
        roles = self.stack.applied.roles if self.stack.applied else ()
        access_key = next(role.function for role in roles if role.entry == entry)
        environment = server_environment(self._settings, self.stack.environment, self._endpoint_url)
        opened: AbstractAsyncContextManager[Any] = services.open_services(
            settings.read_settings(environment),
            clock=self.data.clock,
            session=self._sessions.open(access_key),
            aws_services=import_module(entry).handler.aws_services,
        )
        return opened

    async def start(self) -> bool:
        """Create or check the stack and begin to save and to deliver; whether the stack is there."""
        self._saving = asyncio.create_task(self.keeper.run())
        return await self._apply_stack()

    async def _apply_stack(self) -> bool:
        try:
            return await self._create_stack()
        finally:
            self._stands.set()

    async def _create_stack(self) -> bool:
        if not await self.stack.apply() or self.stack.applied is None:
            return False
        self.identities.assume(self.stack.applied.roles, self.stack.applied.cdn_statements)
        self._streams = Streams(
            self.stack.applied.streams,
            self.data.streams,
            self.functions,
            self.data.clock,
            partial(self.keeper.touch, "dynamodb"),
        )
        expiry = self.services.dynamodb.time_to_live.run(self.note_items)
        running = (self._streams.run(), self._warm_up(), self.services.s3.lifecycle.run(), expiry)
        self._tasks = [asyncio.create_task(one) for one in running]
        return True

    async def _warm_up(self) -> None:
        """Open the services before the first function needs them, but not while the other parts are starting."""
        await asyncio.sleep(WARM_UP_AFTER_SECONDS)
        if self.stack.applied is None:
            return
        triggers, streams = self.stack.applied.triggers, self.stack.applied.streams
        for entry in {*(one.entry for one in triggers), *(one.entry for one in streams)}:
            await self.functions.open(entry)

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
            self._stands.clear()
            await self.stop_functions()
            self.moto.reset()
            self.data = type(self.data)()
            self.services = self._new_services()
            done = await self._apply_stack()
            await self.keeper.save()
        await self.followers.announce(replaced=True)
        return done

    async def restore(self, archive: Path) -> bool:
        """Replace all data by a snapshot's; whether the stack is there with it.

        Raises StateDamagedError or StateIncompatibleError; nothing has changed then.
        """
        async with self._resetting, self.keeper.reading_archive(archive) as loaded:
            self._stands.clear()
            await self.stop_functions()
            self.data = put_in_place(loaded)
            self.services = self._new_services()
            done = await self._apply_stack()
            await self.keeper.save()
        await self.followers.announce(replaced=True)
        return done

    async def answer(self, request: Request) -> Answer:
        """The answer of the control plane or of the service that the request is for."""
        if not is_known_host(request.headers.get("Host", ""), self._hosts):
            return json_answer(403, {"message": "The local AWS answers to the names of this machine only."})
        if request.path.startswith(PREFIX):
            return await self._control.answer(request)
        operation = read_operation(request)
        if not is_developer(request):
            # The stack is created by the developer. On AWS nobody meets one whose roles and tables are not there yet.
            await self._stands.wait()
        answer = await self._serve(operation, request)
        # A refused call to Cognito counts too: attempts are numbered, codes are used up.
        if operation.changes(request.method) and (answer.status < 400 or operation.service == "cognito-idp"):
            if operation.service == "dynamodb":
                self.note_items()
            else:
                self.keeper.touch(operation.service)
        return answer

    async def _serve(self, operation: Operation, request: Request) -> Answer:
        """The service's answer, or what a fault makes of it, which is recorded in the request log."""
        trace_id = read_trace_id(request.headers.get(TRACE_HEADER))
        if trace_id == UNRECORDED:
            return await self.services.answer(operation, request)
        call = name_call(operation, request)
        is_direct = not trace_id
        try:
            with tracing(trace_id or new_trace_id()) as trace_id, call.under_way():
                answer = await self.faults.around(
                    operation.service, call.action, request, lambda: self.services.answer(operation, request)
                )
            call.take_answer(answer)
            return answer
        finally:
            self.requests.record_call(trace_id, call, is_direct=is_direct)

    def count_undelivered(self) -> int:
        """How many records of the tables' streams no function has been given yet, or not with success."""
        return 0 if self._streams is None else self._streams.count_undelivered()

    async def redeliver(self, number: str) -> bool:
        """Deliver a dead letter again; whether its function has taken it."""
        return self._streams is not None and await self._streams.redeliver(number)

    def note_items(self) -> None:
        """Have changed items saved, and the records of their changes delivered."""
        self.keeper.touch("dynamodb")
        if self._streams is not None:
            self._streams.wake()
