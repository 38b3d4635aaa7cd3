"""A plan as lines: what is written is read again, and nothing is believed that could do harm."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.model.entry import Fingerprint, Kind
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind, Joint
from fileorg.plan.saved import Lines, PlanHead, head_line, root_of
from fileorg.plan.saved_reader import BadPlanError, Reader, read_head, root_path

HEAD = PlanHead(1, "9", "2026-01-01T00:00:00+00:00", (), {}, "UTC", (root_of(b"/a", 1, 2),))
MARK = Fingerprint(1, 2, 3, 4)
NAMES = st.binary(min_size=1, max_size=20).filter(
    lambda name: b"/" not in name and b"\0" not in name and name not in {b".", b".."}
)
PATHS = (
    st.lists(NAMES, min_size=1, max_size=3).map(b"/".join).filter(lambda p: b".fileorg" not in p)
)
NUMBERS = st.integers(0, 2**63 - 1)
MARKS = st.builds(Fingerprint, NUMBERS, st.integers(-(2**63), 2**63 - 1), NUMBERS, NUMBERS)


def written(*actions: Action) -> list[bytes]:
    """Return the lines of a plan."""
    lines = Lines()
    return [*(line for action in actions for line in lines.of(action)), *lines.rest()]


def line(**fields: Any) -> bytes:
    """Return a line that moves a file, with some fields changed."""
    return json.dumps({"do": "move", "source": "a", "target": "b/a", **fields}).encode()


def move(source: bytes, target: bytes) -> Action:
    """Return a move."""
    return Action(ActionKind.MOVE, Location(0, source), Location(0, target), MARK, "Images")


@given(
    st.sampled_from([ActionKind.MOVE, ActionKind.COPY]), PATHS, PATHS, MARKS, st.text(),
    st.sampled_from([Kind.FILE, Kind.SYMLINK]), st.integers(0, 2), st.integers(0, 2),
)  # fmt: skip
def test_a_line_is_read_as_it_was_meant(
    kind: ActionKind, source: bytes, target: bytes, mark: Fingerprint, category: str,
    entry: Kind, from_root: int, to_root: int,
) -> None:  # fmt: skip
    """Whatever bytes a name has, and whatever its numbers are, the action is the same again."""
    category = category.encode("utf-8", "replace").decode()
    action = Action(
        kind, Location(from_root, source), Location(to_root, target), mark, category, entry
    )
    [text] = written(action)
    assert Reader(3).read(text).action == action


def test_only_folders_in_which_nothing_goes_are_written() -> None:
    """A folder that a file or another folder goes into is implied; an empty one has a line."""
    made = [
        Action(ActionKind.MAKE_FOLDER, Location(0, path), Location(0, path), MARK)
        for path in (b"Images", b"Images/2024", b"empty", b"empty/deeper")
    ]
    lines = written(*made, move(b"x", b"Images/2024/x"))
    assert [json.loads(text)["source"] for text in lines] == ["x", "empty/deeper"]


def test_what_is_replaced_is_on_the_line_of_what_replaces_it() -> None:
    """A quarantine and the move that it makes room for are one line, so both go together."""
    old = Action(ActionKind.QUARANTINE, Location(0, b"b/a"), Location(0, b".fileorg/q/a"), MARK)
    [text] = written(old, move(b"a", b"b/a"))
    asked = Reader(1).read(text)
    assert asked.action == move(b"a", b"b/a")
    assert asked.replaces is not None
    assert (asked.replaces.source, asked.replaces.fingerprint) == (Location(0, b"b/a"), MARK)
    assert [json.loads(text)["do"] for text in written(old)] == ["replace"]


def test_what_goes_with_another_file_names_it() -> None:
    """Each line of a unit but its first names the main file, by its very bytes."""
    main, other = move(b"a\xff.cr2", b"b/a\xff.cr2"), move(b"a\xff.jpg", b"b/a\xff.jpg")
    lines = list(Lines().of(Joint((main, other))))
    asked = [Reader(1).read(text) for text in lines]
    assert [planned.action for planned in asked] == [main, other]
    assert [planned.main for planned in asked] == [None, main.source]


def test_a_redundant_file_names_the_one_that_is_kept() -> None:
    """To set aside is one line with the file that is kept on it."""
    keep = Action(ActionKind.KEEP, Location(0, b"k"), Location(0, b"k"), MARK)
    aside = Action(ActionKind.SET_ASIDE, Location(0, b"d"), Location(0, b".fileorg/q/d"), MARK)
    [text] = written(keep, aside)
    asked = Reader(1).read(text)
    assert asked.action.kind is ActionKind.SET_ASIDE
    assert asked.beside == keep


HOSTILE = {
    "no JSON": (b"{", "truncated"),
    "an array": (b"[]", "Expected `object`"),
    "too deep": (b"[" * 100_000, ""),
    "bytes that are no text": (b'{"do":"move","source":"\xff"}', "utf-8"),
    "an unknown deed": (line(do="delete"), "Invalid enum value 'delete'"),
    "an unknown field": (line(force=True), "unknown field `force`"),
    "no source": (b'{"do":"move","target":"b"}', "missing required field `source`"),
    "no target": (line(target=""), "no path below the root"),
    "an absolute source": (line(source="/etc/passwd"), "no path below the root"),
    "an absolute target": (line(target="/etc/passwd"), "no path below the root"),
    "a way out": (line(target="../a"), "no path below the root"),
    "a way out in the middle": (line(target="b/../../a"), "no path below the root"),
    "a dot": (line(target="./a"), "no path below the root"),
    "a double slash": (line(target="b//a"), "no path below the root"),
    "a slash at the end": (line(target="b/"), "no path below the root"),
    "a NUL": (line(target="b\0a"), "no path below the root"),
    "a lone surrogate": (line(target="b\ud800"), ""),
    "another path in base64": (line(target_b64="Li4vYQ=="), "not what its base64 says"),
    "a way out in base64": (line(target="../a", target_b64="Li4vYQ=="), "no path below the root"),
    "no base64": (line(target_b64="%"), "Only base64 data"),
    "a root that is not there": (line(target_root=1), "there is no root 1"),
    "a root below none": (line(source_root=-1), ">= 0"),
    "fileorg's folder": (line(target=".fileorg/quarantine/a"), "belongs to fileorg"),
    "fileorg's names": (line(source="x/.fileorg-1-2.part"), "belongs to fileorg"),
    "a place of fileorg's own": (line(target="state/runs/x.db"), "belongs to fileorg"),
    "a huge number": (line(size=2**64), "int"),
    "a negative size": (line(size=-1), ">= 0"),
    "a word for a number": (line(inode="4"), "Expected `int`"),
    "a folder into itself": (line(kind="folder", target="a/b"), "into itself"),
    "a folder that is copied": (line(do="copy", kind="folder"), "copied as one"),
    "a target twice": (line(source="c", target="taken"), "earlier line"),
    "a set aside without the kept": (line(do="set_aside"), "beside which"),
    "a kept file of a move": (line(beside={"path": "k"}), "no use for"),
    "a main file outside": (line(**{"with": "../k"}), "no path below the root"),
    "a main file of a folder": (line(**{"do": "make_folder", "with": "k"}), "goes with no other"),
    "a replaced file elsewhere": (line(replaces={"path": "k"}), "not at its target"),
    "a replaced file outside": (line(replaces={"path": "../k"}), "no path below the root"),
    "a replaced file of a folder": (line(do="make_folder", replaces={"path": "a"}), "no use for"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "says"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_line_is_refused(text: bytes, says: str) -> None:
    """What is no line of a plan, or could lead out of the roots, is refused with what is wrong."""
    reader = Reader(1, [Location(0, b"state")])
    reader.read(line(target="taken"))
    with pytest.raises(BadPlanError) as refused:
        reader.read(text)
    assert says in str(refused.value)


def test_the_head_is_read_as_it_was_written() -> None:
    """The first line says all again, its roots by their very bytes."""
    head = msgspec.structs.replace(HEAD, roots=(root_of(b"/a/\xff", 1, 2**64 - 1),))
    again = read_head(head_line(head))
    assert again == head
    assert root_path(again.roots[0]) == b"/a/\xff"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "not a plan"),
        (b"PK\x03\x04", "not a plan"),
        (b"[]", "not a plan"),
        (b'{"do":"move"}', "it has no version"),
        (b'{"plan":2}', "version 2; this fileorg knows version 1"),
        (b'{"plan":1}', "missing required field"),
        (head_line(msgspec.structs.replace(HEAD, roots=())), "no roots"),
    ],
)
def test_what_is_no_head_is_refused(text: bytes, says: str) -> None:
    """A file that does not begin as a plan of this version does is none."""
    with pytest.raises(BadPlanError, match=says):
        read_head(text)


@pytest.mark.parametrize("path", ["a", "", "/a/../b", "/a\0b", "/a//b", "//a"])
def test_a_root_is_an_absolute_path(path: str) -> None:
    """A root that is no plain absolute path is refused."""
    with pytest.raises(BadPlanError, match="no absolute path"):
        root_path(msgspec.structs.replace(HEAD.roots[0], path=path))
