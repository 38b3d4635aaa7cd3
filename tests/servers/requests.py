"""What a request to S3 is: its operation by AWS's name, its bucket and its key."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import parse_qs

Headers = Iterable[tuple[bytes, bytes]]

_OF_BUCKET = {
    "GET": {
        "location": "GetBucketLocation",
        "versioning": "GetBucketVersioning",
        "uploads": "ListMultipartUploads",
        "versions": "ListObjectVersions",
        "list-type": "ListObjectsV2",
        "": "ListObjects",
    },
    "PUT": {"versioning": "PutBucketVersioning", "": "CreateBucket"},
    "HEAD": {"": "HeadBucket"},
    "POST": {"delete": "DeleteObjects"},
    "DELETE": {"": "DeleteBucket"},
}
_OF_KEY = {
    "GET": {"tagging": "GetObjectTagging", "uploadId": "ListParts", "": "GetObject"},
    "HEAD": {"": "HeadObject"},
    "POST": {"uploads": "CreateMultipartUpload", "uploadId": "CompleteMultipartUpload"},
    "DELETE": {
        "tagging": "DeleteObjectTagging",
        "uploadId": "AbortMultipartUpload",
        "": "DeleteObject",
    },
    "PUT": {"tagging": "PutObjectTagging"},
}


class Request(NamedTuple):
    """One request, as far as faults and conditions look at it."""

    kind: str
    bucket: str
    key: str
    headers: dict[bytes, bytes]


def request_of(method: str, path: str, query: bytes, headers: Headers) -> Request:
    """Tell what is asked; `Other` for what these tests do not tell apart."""
    asked = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    named = {name.lower(): value for name, value in headers}
    bucket, _, key = path.removeprefix("/").partition("/")
    if key and method == "PUT" and "tagging" not in asked:
        copies = b"x-amz-copy-source" in named
        if "partNumber" in asked:
            kind = "UploadPartCopy" if copies else "UploadPart"
        else:
            kind = "CopyObject" if copies else "PutObject"
        return Request(kind, bucket, key, named)
    if not bucket:
        return Request("ListBuckets", "", "", named)
    table = (_OF_KEY if key else _OF_BUCKET).get(method, {})
    kind = next((table[word] for word in table if word in asked), table.get("", "Other"))
    return Request(kind, bucket, key, named)
