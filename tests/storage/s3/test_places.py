"""Locations in buckets, their endpoints, and what tells one from another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.errors import StorageUnavailableError, UsageError
from fileorg.storage.remote import absolute
from fileorg.storage.s3.connections import server_of
from fileorg.storage.s3.endpoints import (
    Endpoint,
    aws_url,
    checked_region,
    device_of,
    inode_of,
    r2_url,
    read,
)
from fileorg.storage.s3.places import number, place_of

ACCOUNT = "0123456789abcdef" * 2
PREFIXES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6).filter(
        lambda part: "/" not in part and part not in {".", ".."}
    ),
    max_size=3,
).map(lambda parts: "/".join(parts).encode())


@given(PREFIXES, st.binary(min_size=1, max_size=10))
def test_a_key_is_the_prefix_a_slash_and_the_path(prefix: bytes, path: bytes) -> None:
    """Byte for byte; a slash at the end of the location changes nothing."""
    place = place_of(b"s3://my-bucket/" + prefix)

    assert place == place_of(place.path) == place_of(place.path + b"/")
    assert place.key(path) == (prefix + b"/" if prefix else b"") + path
    assert place.below(path) == place.key(path) + b"/"
    assert place.below(b"") == (prefix + b"/" if prefix else b"")


@pytest.mark.parametrize(
    "path",
    [
        b"s3://", b"s3:///x", b"s3:bucket", b"s3://b", b"s3://a/b//c", b"s3://bucket/../x",
        b"s3://bucket//", b"s3://bu cket/x", b"s3://bucket/./x", b"s3://bucket/\xff",
        b"s3://user@host/x", b"gs://bucket/x", b"s3://-bucket/x",
    ],
)  # fmt: skip
def test_a_location_that_names_nothing_is_refused(path: bytes) -> None:
    """No bucket, or a prefix that no object could be put below: said at once."""
    with pytest.raises(UsageError):
        place_of(path)


def test_a_name_that_no_bucket_can_have_is_told_as_that() -> None:
    """A name that is too short or has other letters is named, with the rule; none is no bucket."""
    for name in ("ab", "-bucket", "user@host", "b" * 64):
        with pytest.raises(UsageError, match=f"'{name}' is no name") as error:
            place_of(f"s3://{name}/x".encode())
        assert "3 to 63 lower-case letters" in error.value.remedy
    with pytest.raises(UsageError, match="no bucket"):
        place_of(b"s3:///x")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"S3://bucket/Prefix/", b"s3://bucket/Prefix"),
        (b"R2://bucket", b"r2://bucket"),
        (b"S3://", b"s3://"),
        (b"/S3://x", b"/S3:/x"),
    ],
)
def test_a_scheme_may_be_in_capitals(written: bytes, meant: bytes) -> None:
    """What is a bucket is one whatever the case of its scheme; the rest stays as it is written."""
    assert absolute(written) == meant


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.com", "not encrypted"),
        ("http://127.0.0.2", "not encrypted"),
        ("https://user:secret@host", "password"),
        ("https://host/path", "path"),
        ("https://host?x=1", "no URL"),
        ("ftp://host", "no URL"),
        ("host", "no URL"),
        ("https://host:port", "no URL"),
        ("https://[::1", "no URL"),
    ],
)
def test_an_endpoint_that_is_none_or_unsafe_is_refused(url: str, words: str) -> None:
    """Secrets and objects go over TLS, or stay on this computer; no error repeats a secret."""
    with pytest.raises(UsageError, match=words) as error:
        server_of(url)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://s3.example.com", "s3.example.com"),
        ("https://s3.example.com:8443/", "s3.example.com:8443"),
        ("http://localhost:9000", "localhost:9000"),
        ("http://[::1]:9000", "[::1]:9000"),
    ],
)
def test_an_endpoint_is_host_and_port(url: str, name: str) -> None:
    """A port that goes without saying is not said: it is signed as the server sees it."""
    assert server_of(url).name == name


def test_a_bucket_is_named_by_host_or_path() -> None:
    """AWS by host where a certificate fits; dots, and everybody else, by path."""
    aws = Endpoint("aws", "https://s3.eu-west-1.amazonaws.com", "eu-west-1", virtual=True)

    assert aws.server("my-bucket").host == "my-bucket.s3.eu-west-1.amazonaws.com"
    assert aws.target("my-bucket", b"a b") == "/a%20b"
    assert aws.target("my-bucket", None) == "/"
    assert aws.server("my.bucket").host == "s3.eu-west-1.amazonaws.com"
    assert aws.target("my.bucket", b"k") == "/my.bucket/k"
    assert aws.target("my.bucket", None) == "/my.bucket"


def test_a_journal_finds_the_endpoint_again() -> None:
    """What is kept is all that is needed, and what is no such text is said to be none."""
    endpoint = Endpoint("s3", "https://h:1", "eu", "work", virtual=True)

    assert read(endpoint.kept) == endpoint
    for text in ("", "{}", '{"service": 1}', "no"):
        with pytest.raises(StorageUnavailableError):
            read(text)


def test_a_bucket_is_known_by_its_service_and_name() -> None:
    """Not by the region or the profile it is seen from; a prefix is another root of it."""
    one = Endpoint("aws", "https://s3.eu-west-1.amazonaws.com", "eu-west-1", "work")
    same = Endpoint("aws", "https://s3.us-east-1.amazonaws.com", "us-east-1")
    other = Endpoint("s3", "https://s3.example.com", "eu-west-1")
    whole, part = place_of(b"s3://bucket"), place_of(b"s3://bucket/a")

    assert device_of(one, whole) == device_of(same, part) != device_of(other, whole)
    assert inode_of(one, whole) != inode_of(one, part)
    assert device_of(one, whole) != device_of(one, place_of(b"s3://bucket-2"))


@given(st.lists(st.binary(max_size=9), max_size=3), st.lists(st.binary(max_size=9), max_size=3))
def test_numbers_tell_names_apart(one: list[bytes], other: list[bytes]) -> None:
    """A number fits SQLite's integers, is never 0, and is the same only for the same names."""
    clean = [[part.replace(b"\0", b"") for part in parts] for parts in (one, other)]

    assert 0 < number(*one) < 1 << 63
    assert (number(*clean[0]) == number(*clean[1])) == (
        b"\0".join(clean[0]) == b"\0".join(clean[1])
    )


