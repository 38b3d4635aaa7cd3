"""Answers in XML: what is in them, whatever the keys, and what is refused."""

from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.storage.s3 import documents
from fileorg.storage.s3.documents import DocumentError, Listed

SPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def listing(
    keys: list[str],
    prefixes: list[str] | None = None,
    *,
    space: str = SPACE,
    encoded: bool = True,
    more: str = "<IsTruncated>false</IsTruncated>",
) -> bytes:
    """Write a listing as a server does."""
    spelled = quote_plus if encoded else escape
    contents = "".join(
        f"<Contents><Key>{spelled(key)}</Key>"
        "<LastModified>2026-11-22T10:00:00.123Z</LastModified>"
        '<ETag>"0123"</ETag><Size>7</Size><StorageClass>STANDARD</StorageClass></Contents>'
        for key in keys
    )
    common = "".join(
        f"<CommonPrefixes><Prefix>{spelled(one)}</Prefix></CommonPrefixes>"
        for one in prefixes or ()
    )
    kind = "<EncodingType>url</EncodingType>" if encoded else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<ListBucketResult {space}>{kind}{more}{contents}{common}</ListBucketResult>"
    ).encode()


@given(st.lists(KEYS, max_size=4), st.lists(KEYS, max_size=3), st.sampled_from([SPACE, ""]))
def test_every_key_comes_back_as_it_is(keys: list[str], folders: list[str], space: str) -> None:
    """Control characters, plus signs, spaces and anything else, byte for byte, in their order."""
    page = documents.page(listing(keys, folders, space=space))

    assert [one.key for one in page.objects] == [key.encode() for key in keys]
    assert page.prefixes == [folder.encode() for folder in folders]
    assert page.token == ""


@given(st.text("ab+% é/&<>", min_size=1, max_size=10))
def test_a_server_that_does_not_encode_is_taken_at_its_word(key: str) -> None:
    """Where the answer does not say that keys are encoded, percent and plus are what they are."""
    assert documents.page(listing([key], encoded=False)).objects[0].key == key.encode()


def test_an_object_is_read_with_all_that_is_told() -> None:
    """Size, time in whole seconds, and the ETag without its quotes."""
    (one,) = documents.page(listing(["a"])).objects

    assert one == Listed(b"a", 7, 1_795_341_600, "0123")


def test_a_page_says_how_to_go_on() -> None:
    """A part that is not the last has a token; one without it is refused, not taken for all."""
    more = "<IsTruncated>true</IsTruncated>"
    token = "<NextContinuationToken>next/1+=</NextContinuationToken>"

    assert documents.page(listing(["a"], more=more + token)).token == "next/1+="
    with pytest.raises(DocumentError, match="go on"):
        documents.page(listing(["a"], more=more))


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>
<ListBucketResult><Name>&b;</Name></ListBucketResult>"""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no xml",
        b"<html><body>Sign in</body></html>",
        BOMB,
        BOMB.decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?><ListBucketResult>+ADw-</ListBucketResult',
        b"<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>",
        listing(["a"]).replace(b"<Size>7", b"<Size>many"),
        listing(["a"]).replace(b"2026-11-22T", b"yesterday "),
        listing(["a"])[:-20],
        b"<ListBucketResult>" + b"<a>" * 10 + b"\xff\xfe</ListBucketResult>",
    ],
)
def test_what_no_server_says_is_refused(body: bytes) -> None:
    """A page of a portal, a bomb, half an answer, a listing without keys: none is half believed."""
    with pytest.raises(DocumentError):
        documents.page(body)


def test_an_answer_without_end_is_refused() -> None:
    """More than any page can have is not parsed."""
    with pytest.raises(DocumentError, match="32 MiB"):
        documents.page(b"<ListBucketResult>" + b" " * documents.LARGEST)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    """Whatever comes is an error document or none, a page or refused."""
    assert documents.fault(body) is None or b"<Error" in body
    with pytest.raises(DocumentError):
        documents.page(body)


def test_an_error_is_read_with_its_region() -> None:
    """Code, message and the region that it names."""
    body = (
        b"<Error><Code>AuthorizationHeaderMalformed</Code><Message>wrong &amp; so on</Message>"
        b"<Region>eu-west-1</Region></Error>"
    )
    expected = documents.Fault("AuthorizationHeaderMalformed", "wrong & so on", "eu-west-1")

    assert documents.fault(body) == expected
    assert documents.fault(b"<CopyObjectResult><ETag>x</ETag></CopyObjectResult>") is None
    assert documents.fault(b"<Error><Code>") is None


def test_values_and_tags_are_read_with_and_without_a_name_space() -> None:
    """Servers differ in whether they name one."""
    for space in (SPACE, ""):
        copied = f'<CopyObjectResult {space}><ETag>"1"</ETag></CopyObjectResult>'.encode()
        assert documents.values(copied, "ETag", "UploadId") == ('"1"', "")
        tags = (
            f"<Tagging {space}><TagSet><Tag><Key>a b</Key><Value>1&amp;2</Value></Tag>"
            "<Tag><Key>c</Key><Value></Value></Tag></TagSet></Tagging>"
        ).encode()
        assert documents.tags(tags) == [("a b", "1&2"), ("c", "")]


def test_what_is_removed_is_named_and_what_was_is_read() -> None:
    """Keys that XML has to escape come back as they are; only what was removed counts."""
    body = documents.removal([(b"a<&>\"'", "0123"), ("é/b".encode(), "4")])
    assert (
        body
        == (
            '<Delete><Object><Key>a&lt;&amp;&gt;"\'</Key><ETag>"0123"</ETag></Object>'
            '<Object><Key>é/b</Key><ETag>"4"</ETag></Object></Delete>'
        ).encode()
    )
    for space in (SPACE, ""):
        answer = (
            f"<DeleteResult {space}><Deleted><Key>a&lt;&amp;</Key></Deleted><Error><Key>b</Key>"
            "<Code>AccessDenied</Code></Error><Deleted><Key>é</Key></Deleted></DeleteResult>"
        ).encode()
        assert documents.removed(answer) == {b"a<&", "é".encode()}


def test_parts_are_listed_in_their_order() -> None:
    """The list that completes an upload counts from one and escapes what needs it."""
    assert documents.completion(['"a"', "b&"]) == (
        b"<CompleteMultipartUpload>"
        b'<Part><PartNumber>1</PartNumber><ETag>"a"</ETag></Part>'
        b"<Part><PartNumber>2</PartNumber><ETag>b&amp;</ETag></Part>"
        b"</CompleteMultipartUpload>"
    )


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)))
def test_a_time_in_a_header_is_read_as_everybody_reads_it(moment: datetime) -> None:
    """To the second, in the form of HTTP and in that of mails."""
    whole = moment.replace(microsecond=0, tzinfo=UTC)

    assert documents.http_seconds(format_datetime(whole, usegmt=True)) == whole.timestamp()
    assert documents.http_seconds(format_datetime(whole)) == whole.timestamp()


@pytest.mark.parametrize(
    "text", ["", "now", "Sun, 99 Nov 2026 10:00:00 GMT", "Sun, 22 Abc 2026 10:00:00 GMT"]
)
def test_a_time_that_is_none_is_refused(text: str) -> None:
    """It is what a move goes by."""
    with pytest.raises(DocumentError):
        documents.http_seconds(text)
