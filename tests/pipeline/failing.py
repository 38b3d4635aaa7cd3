"""Every call of some work fails once, in every way, until it comes to its end untouched."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from fileorg.errors import FileorgError, StorageError
from fileorg.model.summary import RunSummary
from tests.pipeline.faults import CHANGING, DURABLE, READING, Faults

WAYS = {
    **dict.fromkeys(READING, ("EIO",)),
    **dict.fromkeys(DURABLE, ("EIO", "lost", "lie")),
    **dict.fromkeys(CHANGING, ("EIO", "ENOSPC", "lost", "lie")),
    "copy_each": ("EIO", "ENOSPC", "lost"),  # it is verified before it is told
    "refresh": ("EIO",),
    "probe": ("EIO",),
    "copy": ("EIO", "ENOSPC", "lost", "lie", "short", "cut"),
}
"""How each verb fails."""


class Scene(Protocol):
    """What faults strike on."""

    def reset(self) -> object:
        """Put it back as it was, with no run behind it."""

    def at_work(self, script: str = "") -> AbstractContextManager[Faults]:
        """Let runs in this process meet the faults of a script."""

    def lost(self) -> Counter[Any]:
        """Return the files that are nowhere any more."""


def failing(
    scene: Scene,
    first: Callable[[], object],
    work: Callable[[], RunSummary | None],
    *,
    but: frozenset[str] = frozenset({"*"}),
    ways: Mapping[str, tuple[str, ...]] = WAYS,
) -> Iterator[tuple[str, RunSummary | None]]:
    """Do *first* on a fresh stage and let each call of *work* fail in each way, once.

    Calls of some verbs never fail: those that ask nobody.
    """
    scene.reset()
    first()
    with scene.at_work() as untouched:
        work()
    for verb in sorted(set(untouched.calls) - but):
        for way in ways[verb]:
            number = 1
            while True:
                scene.reset()
                first()
                script = f"{verb}:{number}:{way}"
                with scene.at_work(script) as faults:
                    summary = told(work, script)
                if not faults.struck:
                    break
                assert not scene.lost(), script
                yield script, summary
                number += 1


def told(work: Callable[[], RunSummary | None], script: str) -> RunSummary | None:
    """Return the sums of *work*, None where it ends with an error that a command can end with."""
    try:
        return work()
    except StorageError as error:
        raise AssertionError(f"{script}: {error!r} is one file's failure") from error
    except FileorgError as error:
        assert error.exit_code != 1, script
        return None
