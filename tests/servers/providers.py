"""What three kinds of providers make of conditions: AWS, Cloudflare R2, and one that has none.

From their documentation. ministack itself follows AWS but for the target of a copy.
"""

import re

from tests.servers.requests import Request

_CONDITIONS = {b"if-match", b"if-none-match"}
_R2 = b"cf-copy-destination-"
_NOT_OF_R2 = (b"x-amz-tagging", b"x-amz-tagging-directive", b"x-amz-checksum-algorithm")
PROVIDERS = ("aws", "r2", "poor")


def target_conditions(provider: str, request: Request) -> tuple[bytes | None, bytes | None]:
    """Return If-None-Match and If-Match that this provider minds for the target of a copy."""
    if request.kind != "CopyObject" or provider == "poor":
        return None, None
    before = _R2 if provider == "r2" else b""
    asked = request.headers
    return asked.get(before + b"if-none-match"), asked.get(before + b"if-match")


def ignored(provider: str, request: Request, name: bytes) -> bool:
    """Tell whether the provider takes no notice of a header of this request."""
    source = name.startswith(b"x-amz-copy-source-if")
    reads = request.kind in {"GetObject", "HeadObject"}
    if provider == "poor":
        return source or (name in _CONDITIONS and not reads)
    if provider == "r2":
        return (source and request.kind == "UploadPartCopy") or (
            name in _CONDITIONS and request.kind == "DeleteObject"
        )
    return False


def refused(provider: str, request: Request) -> str | None:
    """Return what the provider says is not implemented of this request, None where all is."""
    if provider != "r2":
        return None
    if request.kind.endswith("Tagging"):
        return request.kind
    writes = request.kind in {"PutObject", "CopyObject", "CreateMultipartUpload"}
    named = [name for name in _NOT_OF_R2 if writes and name in request.headers]
    return f"Header '{named[0].decode()}'" if named else None


def without_etags(body: bytes) -> bytes:
    """Take the conditions out of the body of a DeleteObjects."""
    return re.sub(rb"<ETag>.*?</ETag>", b"", body)
