"""The removal of objects, and of no others that may have come to their keys."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fileorg.errors import StorageError
from fileorg.model.reason import Reason
from fileorg.storage.s3 import objects
from fileorg.storage.s3.client import Bucket
from fileorg.storage.s3.copying import inode_of

_ODD = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
MOST = 100
"""Keys in one request: few enough for some requests to run side by side."""


class Unwanted(NamedTuple):
    """An object to remove, as it was seen; *etag* is empty where only its number is known."""

    key: bytes
    size: int
    inode: int
    etag: str = ""


def grouped(files: Sequence[Unwanted], *, together: bool) -> Iterator[list[Unwanted]]:
    """Yield the files in their order, as many *together* as one request may remove."""
    group: list[Unwanted] = []
    for file in files:
        if not together or not file.etag or not _is_text(file.key):
            if group:
                yield group
            yield [file]
            group = []
            continue
        group.append(file)
        if len(group) == MOST:
            yield group
            group = []
    if group:
        yield group


def remove_group(
    bucket: Bucket, group: Sequence[Unwanted], *, conditional: bool
) -> list[StorageError | None]:
    """Remove the files of a group; what is not certain of all is found out one by one."""
    gone: set[bytes] = set()
    unsure = False
    if len(group) > 1:
        gone, unsure = objects.delete_all(bucket, [(file.key, file.etag) for file in group])
    outcomes: list[StorageError | None] = []
    for file in group:
        try:
            if file.key not in gone:
                remove(bucket, file, conditional=conditional, unsure=unsure)
            outcomes.append(None)
        except StorageError as error:
            outcomes.append(error)
    return outcomes


def remove(bucket: Bucket, file: Unwanted, *, conditional: bool, unsure: bool = False) -> None:
    """Remove an object while its content is as it was: `VANISHED`, `NOT_OURS`, `PERMISSION`.

    Where the server minds conditions and the ETag is known, it is the one who looks; else we
    look just before. *unsure*: it may have been removed by us before.
    """
    etag = file.etag if conditional else ""
    if not etag:
        found = objects.head(bucket, file.key)
        if found is None:
            raise StorageError(Reason.VANISHED)
        if inode_of(found.etag) != file.inode or found.size != file.size:
            raise StorageError(Reason.NOT_OURS)
        etag = found.etag
    reply = objects.delete(bucket, file.key, etag if conditional else "")
    if reply.fault is None:
        return
    if not reply.unsure and not unsure:
        raise StorageError(Reason.VANISHED if reply.code in objects.GONE else Reason.NOT_OURS)
    _settle(bucket, file.key, etag)


def _settle(bucket: Bucket, key: bytes, etag: str) -> None:
    """Look what became of a removal of which a try had no answer: gone is what was wanted."""
    found = objects.head(bucket, key)
    if found is not None and found.etag != etag:
        raise StorageError(Reason.NOT_OURS)
    if found is not None:
        raise StorageError(Reason.IO_ERROR, "it can't be told whether it was removed")


def _is_text(key: bytes) -> bool:
    """Whether XML can hold a key, and gives it back as it is."""
    return _ODD.search(key.decode()) is None
