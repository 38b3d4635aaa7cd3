"""Failing system calls of a real process, by strace: which there are, and one of them fails.

A call is chosen by its number among those of its name, counted from the start of the process, so
that two runs of one command on two folders of the same length make the same calls.
"""

import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.product import FILEORG

ERRNOS: dict[str, tuple[str, ...]] = {
    "renameat2": (
        "EIO", "ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EXDEV", "EINVAL", "ENOSYS",
        "EBUSY", "ESTALE", "ENOTCONN", "EEXIST", "ENAMETOOLONG", "ENOMEM", "EOPNOTSUPP",
    ),
    "linkat": ("EIO", "ENOSPC", "EPERM", "EMLINK", "EXDEV"),
    "unlinkat": ("EIO", "EACCES", "EPERM", "EROFS", "EBUSY", "ESTALE"),
    "unlink": ("EIO", "EACCES"),
    "rmdir": ("EIO", "EACCES", "EBUSY"),
    "mkdirat": ("EIO", "ENOSPC", "EDQUOT", "EACCES", "EROFS", "EMLINK", "ESTALE"),
    "mkdir": ("EIO", "ENOSPC", "EACCES", "EROFS"),
    "openat": ("EIO", "EACCES", "EMFILE", "ENFILE", "ENOSPC", "EROFS", "ESTALE", "ENOMEM"),
    "openat2": ("EIO", "EACCES", "EMFILE", "ENOSYS", "EAGAIN", "ESTALE", "ENOTCONN"),
    "fsync": ("EIO", "ENOSPC", "EDQUOT"),
    "fdatasync": ("EIO", "ENOSPC", "EDQUOT"),
    "syncfs": ("EIO", "ENOSPC"),
    "pwrite64": ("EIO", "ENOSPC", "EDQUOT", "EFBIG"),
    "pread64": ("EIO",),
    "ftruncate": ("EIO", "ENOSPC"),
    "newfstatat": ("EIO", "EACCES", "ESTALE", "ENOTCONN", "ENOMEM"),
    "fstat": ("EIO", "ESTALE"),
    "getdents64": ("EIO", "ESTALE"),
    "flock": ("ENOLCK", "EBADF", "EIO"),
    "fchmod": ("EIO",),
    "fchown": ("EIO",),
    "utimensat": ("EIO",),
    "fstatfs": ("EIO",),
    "statfs": ("EIO",),
}  # fmt: skip
"""What each call may fail with; those of Linux on x86-64 and ARM, as the names differ little."""

_LINE = re.compile(r"^\d+ +(\w+)\(")


class Call(NamedTuple):
    """The *number*-th call of that name in a process."""

    name: str
    number: int


class Ended(NamedTuple):
    """How a command ended, and the call that failed, as strace shows it."""

    code: int
    stderr: str
    injected: str


def calls_of(words: list[str], folder: Path, env: dict[str, str]) -> list[Call]:
    """Return the calls that a command makes on something in *folder*."""
    seen = dict.fromkeys(ERRNOS, 0)
    found = []
    trace = _run(words, ",".join(f"?{name}" for name in ERRNOS), [], env).trace
    for line in trace.splitlines():
        matched = _LINE.match(line)
        if matched is None or matched[1] not in seen:
            continue
        seen[matched[1]] += 1
        if os.fspath(folder) in line:
            found.append(Call(matched[1], seen[matched[1]]))
    return found


def failing(words: list[str], call: Call, error: str, env: dict[str, str]) -> Ended:
    """Run a command of which one call fails."""
    rule = f"inject={call.name}:error={error}:when={call.number}"
    ran = _run(words, call.name, ["-e", rule], env)
    hit = [line for line in ran.trace.splitlines() if "(INJECTED)" in line]
    return Ended(ran.code, ran.stderr, hit[0] if hit else "")


class _Ran(NamedTuple):
    code: int
    stderr: str
    trace: str


def _run(words: list[str], names: str, rules: list[str], env: dict[str, str]) -> _Ran:
    reading, writing = os.pipe()
    command = [
        "strace", "-f", "--seccomp-bpf", "-y", "-qq", "-s", "200", "-o", f"/dev/fd/{writing}",
        "-e", f"trace={names}", "-e", "signal=none", *rules,
        *FILEORG, *words,
    ]  # fmt: skip
    with subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=[writing]
    ) as process:
        os.close(writing)
        with os.fdopen(reading, errors="surrogateescape") as trace:
            traced = trace.read()
        _, stderr = process.communicate()
    return _Ran(process.returncode, os.fsdecode(stderr), traced)
