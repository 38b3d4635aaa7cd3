"""The tables of a run's journal, and the digest that every row carries; docs/journal-format.md."""

from typing import Final

import msgspec
import xxhash

from fileorg.model.location import Root
from fileorg.model.outcome import RunKind, RunState

APPLICATION_ID: Final = 0x666F7267  # "forg"
VERSION: Final = 3
READABLE: Final = frozenset({1, 2, VERSION})
BATCH: Final = 1000
PLAN_CHUNK: Final = 10_000

DDL: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL, digest INTEGER NOT NULL);
CREATE TABLE root (id INTEGER PRIMARY KEY, path BLOB NOT NULL, device INTEGER NOT NULL,
  inode INTEGER NOT NULL, mount TEXT NOT NULL, way TEXT NOT NULL, digest INTEGER NOT NULL);
CREATE TABLE folder (id INTEGER PRIMARY KEY, root INTEGER NOT NULL, path BLOB NOT NULL,
  digest INTEGER NOT NULL);
CREATE TABLE found (folder INTEGER PRIMARY KEY, facts BLOB NOT NULL, digest INTEGER NOT NULL);
CREATE TABLE restore (folder INTEGER PRIMARY KEY, mtime_ns INTEGER NOT NULL,
  digest INTEGER NOT NULL);
CREATE TABLE left_at (folder INTEGER PRIMARY KEY, mtime_ns INTEGER NOT NULL,
  digest INTEGER NOT NULL);
CREATE TABLE action (seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL,
  source_folder INTEGER NOT NULL, source_name BLOB NOT NULL,
  target_folder INTEGER NOT NULL, target_name BLOB, entry_kind INTEGER NOT NULL,
  size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,
  inode INTEGER NOT NULL, category TEXT NOT NULL, digest INTEGER NOT NULL);
CREATE TABLE unit (seq INTEGER PRIMARY KEY, first INTEGER NOT NULL, digest INTEGER NOT NULL);
CREATE TABLE evidence (seq INTEGER PRIMARY KEY, basis TEXT NOT NULL, mime TEXT, date TEXT,
  source TEXT, fields TEXT NOT NULL, rule TEXT NOT NULL, digest INTEGER NOT NULL);
CREATE TABLE outcome (seq INTEGER PRIMARY KEY, status INTEGER NOT NULL, reason TEXT,
  detail TEXT NOT NULL, inode INTEGER NOT NULL, digest INTEGER NOT NULL);
CREATE TABLE note (id INTEGER PRIMARY KEY, root INTEGER NOT NULL, path BLOB NOT NULL,
  reason TEXT NOT NULL, detail TEXT NOT NULL, digest INTEGER NOT NULL);
CREATE TABLE progress (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL,
  low INTEGER NOT NULL, high INTEGER NOT NULL, actions INTEGER NOT NULL,
  plan_digest INTEGER NOT NULL, sealed INTEGER NOT NULL, digest INTEGER NOT NULL);
"""

TABLES: Final = (
    "meta", "root", "folder", "found", "restore", "left_at", "action", "unit", "evidence",
    "outcome", "note", "progress",
)  # fmt: skip

EVIDENCE_SINCE: Final = 3
UNITS_SINCE: Final = 3
_SINCE: Final = {"evidence": EVIDENCE_SINCE, "unit": UNITS_SINCE}

SEALED_KEY: Final = "summary"
"""The one row of `meta` that is written when the run ends."""

NOT_CHOSEN_KEY: Final = "not_chosen"
"""The row of `meta` that only a partial undo has: how many files it was not asked for."""

_WRITTEN_LATER: Final = {"outcome", "left_at", "progress"}

_encode = msgspec.msgpack.Encoder().encode
_digest = xxhash.xxh3_64_intdigest
_SIGNED = 0x7FFF_FFFF_FFFF_FFFF


def tables_of(version: int) -> tuple[str, ...]:
    """Return the tables of a journal of some version."""
    return tuple(table for table in TABLES if _SINCE.get(table, 1) <= version)


def digest(table: str, row: tuple[object, ...]) -> int:
    """Return the digest of a row without its digest column: xxh3-64 of its msgpack, 63 bits."""
    return _digest(_encode((table, *row))) & _SIGNED


def row_is_planned(table: str, row: tuple[object, ...]) -> bool:
    """Whether a row belongs to the plan, whose digests `plan_digest` holds all together (by xor).

    The others, but for `progress` itself, are held together by `sealed` when a run has ended.
    """
    return table not in _WRITTEN_LATER and (table != "meta" or row[0] != SEALED_KEY)


class Header(msgspec.Struct, frozen=True):
    """What is known of a run when it begins; kept as JSON under the key `header`."""

    run: str
    kind: RunKind
    parent: str
    command: tuple[str, ...]
    started_ns: int
    zone: str
    version: str
    boot: str
    uid: int


class JournalRoot(msgspec.Struct, frozen=True):
    """A root, the mount it lay on, and how renames there are kept from replacing."""

    root: Root
    mount: str
    way: str


class Progress(msgspec.Struct, frozen=True):
    """How far a run is: what lies in [low, high) may or may not have happened."""

    state: RunState
    low: int
    high: int
    actions: int
    plan_digest: int
    sealed: int
