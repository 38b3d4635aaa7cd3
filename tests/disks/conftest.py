"""What the tests on real file systems share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.disks.mounts import Mounts, missing

_NEEDS = {"mount", "losetup", "mkfs.ext4", "mkfs.xfs", "mkfs.btrfs"}


@pytest.fixture
def mounts(tmp_path: Path) -> Iterator[Mounts]:
    """Return a maker of file systems, which are gone afterwards."""
    if os.geteuid() != 0:
        pytest.skip("needs root to mount file systems")
    if lacking := missing(*_NEEDS):
        pytest.skip(f"not installed: {', '.join(lacking)}")
    mounts = Mounts(tmp_path)
    try:
        yield mounts
    finally:
        mounts.close()
