"""What a local file system does, found by reading only: its type, and whether it folds case."""

import os

from fileorg.model.capabilities import Capabilities
from fileorg.storage import posix
from fileorg.storage.mounts import holding, mounts

_UTF16 = {"vfat", "msdos", "exfat", "fuseblk", "ntfs", "ntfs3", "cifs", "smb3"}
"""Those of Windows, which count UTF-16 units and reserve names."""
_COARSE = {"vfat": 2_000_000_000, "msdos": 2_000_000_000, "exfat": 1_000_000_000}
_VIRTUAL = ("/virtio", "/vbd-", "/vmbus", "/block/loop")
_NUMBERS_ANEW = {"vfat", "msdos", "exfat", "fuse", "fuseblk"}
_MOST_UNITS = 255
_LOOKED_AT = 64


def capabilities(handle: int, path: bytes) -> Capabilities:
    """Return the capabilities of the file system that an open folder lies on."""
    kind = file_system_type(path)
    unit = "utf16" if kind in _UTF16 else "bytes"
    longest = os.fstatvfs(handle).f_namemax or _MOST_UNITS
    return Capabilities(
        case_insensitive=_folds_case(handle, path, kind),
        mtime_precision_ns=_COARSE.get(kind, 1),
        # Linux counts the bytes that 255 such units can take
        longest_name=min(longest, _MOST_UNITS) if unit == "utf16" else longest,
        name_unit=unit,
        reserved_names=kind in _UTF16,
        spins=_spins(os.fstat(handle).st_dev),
    )


def file_system_type(path: bytes) -> str:
    """Return the mounted type that holds *path* as the kernel names it; empty where unknown."""
    mount = holding(path)
    return "" if mount is None else mount.type


def numbers_anew(path: bytes) -> bool:
    """Whether a file may have another inode number after a while, or when it is mounted again.

    FAT has none to keep; FUSE gives them out as files are looked up, and few that use it keep them.
    """
    kind = file_system_type(path)
    return kind in _NUMBERS_ANEW or kind.startswith("fuse.")


def mount_points() -> set[bytes]:
    """Return the absolute paths that something is mounted on; empty where it cannot be told."""
    return {mount.point for mount in mounts()}


def mount_id(path: bytes) -> str:
    """Return what no other mount since boot has been known by; empty where it cannot be told.

    The numbers in the mount table will not do: a disk that is plugged in again gets its old one.
    """
    return str(posix.mount_number(path) or "")


def _spins(device: int) -> bool:
    """Whether a device says that it is a disk that turns; what a hypervisor says is no answer."""
    place = os.path.realpath(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    if any(word in place for word in _VIRTUAL):
        return False
    for folder in (place, os.path.dirname(place)):  # a partition lies in its disk's folder
        try:
            with open(f"{folder}/queue/rotational", "rb") as flag:
                return flag.read().strip() == b"1"
        except OSError:
            continue
    return False


def _folds_case(handle: int, path: bytes, kind: str) -> bool:
    """Whether a name in the folder, or the folder's own, answers in the other case too.

    Where there is no name to try, those that Windows shares fold it.
    """
    known = _names(handle)
    tried = [name for name in known if _other_case(name) not in known]
    if tried:
        return any(_answers(name, handle) for name in tried[:_LOOKED_AT])
    parent, name = os.path.split(path)
    try:
        above = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return kind in _UTF16
    try:
        if not name or os.fstat(above).st_dev != os.fstat(handle).st_dev:
            return kind in _UTF16  # the folder's own name lies on another file system
        return _other_case(name) not in _names(above) and _answers(name, above)
    finally:
        os.close(above)


def _other_case(name: bytes) -> bytes:
    return name.swapcase()  # of ASCII letters only, which whatever folds at all folds alike


def _names(handle: int) -> set[bytes]:
    return {os.fsencode(name) for name in os.listdir(handle)}


def _answers(name: bytes, handle: int) -> bool:
    try:
        first = os.stat(name, dir_fd=handle, follow_symlinks=False)
        second = os.stat(_other_case(name), dir_fd=handle, follow_symlinks=False)
    except OSError:
        return False
    return _looks(first) == _looks(second)


def _looks(found: os.stat_result) -> tuple[int, ...]:
    # not its number: FUSE gives each spelling one of its own
    return found.st_dev, found.st_mode, found.st_size, found.st_mtime_ns
