"""Others at work in the folder while a run moves: nothing overwritten or let out, all told."""

import ctypes
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from fileorg.pipeline.undo import UndoRequest, undo
from fileorg.storage import no_replace
from tests.pipeline.harness import Desk, Meddler, contents, snapshot
from tests.trees import make_tree

FILES = 4000
LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 33)]
_EXCHANGE = 2
_libc = ctypes.CDLL(None)


@contextmanager
def beside() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Give a way to start work in another process, which has begun it when the call returns."""
    children: list[int] = []

    def start(work: Callable[[], object]) -> None:
        ready, go = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(go, b"1")
            os.closerange(3, 4096)  # the locks of the run among them
            try:
                work()
            finally:
                os._exit(0)
        children.append(child)
        os.read(ready, 1)
        os.close(ready)
        os.close(go)

    try:
        yield start
    finally:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _takes_names(folder: Path, kept: Path, seed: int) -> Callable[[], None]:
    """Return work that makes every name in *folder*, in any order, each complete at once.

    What it has made is also in *kept*, under its number.
    """

    def write() -> None:
        numbers = list(range(FILES))
        random.Random(seed).shuffle(numbers)
        for number in numbers:
            mine = kept / str(number)
            mine.write_bytes(b"theirs %d" % number)
            try:
                os.link(mine, folder / f"f{number:04}.jpg")
            except FileExistsError:
                mine.unlink()

    return write


def _account(summary: RunSummary) -> None:
    assert summary.planned == summary.done + summary.failed + summary.skipped
    assert summary.failed >= len(summary.failures)


@pytest.mark.parametrize("seed", [1, *LONG])
@pytest.mark.parametrize("way", ["rename", "link", "placeholder"])
def test_a_writer_of_the_target_names_loses_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, seed: int
) -> None:
    """Of 4,000 files none is overwritten while another process takes the names, there and back."""
    monkeypatch.setattr(no_replace, "KNOWN", frozenset())
    monkeypatch.setattr(no_replace, "probe", lambda *_: way)
    make_tree(desk.root, {b"f%04d.jpg" % n: b"ours %d" % n for n in range(FILES)})
    for there in ("there", "back"):
        (tmp_path / there).mkdir()

    with beside() as start:
        target = desk.root / "Images"

        def race_there() -> None:
            target.mkdir()
            start(_takes_names(target, tmp_path / "there", seed))

        run = desk.organize_with(race_there)
    _account(run)
    with beside() as start:
        meddler = Meddler(lambda: start(_takes_names(desk.root, tmp_path / "back", -seed)))
        undone = undo(UndoRequest(run.run, desk.state), meddler)
    _account(undone)

    assert run.done
    assert run.failed
    assert {failure.reason for failure in (*run.failures, *undone.failures)} <= {
        Reason.TARGET_EXISTS.value
    }
    held = Counter(path.read_bytes() for path in desk.root.rglob("*.jpg"))
    ours = {b"ours %d" % number: 1 for number in range(FILES)}
    assert {content: held[content] for content in ours} == ours
    for place, folder in (("there", target), ("back", desk.root)):
        for mine in (tmp_path / place).iterdir():
            name = f"f{int(mine.name):04}.jpg"
            if mine.stat().st_nlink == 2:  # its last one may have been killed before the link
                assert (folder / name).read_bytes() == mine.read_bytes()
    assert not list(desk.root.rglob(".fileorg-*"))


def _swaps(pairs: list[tuple[bytes, bytes]], seed: int) -> Callable[[], None]:
    """Return work that exchanges folders with links to the outside, again and again, one by one.

    So at any moment about half of them are links.
    """

    def swap() -> None:
        order = random.Random(seed)
        while True:
            one, other = order.choice(pairs)
            _libc.renameat2(-100, one, -100, other, _EXCHANGE)

    return swap


@pytest.mark.parametrize("seed", [1, 2, *LONG])
def test_swapped_folders_let_nothing_out(desk: Desk, tmp_path: Path, seed: int) -> None:
    """While folders are exchanged with links that lead out, run and undo never follow one."""
    folders, each = 200, 20
    outside, traps = tmp_path / "outside", tmp_path / "traps"
    make_tree(outside, {b"x%03d-%02d.jpg" % (n, k): b"bait" for n in range(9) for k in range(each)})
    make_tree(
        desk.root,
        {
            b"d%03d/x%03d-%02d.jpg" % (n, n, k): b"%d-%d" % (n, k)
            for n in range(folders)
            for k in range(each)
        },
    )
    traps.mkdir()
    (desk.root / "Images").mkdir()
    pairs = []
    for name in ("Images", *(f"d{n:03}" for n in range(folders))):
        (traps / name).symlink_to(outside)
        pairs.append((os.fsencode(desk.root / name), os.fsencode(traps / name)))
    before, bait = contents(desk.root, traps), snapshot(outside)

    with beside() as start:
        run = desk.organize_with(lambda: start(_swaps(pairs, seed)))
        undone = undo(UndoRequest(run.run, desk.state), Meddler(lambda: None))
    assert snapshot(outside) == bait
    assert _files(contents(desk.root, traps)) == _files(before)
    assert run.failed  # in a hundred swaps of its target it may even have moved nothing
    _account(run)
    _account(undone)


def _files(found: Counter[tuple[str, int, int, bytes]]) -> Counter[bytes]:
    return Counter({facts[3]: count for facts, count in found.items() if facts[0] == "file"})


def _edit(path: Path) -> None:
    path.write_bytes(b"edited, and longer")


def _edit_keeping_times(path: Path) -> None:
    found = path.stat()
    path.write_bytes(bytes(found.st_size))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def _replace(path: Path) -> None:
    new = path.with_suffix(".new")
    shutil.copy2(path, new)
    new.replace(path)


def _become(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.unlink()
        make(path)

    return change


MEDDLING: dict[str, tuple[Callable[[Path], object], Reason | None]] = {
    "edited": (_edit, Reason.CHANGED),
    "edited keeping size and time": (_edit_keeping_times, Reason.CHANGED),
    "touched": (lambda path: os.utime(path, (1, 1)), Reason.CHANGED),
    "mode changed": (lambda path: path.chmod(0o600), Reason.CHANGED),
    "replaced by a copy": (_replace, Reason.CHANGED),
    "emptied": (lambda path: os.truncate(path, 0), Reason.CHANGED),
    "renamed": (lambda path: path.rename(path.with_suffix(".moved")), Reason.VANISHED),
    "deleted": (lambda path: path.unlink(), Reason.VANISHED),
    "became a folder": (_become(lambda path: path.mkdir()), Reason.CHANGED),
    "became a FIFO": (_become(os.mkfifo), Reason.CHANGED),
    "became a link": (_become(lambda path: path.symlink_to("/etc/passwd")), Reason.CHANGED),
    "given a second name": (lambda path: os.link(path, path.with_suffix(".second")), None),
    "left alone": (lambda path: None, None),
}
_EACH = 20


@pytest.mark.parametrize("kind", MEDDLING)
def test_what_changes_after_the_scan_stays_with_its_reason(desk: Desk, kind: str) -> None:
    """A file that is not as it was seen is not moved, and is told with the reason that is true."""
    meddle, reason = MEDDLING[kind]
    names = [f"f{n}.jpg" for n in range(_EACH)]
    make_tree(desk.root, {os.fsencode(name): b"content of %d" % n for n, name in enumerate(names)})
    make_tree(desk.root, {b"calm.jpg": b"nobody touches it"})

    def change_all() -> None:
        for name in names:
            meddle(desk.root / name)

    summary = desk.organize_with(change_all)

    _account(summary)
    wanted = Counter() if reason is None else Counter({reason.value: _EACH})
    assert Counter(failure.reason for failure in summary.failures) == wanted
    assert summary.done == 1 + (_EACH if reason is None else 0)
    left = {path.name for path in desk.root.iterdir()} & set(names)
    assert left == (set(names) if reason is Reason.CHANGED else set())
    assert desk.undo().failed == 0
    assert (desk.root / "calm.jpg").read_bytes() == b"nobody touches it"


def test_meddling_at_any_moment_loses_nothing(desk: Desk) -> None:
    """While files are edited, replaced and deleted under the run, each is told or was moved."""
    make_tree(desk.root, {b"f%04d.jpg" % n: b"%d" % n for n in range(FILES)})
    kinds: list[Callable[[Path], object]] = [
        _edit, _replace, Path.unlink, lambda path: path.rename(f"{path}.away"),
    ]  # fmt: skip

    def meddle() -> None:
        order = random.Random(5)
        numbers = list(range(0, FILES, 2))
        order.shuffle(numbers)
        for number in numbers:
            with suppress(FileNotFoundError):
                order.choice(kinds)(desk.root / f"f{number:04}.jpg")

    with beside() as start:
        summary = desk.organize_with(lambda: start(meddle))
    _account(summary)
    assert summary.planned == FILES
    assert {failure.reason for failure in summary.failures} <= {
        Reason.CHANGED.value, Reason.VANISHED.value,
    }  # fmt: skip
    for number in range(1, FILES, 2):
        assert (desk.root / "Images" / f"f{number:04}.jpg").read_bytes() == b"%d" % number
    assert desk.undo().failed <= FILES // 2
    for number in range(1, FILES, 2):
        assert (desk.root / f"f{number:04}.jpg").read_bytes() == b"%d" % number
