"""Real S3 servers on this machine, each a process that ends with the one that started it."""

import hashlib
import http.client
import json
import os
import re
import selectors
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from tests.servers.environment import HOUSE, programs

PATIENCE = 20.0
"""Seconds that a server may take to start; they take less than one."""


class Server(msgspec.Struct, frozen=True):
    """Where a server is and what it takes to be let in."""

    name: str
    endpoint: str
    access_key: str
    secret_key: str
    certificate: Path | None = None
    folder: Path | None = None
    control: "Control | None" = None

    def environment(self, region: str = "us-east-1") -> dict[str, str]:
        """Return what a program is told by its environment to be let in."""
        told = {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
        return (
            told if self.certificate is None else {**told, "AWS_CA_BUNDLE": str(self.certificate)}
        )


class Control:
    """The orders a test gives to ministack's front; see `front.Control` and `faults.Fault`."""

    def __init__(self, port: int) -> None:
        self.port = port

    def reset(self) -> None:
        """Be a faultless AWS again, count from zero, let go what is held."""
        self._ask("reset")

    def calm(self) -> None:
        """Have no faults any more, and let go what is held."""
        self._ask("calm")

    def order(self, **order: Any) -> None:
        """Set `provider` ("aws", "r2", "poor") or the `keys` that are known."""
        self._ask("order", order)

    def fault(self, kind: str, act: str, **more: Any) -> None:
        """Have requests of a kind meet a fault: `key`, `skip`, `times`, `after`, `seconds`."""
        self.order(faults=[{"kind": kind, "act": act, **more}])

    def counts(self) -> dict[str, int]:
        """Return how many requests came, by operation."""
        return self._ask("state")["counts"]  # type: ignore[no-any-return]

    def peaks(self) -> dict[str, int]:
        """Return how many requests were under way at once, at most, by operation."""
        return self._ask("state")["peaks"]  # type: ignore[no-any-return]

    def guard(self, bucket: str, held: Mapping[str, bytes]) -> None:
        """Have the server watch that the content of a bucket, by key, is always somewhere."""
        digests = {key: hashlib.md5(content).hexdigest() for key, content in held.items()}
        self.order(guard={"bucket": bucket, "held": digests})

    def lost(self) -> list[str]:
        """Return after which requests, to which keys, watched content was nowhere any more."""
        return self._ask("state")["lost"]  # type: ignore[no-any-return]

    def wait_held(self) -> None:
        """Return once a request is held by a fault `hold`."""
        self._ask("held")

    def _ask(self, what: str, order: Mapping[str, Any] | None = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", f"/_control/{what}", json.dumps(order or {}))
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, body
            return json.loads(body)  # type: ignore[no-any-return]
        finally:
            connection.close()


@contextmanager
def ministack() -> Iterator[Server]:
    """Serve S3 as AWS does, from memory, with faults to order."""
    words: list[str | Path] = [programs() / "python", "-m", "tests.servers.front"]
    with _running(words, r"^(\d+)$") as found:
        port = int(found[1])
        yield Server("ministack", f"http://127.0.0.1:{port}", "test", "test", control=Control(port))


@contextmanager
def rclone(
    folder: Path, certificate: Path | None = None, key: Path | None = None
) -> Iterator[Server]:
    """Serve the folders of a folder as buckets: signatures are checked, conditions are not."""
    access, secret = "AKFILEORGTESTS", "secret-that-must-not-be-told"
    words: list[str | Path] = [programs() / "rclone", "--config", os.devnull, "serve", "s3", folder]
    words += [
        "--addr",
        "127.0.0.1:0",
        "--auth-key",
        f"{access},{secret}",
        "--vfs-cache-mode",
        "off",
    ]
    if certificate is not None and key is not None:
        words += ["--cert", certificate, "--key", key]
    with _running(words, r"server on \[(https?://127\.0\.0\.1:\d+)/?\]") as found:
        yield Server("rclone", found[1], access, secret, certificate, folder)


@contextmanager
def _running(words: list[str | Path], ready: str) -> Iterator[re.Match[str]]:
    """Run a program until the end of the block; yields what it printed once it was ready."""
    tied = [sys.executable, Path(__file__).with_name("tied.py"), str(os.getpid()), *words]
    environment = {**os.environ, "PYTHONPATH": str(HOUSE), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        tied, cwd="/", env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    reader = threading.Thread(target=_read_all, args=(process.stdout,))
    try:
        found = _first(process, re.compile(ready, re.MULTILINE))
        reader.start()  # a server whose log nobody reads stops one day in the middle of a line
        yield found
    finally:
        process.kill()
        process.wait()
        if reader.ident is not None:
            reader.join()
        process.stdout.close()


def _read_all(output: IO[bytes]) -> None:
    while os.read(output.fileno(), 65536):
        pass


def _first(process: subprocess.Popen[bytes], ready: re.Pattern[str]) -> re.Match[str]:
    assert process.stdout is not None
    printed = ""
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while waiting.select(PATIENCE):
            more = os.read(process.stdout.fileno(), 65536)
            printed += more.decode(errors="replace")
            found = ready.search(printed)
            if found is not None:
                return found
            if not more:
                break
    raise RuntimeError(f"the server did not start: {printed}")
