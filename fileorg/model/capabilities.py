"""What a storage can do, said truthfully, so that nobody has to ask what kind it is."""

import msgspec


class Capabilities(msgspec.Struct, frozen=True):
    """What one root's file system or endpoint does; probed once, by reading only."""

    case_insensitive: bool = False
    real_directories: bool = True
    mtime_precision_ns: int = 1
    longest_name: int = 255
    name_unit: str = "bytes"
    reserved_names: bool = False
    spins: bool = False
    longest_path: int = 0
    """The most bytes that a path below the root may have; 0 where only a name has a limit."""
    atomic_rename: bool = True
    """False where a file gets another name only by a copy, and the removal of the first."""
    unicode_names: bool = False
    """Whether only names in UTF-8 can be kept."""


def name_length(name: bytes, unit: str) -> int:
    """Return how long *name* is in *unit*: `bytes`, or `utf16` code units as FAT and NTFS count."""
    if unit == "bytes":
        return len(name)
    return len(name.decode("utf-8", "surrogateescape").encode("utf-16-le", "surrogatepass")) // 2
