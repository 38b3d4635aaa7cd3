"""What a server or the network answers, as the errors that everybody above knows; pure."""

import ssl
from collections.abc import Iterable

from fileorg.errors import FileorgError, StorageError, StorageUnavailableError
from fileorg.model.reason import Reason
from fileorg.storage.s3.documents import Fault

_LONGEST = 200
SLOW = frozenset({"SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded",
                  "TooManyRequests", "Throttled", "BandwidthLimitExceeded"})  # fmt: skip
AGAIN = frozenset({"InternalError", "ServiceUnavailable", "RequestTimeout", "OperationAborted",
                   "ConditionalRequestConflict", "BadDigest"})  # fmt: skip
_AGAIN_BY_STATUS = frozenset({500, 502, 503, 504})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired",
                      "InvalidToken", "RequestExpired"})  # fmt: skip
_WRONG_REGION = frozenset({"AuthorizationHeaderMalformed", "PermanentRedirect", "Redirect",
                           "TemporaryRedirect", "IllegalLocationConstraintException"})  # fmt: skip
_OBJECT = {
    "NoSuchKey": (Reason.VANISHED, ""),
    "NotFound": (Reason.VANISHED, ""),
    "KeyTooLongError": (Reason.NAME_TOO_LONG, "a key has at most 1,024 bytes"),
    "InvalidObjectName": (Reason.BAD_NAME, ""),
    "InvalidObjectState": (Reason.UNREADABLE, "it is archived; restore it first"),
    "MetadataTooLarge": (Reason.UNSUPPORTED, "its metadata has no room for the time of the file"),
    "NotImplemented": (Reason.UNSUPPORTED, ""),
    "MethodNotAllowed": (Reason.UNSUPPORTED, ""),
    "PreconditionFailed": (Reason.CHANGED, ""),
    "QuotaExceeded": (Reason.DISK_FULL, ""),
    "XMinioStorageFull": (Reason.DISK_FULL, ""),
}
_OF_STATUS = {
    301: "PermanentRedirect", 307: "TemporaryRedirect", 401: "Unauthorized", 403: "AccessDenied",
    404: "NotFound", 405: "MethodNotAllowed", 412: "PreconditionFailed", 429: "SlowDown",
    501: "NotImplemented", 507: "QuotaExceeded",
}  # fmt: skip


def of_status(status: int) -> Fault:
    """Return what an answer without a document means."""
    return Fault(_OF_STATUS.get(status, f"HTTP {status}"))


def is_slow(status: int, code: str) -> bool:
    """Whether the server asks for fewer requests at a time."""
    return status == 429 or code in SLOW  # noqa: PLR2004


def is_worth_a_retry(status: int, code: str) -> bool:
    """Whether the same request may do better in a moment."""
    return status in _AGAIN_BY_STATUS or code in AGAIN or is_slow(status, code)


def may_be_done(status: int) -> bool:
    """Whether a request that failed so may have had its effect all the same: 500, or a 200."""
    return status in _AGAIN_BY_STATUS or status < 300  # noqa: PLR2004


def translated(kind: str, where: str, status: int, fault: Fault) -> FileorgError:
    """Return the error that an answer is: of the whole storage, or of one object.

    *kind* is the operation as AWS names it, *where* the bucket and its endpoint.
    """
    code, said = fault.code, _said(fault)
    if (whole := _of_everything(where, fault)) is not None:
        return whole
    if code in {"AccessDenied", "AllAccessDisabled", "Forbidden", "AccountProblem"}:
        return StorageError(Reason.PERMISSION, f"s3:{kind} is denied ({said})")
    reason, detail = _OBJECT.get(code, (Reason.IO_ERROR, ""))
    if reason is Reason.IO_ERROR:
        detail = f"{kind} failed: {said} (HTTP {status})"
    elif reason is Reason.UNSUPPORTED and not detail:
        detail = f"the server does not support {kind} ({said})"
    return StorageError(reason, detail)


def _said(fault: Fault) -> str:
    """Return code and message, which may be the same words."""
    is_same = fault.message.replace(" ", "").rstrip(".").lower() == fault.code.lower()
    return f"{fault.code}: {fault.message}" if fault.message and not is_same else fault.code


def _of_everything(where: str, fault: Fault) -> StorageUnavailableError | None:
    """Return the error of what no other object will fare better with, None where one may."""
    code = fault.code
    if code == "NoSuchBucket":
        return StorageUnavailableError(
            f"{where}: there is no such bucket", "check its name, the endpoint and AWS_PROFILE"
        )
    if code in SLOW:
        return StorageUnavailableError(
            f"{where}: the server is too busy ({code})", "nothing is lost; later: fileorg recover"
        )
    if code in _EXPIRED:
        return StorageUnavailableError(
            f"{where}: the credentials have expired ({code})",
            "log in again (aws sso login), then: fileorg recover",
        )
    if code in {"InvalidAccessKeyId", "Unauthorized", "InvalidClientTokenId"}:
        return StorageUnavailableError(
            f"{where}: the access key is not known there ({code})",
            "check AWS_PROFILE, AWS_ACCESS_KEY_ID and the endpoint",
        )
    if code in {"SignatureDoesNotMatch", "AuthorizationParametersError"}:
        return StorageUnavailableError(
            f"{where}: the secret does not fit the access key ({code})",
            "check AWS_SECRET_ACCESS_KEY or the profile",
        )
    if code in {"RequestTimeTooSkewed", "RequestTimeSkewed"}:
        return StorageUnavailableError(
            f"{where}: the clock of this computer is wrong ({code})", "set it, and run it again"
        )
    if code in _WRONG_REGION:
        named = f": it is {fault.region}" if fault.region else ""
        return StorageUnavailableError(
            f"{where}: the region or the endpoint is not that of the bucket{named}",
            "set AWS_REGION or AWS_ENDPOINT_URL_S3",
        )
    if code == "InvalidBucketName":
        return StorageUnavailableError(f"{where}: not a name that a bucket can have", "check it")
    return None


def unreachable(where: str, error: Exception) -> StorageUnavailableError:
    """Return what it means that no answer came."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return StorageUnavailableError(
            f"{where}: its certificate can't be trusted: {error.verify_message}",
            "name the authority that signed it with AWS_CA_BUNDLE",
        )
    why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return StorageUnavailableError(
        f"{where}: no answer ({why})", "is the network up, and the endpoint right?"
    )


def cleaned(text: str, secrets: Iterable[str]) -> str:
    """Return words of a server fit to be shown: one short line that holds no secret."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "...")
    text = " ".join(text.split())
    line = "".join(letter if letter.isprintable() else "?" for letter in text)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."
