"""Run one command: its time in undisturbed runs, its memory in runs of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

INTERVAL: Final = 0.05


class BenchError(Exception):
    """A command of the bench failed, or the bench cannot run here."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds on the clock, and processor seconds of the process and all it waited for."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Runner:
    """How commands are run: with this environment, talking into this log file."""

    env: Mapping[str, str]
    log: Path

    def timed(self, command: Sequence[str]) -> Timing:
        """Run `command` to its end and time it; raise `BenchError` unless it exits with 0."""
        return self._run(command, None)

    def peak(self, command: Sequence[str]) -> float:
        """Run `command` and return the highest memory (PSS, MiB) of its process tree."""
        return self.watched(command)[1]

    def watched(self, command: Sequence[str]) -> tuple[Timing, float]:
        """Run `command` once for both; the look at its memory makes it a little slower."""
        highest = 0

        def sample(pid: int) -> None:
            nonlocal highest
            highest = max(highest, tree_pss_kib(pid))

        timing = self._run(command, sample)
        return timing, highest / 1024

    def _run(self, command: Sequence[str], sample: Callable[[int], None] | None) -> Timing:
        with self.log.open("wb") as log:
            start = time.perf_counter()
            # A session of its own: Ctrl-C reaches the bench alone, which then ends the tree.
            child = subprocess.Popen(
                command,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                if sample is not None:
                    while (
                        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
                    ):
                        sample(child.pid)
                        time.sleep(INTERVAL)
                _, status, usage = os.wait4(child.pid, 0)
                wall = time.perf_counter() - start
            except BaseException:
                end_session(child)
                raise
            child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            said = self.log.read_bytes()[-2000:].decode("utf-8", "replace").strip()
            raise BenchError(f"{' '.join(command)}\nended with {child.returncode}:\n{said}")
        return Timing(wall, usage.ru_utime + usage.ru_stime)


def end_session(child: subprocess.Popen[bytes]) -> None:
    """Kill every process of the session that `child` leads, and wait for `child`."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.wait()


def tree_pss_kib(pid: int) -> int:
    """Sum the proportional memory, in KiB, of `pid`, its descendants and its session."""
    parents: dict[int, int] = {}
    members = {pid}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            stat = Path("/proc", entry, "stat").read_bytes()
        except OSError:
            continue
        fields = stat[stat.rindex(b")") + 2 :].split()
        parents[int(entry)] = int(fields[1])
        if int(fields[3]) == pid:
            members.add(int(entry))
    grown = True
    while grown:
        found = {child for child, parent in parents.items() if parent in members} - members
        members |= found
        grown = bool(found)
    return sum(pss_kib(member) for member in members)


def pss_kib(pid: int) -> int:
    """Return the proportional memory of one process in KiB, 0 when it has ended."""
    try:
        for line in Path("/proc", str(pid), "smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0
