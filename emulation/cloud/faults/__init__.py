"""Faults on demand: which calls of AWS fail, how, and how many of them."""

from emulation.cloud.faults.fault import Fault, Kind, MalformedFaultError, read_fault
from emulation.cloud.faults.faults import Faults

__all__ = ["Fault", "Faults", "Kind", "MalformedFaultError", "read_fault"]
