"""Signatures, against the ones that botocore makes of the same requests."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.storage.s3.places import quoted
from fileorg.storage.s3.signing import NOTHING, Credentials, query_string, signed

NAMES = st.from_regex(r"x-amz-meta-[a-z0-9-]{1,12}|range|if-match|content-type", fullmatch=True)
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)
KEYS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
        lambda part: "/" not in part and part not in {".", ".."}
    ),
    min_size=1,
    max_size=3,
).map("/".join)


def by_botocore(
    method: str, url: str, headers: dict[str, str], body: bytes, credentials: Credentials
) -> tuple[str, str]:
    """Return the moment and the signature that botocore gives a request."""
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import ReadOnlyCredentials

    request: Any = AWSRequest(method, url, headers=headers, data=body)
    keys = ReadOnlyCredentials(credentials.key, credentials.secret, credentials.token or None)
    S3SigV4Auth(keys, "s3", "eu-west-1").add_auth(request)
    return request.headers["X-Amz-Date"], request.headers["Authorization"]


@given(
    st.sampled_from(["GET", "PUT", "HEAD", "DELETE", "POST"]),
    KEYS,
    st.dictionaries(st.text("abcXYZ-.", min_size=1, max_size=8), st.text(max_size=8), max_size=3),
    st.dictionaries(NAMES, VALUES, max_size=4),
    st.binary(max_size=20),
    st.sampled_from(["", "a/token+=="]),
)
def test_a_request_is_signed_as_botocore_signs_it(
    method: str,
    key: str,
    query: dict[str, str],
    headers: dict[str, str],
    body: bytes,
    token: str,
) -> None:
    """Whatever key, parameters and headers: the signature is the one that servers expect."""
    credentials = Credentials("AKID", "a/secret", token)
    path, asked = "/bucket/" + quoted(key.encode()), query_string(query)
    url = f"http://127.0.0.1:9000{path}" + (f"?{asked}" if asked else "")
    moment, expected = by_botocore(method, url, dict(headers), body, credentials)

    digest = hashlib.sha256(body).hexdigest() if body else NOTHING
    held = {**headers, "host": "127.0.0.1:9000"}
    made = signed(method, path, asked, held, digest, moment, "eu-west-1", credentials)

    assert made["authorization"] == expected


def test_a_header_is_signed_as_the_bytes_that_are_sent() -> None:
    """A value that came off the wire with bytes beyond ASCII goes back, and is signed, as those."""
    credentials = Credentials("AKID", "secret")
    held = {"host": "h", "x-amz-meta-name": "é".encode().decode("latin-1")}

    made = signed("PUT", "/b/k", "", held, NOTHING, "20261122T000000Z", "r", credentials)

    lines = "host:h\nx-amz-content-sha256:{0}\nx-amz-date:20261122T000000Z\nx-amz-meta-name:é\n"
    names = "host;x-amz-content-sha256;x-amz-date;x-amz-meta-name"
    asked = f"PUT\n/b/k\n\n{lines.format(NOTHING)}\n{names}\n{NOTHING}"
    assert made["authorization"].endswith(_signature(asked, "20261122T000000Z", "r", "secret"))


def _signature(asked: str, moment: str, region: str, secret: str) -> str:
    import hmac

    key = f"AWS4{secret}".encode()
    for part in (moment[:8], region, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    scope = f"{moment[:8]}/{region}/s3/aws4_request"
    digest = hashlib.sha256(asked.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}"
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def test_credentials_do_not_show_themselves() -> None:
    """What ends in a log or a traceback holds no secret."""
    shown = repr(Credentials("AKID", "secret", "token"))

    assert not any(word in shown for word in ("AKID", "secret", "token"))


@pytest.mark.parametrize(("key", "path"), [(b"a b+c", "a%20b%2Bc"), ("é~.".encode(), "%C3%A9~.")])
def test_a_key_is_quoted_for_its_url(key: bytes, path: str) -> None:
    """Each byte that is not plain is percent-encoded, slashes are not."""
    assert quoted(b"x/" + key) == f"x/{path}"
