"""The handler that the emulator runs: the function's own, told of the local clock and of the trace.

It runs in the function's process, with nothing of this project's checkout but `emulation.clock` and
`emulation.runtime.deployed`: all the rest comes from the artifact. Each invocation brings the clock's ageing events in
its client context, so a function never has to ask for them, and never knows less than who invoked it; and the trace,
which the emulator does not hand on: the runtime of Lambda puts it into a variable, from where the SDK sends it.
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

import json
import os
import sys
import time
from datetime import datetime
from importlib import import_module
from typing import Any

from emulation.clock import Ageing, AgeingClock
from emulation.runtime.deployed import CPU_REPORT, ENTRY_VARIABLE, TRACE_VARIABLE, WARM_UP_EVENT

_clock = AgeingClock()
_function = import_module(os.environ[ENTRY_VARIABLE]).handler
_function.clock = _clock
# The CPU time of the start: of this process since it began.
_init_seconds = time.process_time()


def handler(event: dict[str, Any], context: Any) -> Any:
    """Run the function as Lambda does."""
    if event == WARM_UP_EVENT:
        return None
    told = context.client_context.custom
    _clock.replace(Ageing(datetime.fromisoformat(one["at"]), one["seconds"]) for one in told["events"])
    os.environ[TRACE_VARIABLE] = told["trace"]
    begun = time.process_time()
    try:
        return _function(event, context)
    finally:
        _report(event, time.process_time() - begun)


def _report(event: dict[str, Any], seconds: float) -> None:
    """Write down the CPU time that an event took, which the emulator does not know: `just cost` reads it."""
    told = {"type": CPU_REPORT, "route": event.get("routeKey", ""), "initMs": _init_seconds * 1000}
    sys.stderr.write(json.dumps({**told, "cpuMs": seconds * 1000}) + "\n")
    sys.stderr.flush()
