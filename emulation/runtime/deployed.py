"""A function as Lambda would hold it."""

from collections.abc import Mapping
from dataclasses import dataclass

# Where a function's process finds the name of its module.
ENTRY_VARIABLE = "FUNCTION_ENTRY"
# Where the runtime puts the X-Amzn-Trace-Id of an invocation.
TRACE_VARIABLE = "_X_AMZN_TRACE_ID"
# What a sandbox is sent first: its function is initialized then, and not called.
WARM_UP_EVENT = {"warmUp": True}
# The `type` of the line in a function's log that says how much CPU time an event took.
CPU_REPORT = "runtime.cpu"


@dataclass(frozen=True)
class DeployedFunction:
    """`name` is the logical id, which is the access key too, `entry` the module, `environment` what the template says,
    but for the addresses of this machine."""

    name: str
    entry: str
    memory_megabytes: int
    timeout_seconds: int
    environment: Mapping[str, str]
