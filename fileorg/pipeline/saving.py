"""Writing a plan to a file that is there only when it is whole, and replaces none."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from fileorg.config.schema import Config
from fileorg.errors import RefusedError, StorageUnavailableError
from fileorg.model.display import escaped_json
from fileorg.model.location import Root, text
from fileorg.plan.saved import VERSION, Lines, PlanHead, head_line, root_of

Save = Callable[[bytes], object]
"""Takes what is to be written."""
_Item = TypeVar("_Item")
_DEFAULTS = msgspec.to_builtins(Config())


@contextmanager
def new_file(path: bytes) -> Iterator[Save]:
    """Give what writes to a new file, which gets its name when all went well.

    `RefusedError` where there is one already, `StorageUnavailableError` if it can't be written.
    """
    folder, name = os.path.split(path)
    part = os.path.join(folder, b".%b.%d.part" % (name[:200], os.getpid()))
    _refuse_taken(path)
    try:
        with open(part, "xb") as file:
            yield file.write
            file.flush()
            os.fsync(file.fileno())
        _give_name(part, path)
    except OSError as error:
        raise StorageUnavailableError(
            f"{text(path)}: the plan can't be written: {error.strerror}", "choose another place"
        ) from error
    finally:
        with suppress(OSError):
            os.unlink(part)


def plan_head(
    config: Config, command: tuple[str, ...], roots: Iterable[Root], started_ns: int, zone: str
) -> PlanHead:
    """Return the head of a plan; of the options those that are not as they are by default."""
    from fileorg.version import __version__

    given = msgspec.to_builtins(config)
    return PlanHead(
        VERSION,
        __version__,
        datetime.fromtimestamp(started_ns // 10**9, UTC).isoformat(),
        command,
        {key: value for key, value in given.items() if value != _DEFAULTS[key]},
        zone,
        tuple(root_of(root.path, root.device, root.inode, root.reach) for root in roots),
    )


def saved(plan: Iterable[_Item], head: PlanHead, save: Save) -> Iterator[_Item]:
    """Yield a plan as it is, while its lines are saved."""
    _save(save, head_line(head))
    lines = Lines()
    for item in plan:
        for line in lines.of(item):
            _save(save, line)
        yield item
    for line in lines.rest():
        _save(save, line)


def _save(save: Save, line: bytes) -> None:
    is_plain = line.isascii() and b"\x7f" not in line
    save((line if is_plain else escaped_json(line.decode()).encode()) + b"\n")


def _refuse_taken(path: bytes) -> None:
    if os.path.lexists(path):
        raise RefusedError(f"{text(path)}: is there already", "choose another name, or remove it")


def _give_name(part: bytes, path: bytes) -> None:
    try:
        os.link(part, path)
    except FileExistsError:
        _refuse_taken(path)
    except OSError:  # no hard links there
        _refuse_taken(path)
        os.rename(part, path)