def test_an_account_at_cloudflare_is_an_endpoint() -> None:
    """From either variable, with a jurisdiction; else the endpoint that is configured."""
    host = f"https://{ACCOUNT}.r2.cloudflarestorage.com"

    assert r2_url({"R2_ACCOUNT_ID": ACCOUNT}, "https://other") == host
    assert r2_url({"CLOUDFLARE_ACCOUNT_ID": ACCOUNT}, None) == host
    assert r2_url({"R2_ACCOUNT_ID": f"{ACCOUNT}.eu"}, None).startswith(f"https://{ACCOUNT}.eu.r2.")
    assert r2_url({}, "https://other") == "https://other"
    with pytest.raises(UsageError, match="R2_ACCOUNT_ID"):
        r2_url({}, None)
    with pytest.raises(UsageError, match="not an account"):
        r2_url({"R2_ACCOUNT_ID": "evil.example.com/"}, None)


def test_an_endpoint_of_aws_has_its_region_in_its_name() -> None:
    """So it is found in another region, in the same way; what a URL names stays where it is."""
    one = Endpoint("aws", aws_url("us-east-1", dual=True, fips=True), "us-east-1", "work")

    assert one.url == "https://s3-fips.dualstack.us-east-1.amazonaws.com"
    there = one.in_region("eu-west-1")
    assert there.url == "https://s3-fips.dualstack.eu-west-1.amazonaws.com"
    assert (there.region, there.profile) == ("eu-west-1", "work")
    other = Endpoint("s3", "https://us-east-1.example.com", "us-east-1").in_region("eu-west-1")
    assert (other.url, other.region) == ("https://us-east-1.example.com", "eu-west-1")


def test_a_region_is_part_of_a_host_and_nothing_else() -> None:
    """What a server or an environment says is not put into a host name unseen."""
    assert checked_region("eu-west-1") == "eu-west-1"
    for text in ("evil.com/", "", "eu west", "EU"):
        with pytest.raises(UsageError):
            checked_region(text)
