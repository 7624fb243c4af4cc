"""Ports that two who look at the same time, from the same place on, are not both given."""

import subprocess
import sys

from emulation.commands.ports import find_free_ports
from emulation.settings import ROOT

FIRST = 20_000
LOOK = f"""
import sys
from emulation.commands.ports import find_free_ports
print(*find_free_ports(3, {FIRST}), flush=True)
sys.stdin.read()
"""


def test_a_port_that_a_process_was_given_is_given_to_no_other_while_it_lives() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LOOK], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        given = [int(port) for port in other.stdout.readline().split()]
        ours = find_free_ports(3, FIRST)
        other.communicate()

    assert len(given) == len(ours) == 3
    assert not set(given) & set(ours)
    # Nobody has them now, unless another program took one meanwhile.
    assert set(find_free_ports(6, FIRST)) & set(given)


def test_who_was_given_a_port_is_given_it_again_until_it_is_used() -> None:
    assert find_free_ports(2, FIRST) == find_free_ports(2, FIRST)
