"""The bench's own folder: found on a real disk, and always gone at the end."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType


def file_system(path: Path) -> str:
    """Name the type of the file system that holds `path`, `unknown` where nobody says."""
    device = path.stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        lines = Path("/proc/self/mountinfo").read_text().splitlines()
    except OSError:
        return "unknown"
    for line in lines:
        before, _, after = line.partition(" - ")
        if before.split()[2] == wanted:
            return after.split()[0]
    return "unknown"


def default_parent() -> Path:
    """Choose where to work: the temp folder if on the current disk, else the current folder.

    The temp folder comes first because 200,000 files inside a checkout would be picked up
    by whatever looks at that checkout in the meantime.
    """
    here, temp = Path.cwd(), Path(tempfile.gettempdir())
    same = temp.stat().st_dev == here.stat().st_dev
    return temp if same and file_system(temp) != "tmpfs" else here


def remove(tree: Path) -> None:
    """Remove a tree that the bench made; `rm` is about five times as fast as Python here."""
    if not tree.exists():
        return
    if shutil.which("rm"):
        subprocess.run(["rm", "-rf", "--", str(tree)], check=True, start_new_session=True)
    else:
        shutil.rmtree(tree)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def workspace(parent: Path) -> Iterator[Path]:
    """Lend a new folder below `parent`; it is removed at the end, on any error and signal."""
    for stop in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(stop) != signal.SIG_IGN:  # nohup keeps its word
            signal.signal(stop, _stop)
    folder = Path(tempfile.mkdtemp(prefix="fileorg-bench-", dir=parent.resolve()))
    try:
        yield folder
    finally:
        old = {n: signal.signal(n, signal.SIG_IGN) for n in (signal.SIGINT, signal.SIGTERM)}
        remove(folder)
        for number, handler in old.items():
            signal.signal(number, handler)


def facts(folder: Path) -> str:
    """Describe the machine in one line: figures without it mean nothing."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"{cores} cores, {platform.system()} {platform.release()}, {file_system(folder)} at "
        f"{folder.parent}, {platform.python_implementation()} {platform.python_version()} "
        f"({sys.executable}), load {load:.1f}"
    )
