"""The processes of a server: which there are, what they compute, what they hold (Linux)."""

from __future__ import annotations

import os
import re
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def read_stat(process: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; [] for a process that has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def get_children(process: int) -> list[int]:
    numbers = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return [number for number in numbers if read_stat(number)[1:2] == [str(process)]]


def get_process_tree(process: int) -> list[int]:
    """`process`, its children and theirs."""
    found = [process]
    for one in found:
        found += get_children(one)
    return found


def get_processor_seconds(process: int) -> float:
    """What `process` and all below it have computed so far."""
    stats = [read_stat(one) for one in get_process_tree(process)]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats if stat) / TICKS


def get_memory(process: int) -> float:
    """MB that `process` shares with no other."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(map(int, re.findall(r"^Private_\w+: +(\d+)", text, re.M))) / 1_000
