"""The oracle of all fault runs: no file is lost, and in the end undo brings back the very tree."""

from collections import Counter
from pathlib import Path

from fileorg.pipeline.lineage import History
from tests.pipeline.harness import Desk, Snapshot, contents, snapshot
from tests.trees import File, Link

TREE = {
    b"a.jpg": File(b"picture", 1_600_000_000.5, 0o640),
    b"deep/er/b.jpg": File(b"another picture", 1_500_000_000.25),
    b"deep/a.jpg": File(b"a third", 1_400_000_000),
    b"deep/er/c.pdf": File(b"text" * 5000, 1_300_000_000, 0o600),
    b"deep/song.mp3": File(b"tune" * 9000, 1_350_000_000, 0o644),
    b"other/new\nline.txt": File(b"odd", 1_200_000_000),
    b"other/link.txt": Link(b"/etc/hostname"),
    b"Images/a.jpg": File(b"was there before", 1_100_000_000),
    b"keep/empty/": None,
}
"""Every content is another, so that what is lost or doubled has a name."""


def assert_nothing_lost(before: Snapshot, *roots: Path) -> None:
    """Every file is there with its content, mode and time; a copy may be there twice."""
    expected = Counter(facts for facts in before.values() if facts[0] != "folder")
    assert not expected - contents(*roots)


def files_of(seen: Snapshot) -> Counter[bytes]:
    """Return what is in the files of a snapshot, whose modes and exact times no disk need keep."""
    return Counter(content for kind, _, _, content in seen.values() if kind != "folder")


def contents_only(*roots: Path) -> Counter[bytes]:
    """Return what is in the files below the roots, wherever they are."""
    return sum((files_of(snapshot(root)) for root in roots if root.exists()), Counter[bytes]())


def recover_and_undo(desk: Desk) -> None:
    """Finish what was interrupted, then take back every run of which something is in force."""
    desk.recover()
    for record in desk.state.records():
        journal = desk.state.open(record.run)
        journal.verify()
        journal.close()
    history = History(desk.state.records())
    for record in desk.state.records():
        changed = record.done or record.folders
        if record.kind == "organize" and changed and not history.is_settled_undo(record):
            desk.undo(record.run)


def without_folder_times(seen: Snapshot) -> Snapshot:
    """Return a snapshot that says nothing of the times of folders."""
    return {
        path: (kind, mode, 0 if kind == "folder" else mtime, content)
        for path, (kind, mode, mtime, content) in seen.items()
    }
