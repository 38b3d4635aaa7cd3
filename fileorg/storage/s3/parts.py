"""Multipart uploads, whose parts the server copies or is sent: for what one request can't carry."""

from collections.abc import Callable, Iterable, Iterator

from fileorg.errors import StorageError
from fileorg.model.reason import Reason
from fileorg.storage.s3 import objects
from fileorg.storage.s3.client import Bucket, Reply
from fileorg.storage.s3.documents import DocumentError, bare, completion, values
from fileorg.storage.s3.metadata import Head
from fileorg.storage.s3.places import quoted

_MOST_PARTS = 10_000
_PART = 512 << 20
_MIB = 1 << 20


class Upload:
    """A multipart upload to *target*; with *absent*, it is completed only if nothing is there."""

    def __init__(
        self, bucket: Bucket, target: bytes, headers: dict[str, str], *, absent: bool
    ) -> None:
        self._bucket, self._target, self._headers = bucket, target, headers
        self._condition = {"if-none-match": "*"} if absent else {}

    def copied(self, origin: Bucket, source: bytes, head: Head, *, pinned: bool) -> Reply:
        """Copy all of a *source*, which is *head*; what fails, and what changes, leaves nothing.

        *pinned*: each part only if the source is still that. `CHANGED` if it is not.
        """
        headers = {"x-amz-copy-source": f"{origin.name}/{quoted(source)}"}
        if pinned:
            headers["x-amz-copy-source-if-match"] = f'"{head.etag}"'

        def parts(upload: str) -> Iterator[str]:
            for number, part in enumerate(ranges(head.size), 1):
                yield self._part(upload, number, headers | {"x-amz-copy-source-range": part})
            _check(origin, source, head)

        return self._made_of(parts)

    def sent(self, blocks: Iterable[bytes]) -> Reply:
        """Write all of some *blocks*, each a part; the server checks their sums."""

        def parts(upload: str) -> Iterator[str]:
            for number, block in enumerate(blocks, 1):
                query = {"partNumber": str(number), "uploadId": upload}
                part = self._bucket.done(
                    "UploadPart", "PUT", self._target, query, objects.sum_of(block), block
                )
                yield part.headers.get("etag", "")

        return self._made_of(parts)

    def _made_of(self, parts: Callable[[str], Iterator[str]]) -> Reply:
        """Make the *parts*, which give their ETags, and complete the upload; else leave nothing."""
        opened = self._bucket.done(
            "CreateMultipartUpload", "POST", self._target, {"uploads": ""}, self._headers
        )
        upload = told(opened.body, "UploadId")
        try:
            reply = self._bucket.done(
                "CompleteMultipartUpload",
                "POST",
                self._target,
                {"uploadId": upload},
                self._condition,
                completion([*parts(upload)]),
                unless=("PreconditionFailed", "NoSuchUpload"),
            )
        except BaseException:
            self._abort(upload)
            raise
        if reply.fault is not None:
            self._abort(upload)
        return reply

    def _part(self, upload: str, number: int, headers: dict[str, str]) -> str:
        reply = self._bucket.done(
            "UploadPartCopy",
            "PUT",
            self._target,
            {"partNumber": str(number), "uploadId": upload},
            headers,
        )
        return f'"{etag_of(reply.body)}"'

    def _abort(self, upload: str) -> None:
        """Have the server forget the parts; if it can't be told, a lifecycle rule has to."""
        self._bucket.ask("AbortMultipartUpload", "DELETE", self._target, {"uploadId": upload})


def _check(origin: Bucket, source: bytes, head: Head) -> None:
    now = objects.head(origin, source)
    if now is None or now.etag != head.etag:
        raise StorageError(Reason.CHANGED)


def ranges(size: int) -> Iterator[str]:
    """Yield the parts of so many bytes, all but the last of one length, as R2 wants them."""
    length = max(_PART, -(-size // _MOST_PARTS))
    length = -(-length // _MIB) * _MIB
    for start in range(0, size, length):
        yield f"bytes={start}-{min(start + length, size) - 1}"


def etag_of(body: bytes) -> str:
    """Return the ETag that an answer tells, without quotes; empty where it tells none."""
    return bare(told(body, "ETag", needed=False))


def etag_made(reply: Reply) -> str:
    """Return the ETag of the object that an answer says was made, without quotes."""
    return bare(reply.headers.get("etag", "")) or etag_of(reply.body)


def told(body: bytes, name: str, *, needed: bool = True) -> str:
    """Return an element of an answer; `UNSUPPORTED` where a server does not answer as S3 does."""
    try:
        (found,) = values(body, name)
    except DocumentError as error:
        raise StorageError(Reason.UNSUPPORTED, f"the server copies no parts: {error}") from error
    if needed and not found:
        raise StorageError(Reason.UNSUPPORTED, f"the server copies no parts: {name} is missing")
    return found
