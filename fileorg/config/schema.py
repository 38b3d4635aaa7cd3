"""The configuration as a value: every key there is, with its default."""

import msgspec

from fileorg.model.duplicates import DedupePolicy, KeepPolicy
from fileorg.model.evidence import Trust
from fileorg.model.plan import ConflictPolicy, FolderPolicy


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be set in the file, by `FILEORG_*`, and by the options of `organize`.

    Sizes and ages are text as the user writes them (`10MB`, `30d`); `values` reads them.
    """

    mode: str = "category"
    template: str | None = None
    trust: Trust = Trust.EXTENSION
    folders: FolderPolicy = FolderPolicy.LEAVE
    depth: int | None = None
    keep_folders: bool = False
    copy: bool = False
    on_conflict: ConflictPolicy = ConflictPolicy.RENAME
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    min_size: str | None = None
    max_size: str | None = None
    older_than: str | None = None
    newer_than: str | None = None
    min_age: float = 0
    hidden: bool = False
    only_category: tuple[str, ...] = ()
    keep_empty: bool = False
    dedupe: DedupePolicy = DedupePolicy.REPORT
    keep: KeepPolicy = KeepPolicy.NAME
    reference: tuple[str, ...] = ()
    timezone: str = "system"
    categories: dict[str, tuple[str, ...]] = {}


class Setting(msgspec.Struct, frozen=True):
    """One key in force: its value and where it came from (`default`, a path, `FILEORG_MODE`)."""

    key: str
    value: object
    origin: str
