"""Faults that a test scripts: which requests they meet, and what becomes of those."""

import re
from dataclasses import dataclass

ANSWERS = {
    "slowdown": (503, "SlowDown", "Please reduce your request rate."),
    "internal": (500, "InternalError", "We encountered an internal error. Please try again."),
    "conflict": (
        409,
        "ConditionalRequestConflict",
        "A conflicting conditional operation is currently in progress against this resource.",
    ),
    "denied": (403, "AccessDenied", "Access Denied"),
    "expired": (400, "ExpiredToken", "The provided token has expired."),
    "embedded": (200, "InternalError", "We encountered an internal error. Please try again."),
}
"""By the word of a fault: status, code and message. `embedded` is an error that says it is none."""

ACTS = {*ANSWERS, "reset", "hold", "latency"}


@dataclass
class Fault:
    """Meets requests of a *kind* to a *key* (regular expressions), but *skip*, at most *times*.

    The key of a DeleteObjects is all its keys, a line each.

    *act* is a word of `ANSWERS`, or `reset` (the connection), `hold` (no answer until the test
    goes on) or `latency`, which is no end of the request. *after*: only once it had its effect.
    """

    kind: str
    act: str
    key: str = ""
    skip: int = 0
    times: int | None = 1
    after: bool = False
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.act not in ACTS:
            raise ValueError(self.act)

    def meets(self, kind: str, key: str) -> bool:
        """Tell whether this request is met, and count it as one that could have been."""
        if not re.fullmatch(self.kind, kind) or not re.search(self.key, key):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


def error_body(code: str, message: str, **more: str) -> bytes:
    """Write the body of an error as S3 does."""
    words = {"Code": code, "Message": message, **more, "RequestId": "4442587FB7D0A2F9"}
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in words.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'.encode()
