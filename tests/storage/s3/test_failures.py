"""What servers and networks say, as the errors that a user reads."""

import ssl

import pytest

from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.model.reason import Reason
from fileorg.storage.s3.documents import Fault
from fileorg.storage.s3.failures import (
    cleaned,
    is_slow,
    is_worth_a_retry,
    of_status,
    translated,
    unreachable,
)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("NoSuchBucket", "no such bucket"),
        ("ExpiredToken", "expired"),
        ("InvalidToken", "expired"),
        ("InvalidAccessKeyId", "not known"),
        ("SignatureDoesNotMatch", "secret"),
        ("RequestTimeTooSkewed", "clock"),
        ("PermanentRedirect", "region"),
        ("AuthorizationHeaderMalformed", "it is eu-west-1"),
        ("InvalidBucketName", "name"),
    ],
)
def test_what_no_object_fares_better_with_ends_the_run(code: str, words: str) -> None:
    """The error names the bucket, says it in plain words, and what to do."""
    error = translated("HeadObject", "b at h", 400, Fault(code, "said", "eu-west-1"))

    assert isinstance(error, StorageUnavailableError)
    assert words in error.message
    assert error.message.startswith("b at h: ")
    assert error.remedy


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (404, "NoSuchKey", Reason.VANISHED),
        (400, "KeyTooLongError", Reason.NAME_TOO_LONG),
        (403, "InvalidObjectState", Reason.UNREADABLE),
        (403, "AccessDenied", Reason.PERMISSION),
        (400, "MetadataTooLarge", Reason.UNSUPPORTED),
        (501, "NotImplemented", Reason.UNSUPPORTED),
        (507, "QuotaExceeded", Reason.DISK_FULL),
        (500, "InternalError", Reason.IO_ERROR),
        (400, "SomethingNew", Reason.IO_ERROR),
    ],
)
def test_what_is_wrong_with_one_object_is_its_own_failure(
    status: int, code: str, reason: Reason
) -> None:
    """The others go on."""
    error = translated("CopyObject", "b", status, Fault(code, "words of the server"))

    assert isinstance(error, StorageError)
    assert error.reason is reason


def test_a_denial_names_the_right_that_is_missing() -> None:
    """Who gets it can give the right."""
    error = translated("DeleteObject", "b", 403, of_status(403))

    assert str(error) == "s3:DeleteObject is denied (AccessDenied)"


def test_nothing_is_said_twice() -> None:
    """A message that is the code in other letters is left out."""
    error = translated("DeleteObject", "b", 403, Fault("AccessDenied", "Access Denied."))

    assert str(error) == "s3:DeleteObject is denied (AccessDenied)"


def test_an_unknown_error_is_told_as_the_server_told_it() -> None:
    """Code, words and status, so that somebody can look it up."""
    error = translated("CopyObject", "b", 418, Fault("Teapot", "short and stout"))

    assert str(error) == "CopyObject failed: Teapot: short and stout (HTTP 418)"


def test_what_may_do_better_is_tried_again() -> None:
    """Errors of the server and conflicts, not those of ours; slowing down where it is asked for."""
    for status, code in ((500, ""), (503, "SlowDown"), (409, "ConditionalRequestConflict"),
                         (429, "x"), (400, "RequestTimeout"), (200, "InternalError")):  # fmt: skip
        assert is_worth_a_retry(status, code)
    for status, code in ((403, "AccessDenied"), (412, "PreconditionFailed"), (404, "NoSuchKey")):
        assert not is_worth_a_retry(status, code)
    assert is_slow(429, "") and is_slow(503, "SlowDown") and not is_slow(503, "")


def test_what_has_no_answer_says_why() -> None:
    """A certificate is told from a name that leads nowhere."""
    refused = unreachable("b at h", ConnectionRefusedError(111, "Connection refused"))
    assert str(refused).startswith("b at h: no answer (Connection refused)")
    certificate = ssl.SSLCertVerificationError()
    certificate.verify_message = "self-signed certificate"
    error = unreachable("b at h", certificate)
    assert "self-signed certificate" in error.message
    assert "AWS_CA_BUNDLE" in error.remedy


def test_words_of_a_server_are_short_plain_and_without_secrets() -> None:
    """Whatever it echoes: no secret, no control character, one line."""
    said = cleaned("key SECRET\n\x1b[31mred\u202e " + "x" * 500, ("SECRET", ""))

    assert said.startswith("key ... ?[31mred? xxx")
    assert len(said) == 200
