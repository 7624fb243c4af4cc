"""Looks for what belongs together and has come apart: objects, guitars, claims, profiles, accounts."""

from emulation.cloud.doctor.examining import examine
from emulation.cloud.doctor.facts import gather_facts
from emulation.cloud.doctor.finding import Finding
from emulation.cloud.doctor.mending import mend

__all__ = ["Finding", "examine", "gather_facts", "mend"]
