"""Signature Version 4 of AWS for S3, as pure functions of a request, a time and a secret."""

import hashlib
import hmac
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

NOTHING = hashlib.sha256(b"").hexdigest()
UNSIGNED = "UNSIGNED-PAYLOAD"


class Credentials(NamedTuple):
    """A key with its secret, and the token that comes with one that expires."""

    key: str
    secret: str
    token: str = ""

    def __repr__(self) -> str:
        """Tell nothing: what is written into logs and errors is read by others."""
        return "Credentials(...)"


def query_string(query: Mapping[str, str]) -> str:
    """Write the parameters of a request in the order and the spelling that is signed."""
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~"))
                   for name, value in query.items())  # fmt: skip
    return "&".join(f"{name}={value}" for name, value in pairs)


def signed(
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    digest: str,
    moment: str,
    region: str,
    credentials: Credentials,
) -> dict[str, str]:
    """Return *headers*, which must hold `host`, with those of a signature.

    *path* and *query* are as they are sent, *digest* is the SHA-256 of the body in hex, and
    *moment* is like 20261122T181934Z. The names of headers must be lower-case.
    """
    held = {**headers, "x-amz-content-sha256": digest, "x-amz-date": moment}
    if credentials.token:
        held["x-amz-security-token"] = credentials.token
    names = sorted(held)
    lines = "".join(f"{name}:{' '.join(held[name].split())}\n" for name in names)
    listed = ";".join(names)
    asked = f"{method}\n{path}\n{query}\n{lines}\n{listed}\n{digest}"
    scope = f"{moment[:8]}/{region}/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{_sha256(asked)}"
    key = _signing_key(credentials.secret, moment[:8], region)
    signature = hmac.digest(key, text.encode("ascii"), "sha256").hex()
    held["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.key}/{scope}, "
        f"SignedHeaders={listed}, Signature={signature}"
    )
    return held


@lru_cache(maxsize=4)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _sha256(text: str) -> str:
    # Headers come from the wire, and go back to it, as Latin-1: these are the bytes that are sent.
    return hashlib.sha256(text.encode("latin-1")).hexdigest()
