"""The configuration as a value: every key there is, with its default."""

import msgspec

from fileorg.model.duplicates import DedupePolicy, KeepPolicy
from fileorg.model.evidence import Trust
from fileorg.model.plan import ConflictPolicy, FolderPolicy
from fileorg.model.requests import Prices

Texts = str | tuple[str, ...]
"""One text, or several of which each will do."""


class When(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"not_": "not"},
):
    """What a rule asks of a file: all that is given has to hold.

    Sizes, ages and dates are ranges as the user writes them (`>10MB`, `2019..2020-06`).
    """

    extension: Texts | None = None
    glob: Texts | None = None
    regex: Texts | None = None
    category: Texts | None = None
    size: Texts | None = None
    age: Texts | None = None
    origin: Texts | None = None
    mime: Texts | None = None
    date: Texts | None = None
    metadata: dict[str, bool | Texts] | None = None
    text: Texts | None = None
    text_regex: Texts | None = None
    all: "tuple[When, ...] | None" = None
    any: "tuple[When, ...] | None" = None
    not_: "When | None" = None


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What happens to the files that a condition holds for; the first rule that fits decides."""

    name: str
    when: When
    category: str | None = None
    template: str | None = None
    rename: str | None = None
    skip: bool = False


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be set in the file, by `FILEORG_*`, and by the options of the commands.

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
    retention: str = "90d"
    endpoint_url: str | None = None
    region: str | None = None
    profile: str | None = None
    r2_account: str | None = None
    into_endpoint_url: str | None = None
    into_profile: str | None = None
    prices: Prices | None = None
    timezone: str = "system"
    categories: dict[str, tuple[str, ...]] = {}
    rules: tuple[Rule, ...] = ()


class Setting(msgspec.Struct, frozen=True):
    """One key in force: its value and where it came from (`default`, a path, `FILEORG_MODE`)."""

    key: str
    value: object
    origin: str
