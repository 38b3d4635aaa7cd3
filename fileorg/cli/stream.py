"""The events of `--output jsonl`, one JSON object a line, as docs/events.md describes them."""

from typing import Annotated, Any, Literal, Union

import msgspec

from fileorg.events import Phase
from fileorg.model.evidence import Told
from fileorg.model.inventory import Inventory
from fileorg.model.location import exact, shown
from fileorg.model.plan import ActionKind
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary

SCHEMA = 1
"""The version that every event carries; it changes when a field loses or changes its meaning."""

_VERSION = {"const": SCHEMA}
_ACTIONS = [kind.name.lower() for kind in ActionKind]
_ActionName = Annotated[str, msgspec.Meta(extra_json_schema={"enum": _ACTIONS})]
_UNSET = msgspec.UNSET


class Place(msgspec.Struct, frozen=True):
    """An absolute path as text, and its bytes in base64 where they are not UTF-8."""

    path: str
    path_b64: str | msgspec.UnsetType = msgspec.UNSET


class Event(msgspec.Struct, frozen=True, tag_field="event"):
    """One thing that happened."""

    schema: int = SCHEMA


class RunStarted(Event, frozen=True, kw_only=True, tag="run_started"):
    """A run begins. An undo or redo names its parent; what changes nothing has no id."""

    run: str
    kind: str
    roots: tuple[Place, ...]
    dry_run: bool = False
    parent: str = ""


class PhaseStarted(Event, frozen=True, kw_only=True, tag="phase_started"):
    """A phase begins; `total` is how many steps or bytes it has, 0 where that is not known.

    `bytes` is how many its steps carry over from disk to disk, 0 where they only rename.
    """

    phase: Phase
    total: int = 0
    unit: Literal["steps", "bytes"] = "steps"
    bytes: int = 0


class Progress(Event, frozen=True, kw_only=True, tag="progress"):
    """So much of the phase is done; at most ten a second, and none while the reader is behind."""

    phase: Phase
    done: int
    bytes: int = 0


class ActionPlanned(Event, frozen=True, kw_only=True, tag="action_planned"):
    """A preview would do this. `target` is missing where it is the same as `source`.

    `evidence` is there where the file was judged by more than its name and modification time,
    `with` where it goes with another one: the `source` of that.
    """

    action: _ActionName
    source: Place
    target: Place | msgspec.UnsetType = msgspec.UNSET
    size: int = 0
    category: str = ""
    evidence: Told | msgspec.UnsetType = msgspec.UNSET
    main: Place | msgspec.UnsetType = msgspec.field(name="with", default=msgspec.UNSET)


class ActionDone(Event, frozen=True, kw_only=True, tag="action_done"):
    """Something was done; `reason` says what is worth knowing, such as that the file was edited."""

    action: _ActionName
    source: Place
    target: Place | msgspec.UnsetType = msgspec.UNSET
    size: int = 0
    category: str = ""
    reason: Reason | msgspec.UnsetType = msgspec.UNSET


class ActionSkipped(Event, frozen=True, kw_only=True, tag="action_skipped"):
    """Something was left as it is, by rule or policy; without `action` where none was planned."""

    source: Place
    reason: Reason
    detail: str = ""
    action: _ActionName | msgspec.UnsetType = msgspec.UNSET
    target: Place | msgspec.UnsetType = msgspec.UNSET


class ActionFailed(Event, frozen=True, kw_only=True, tag="action_failed"):
    """Something could not be done, or could not even be looked at; then `action` is missing."""

    source: Place
    reason: Reason
    detail: str = ""
    action: _ActionName | msgspec.UnsetType = msgspec.UNSET
    target: Place | msgspec.UnsetType = msgspec.UNSET


class Mismatched(Event, frozen=True, kw_only=True, tag="mismatched"):
    """The content of a file is surely something else than its name says: type, and its category."""

    source: Place
    mime: str
    category: str


class Warned(Event, frozen=True, kw_only=True, tag="warning"):
    """Something that the user should read; it is on stderr, too."""

    message: str


class DuplicatesFound(Event, frozen=True, kw_only=True, tag="duplicates"):
    """Files that hold the same: the one to keep, why that one, and the others."""

    digest: str
    proof: str
    size: int
    keep: Place
    reason: str
    redundant: tuple[Place, ...]
    reclaimable: int


class DuplicatesCounted(Event, frozen=True, kw_only=True, tag="duplicates_counted"):
    """How many files were looked at, how many are redundant, and the bytes that these take."""

    seen: int
    redundant: int
    reclaimable: int


class Scanned(Event, frozen=True, kw_only=True, tag="scanned"):
    """What `scan` has found: the document of `--output json`."""

    inventory: Inventory


class RunFinished(Event, frozen=True, kw_only=True, tag="run_finished"):
    """The last event: the exit code, and the sums; or `error` where the run was ended by one."""

    exit_code: int
    summary: RunSummary | msgspec.UnsetType = msgspec.UNSET
    error: str | msgspec.UnsetType = msgspec.UNSET


EVENTS = (
    RunStarted, PhaseStarted, Progress, ActionPlanned, ActionDone, ActionSkipped, ActionFailed,
    Mismatched, Warned, DuplicatesFound, DuplicatesCounted, Scanned, RunFinished,
)  # fmt: skip


def place(path: bytes) -> Place:
    """Return a path as it goes over the wire."""
    return Place(shown(path), exact(path))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of an event, which docs/events.schema.json holds.

    It also takes events of other kinds, and words that are not known yet: both may come.
    """
    (schema,), components = msgspec.json.schema_components(
        [Union[EVENTS]],  # noqa: UP007 - of a tuple
        ref_template="#/$defs/{name}",
    )
    kinds = [event.__struct_config__.tag for event in EVENTS]
    _allow_words(components)
    for part in components.values():
        members = part.get("properties", {})
        if "event" in members:
            members |= {"event": {"const": members["event"]["examples"][0]}, "schema": _VERSION}
            part["required"] = ["event", "schema", *part["required"][1:]]
    components["Unknown"] = {
        "title": "Unknown",
        "description": "An event of a later fileorg, which a program skips.",
        "type": "object",
        "properties": {"event": {"type": "string", "not": {"enum": kinds}}, "schema": _VERSION},
        "required": ["event", "schema"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"fileorg events, version {SCHEMA}",
        "anyOf": [*schema["anyOf"], {"$ref": "#/$defs/Unknown"}],
        "$defs": components,
    }


def _allow_words(part: Any) -> None:
    """Turn each list of words, to which new ones may come, into examples."""
    if isinstance(part, list):
        for item in part:
            _allow_words(item)
    elif isinstance(part, dict):
        if "enum" in part:
            part |= {"type": "string", "examples": part.pop("enum")}
        for held in part.values():
            _allow_words(held)
