"""Where the programs of the servers are: a virtual environment of their own, as it is locked.

`FILEORG_TEST_SERVERS` names it; where it does not, it is made once in the cache folder.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import platformdirs

HOUSE = Path(__file__).parents[2]
LOCKED = HOUSE / "packaging" / "servers.lock"


class NoServersError(Exception):
    """There are no servers here, and why."""


@cache
def programs() -> Path:
    """Return the folder with `python` and `rclone`; `NoServersError` where they cannot be had."""
    named = os.environ.get("FILEORG_TEST_SERVERS")
    if named:
        return Path(named).absolute() / "bin"
    version = hashlib.sha256(LOCKED.read_bytes() + sys.version.encode()).hexdigest()[:12]
    kept = platformdirs.user_cache_path("fileorg-tests") / f"servers-{version}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    with (kept.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the workers of one test run all want it
        if not kept.exists():
            _make(kept)
    return kept / "bin"


def _make(into: Path) -> None:
    try:
        made = subprocess.run(
            [HOUSE / "packaging" / "servers", into], capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise NoServersError(str(error)) from error
    if made.returncode:
        shutil.rmtree(into, ignore_errors=True)
        raise NoServersError((made.stderr or made.stdout).strip()[-300:])
