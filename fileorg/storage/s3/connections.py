"""HTTP as lean as it can be: connections that are kept, of this process alone, always verified."""

import http.client
import os
import ssl
from collections import deque
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from fileorg.errors import UsageError
from fileorg.storage.s3.documents import LARGEST

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CONNECT_SECONDS = 10
_ERRORS = (OSError, http.client.HTTPException)


class Answer(NamedTuple):
    """What came back: status, headers by lower-case name, body."""

    status: int
    headers: dict[str, str]
    body: bytes


class NoAnswerError(Exception):
    """A request went out, or was about to, and no answer came; *cause* says why.

    *stale*: on a connection that was kept, which a server may have closed at any time.
    """

    def __init__(self, cause: Exception, *, stale: bool) -> None:
        super().__init__(str(cause))
        self.cause, self.stale = cause, stale


class Server(NamedTuple):
    """Where requests go: host, port, and whether by TLS."""

    host: str
    port: int
    secure: bool

    @property
    def name(self) -> str:
        """The name as the header `Host` holds it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def server_of(url: str) -> Server:
    """Read the URL of an endpoint; `UsageError` for one that is none or gives secrets away."""
    try:
        parts = urlsplit(url)
        secure, host = parts.scheme == "https", parts.hostname or ""
        port = parts.port or (443 if secure else 80)
    except ValueError:
        host, parts = "", urlsplit("")
    if not host or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        raise UsageError("the endpoint is no URL", "write https://HOST")
    if parts.username or parts.password:
        raise UsageError(
            f"the endpoint {host} has a name or a password in its URL", "keys go into a profile"
        )
    if parts.path.strip("/"):
        raise UsageError(f"the endpoint {host} has a path in its URL", "write https://HOST")
    if not secure and host not in _LOOPBACK:
        raise UsageError(
            f"the endpoint http://{host} is not encrypted", "use https; http is for this computer"
        )
    return Server(host, port, secure)


class Connections:
    """Connections to one server. A forked process makes its own."""

    def __init__(self, server: Server, trusted: str | None = None) -> None:
        self._server = server
        self._tls = _context(trusted) if server.secure else None
        self._proxy = _proxy(server)
        self._idle: deque[http.client.HTTPConnection] = deque()
        self._process = os.getpid()

    def ask(
        self, method: str, target: str, headers: dict[str, str], body: bytes, seconds: float
    ) -> Answer:
        """Send one request and read all of its answer; `NoAnswerError`."""
        connection, kept = self._take()
        try:
            if connection.sock is not None:
                connection.sock.settimeout(seconds)
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value.encode("latin-1"))
            if body or method in {"PUT", "POST"}:
                connection.putheader("content-length", str(len(body)))
            connection.endheaders(body or None)
            if connection.sock is not None:
                connection.sock.settimeout(seconds)
            found = connection.getresponse()
            read = _whole(found)
        except _ERRORS as error:
            connection.close()
            if kept:  # the others have waited for as long, or longer
                self.close()
            raise NoAnswerError(error, stale=kept) from error
        except BaseException:
            connection.close()
            raise
        if found.will_close:
            connection.close()
        else:
            self._idle.append(connection)
        return Answer(found.status, {name.lower(): held for name, held in found.getheaders()}, read)

    def close(self) -> None:
        """Close those that wait for work."""
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> tuple[http.client.HTTPConnection, bool]:
        if self._process != os.getpid():  # what a parent has open is the parent's alone
            self._idle, self._process = deque(), os.getpid()
        try:
            return self._idle.pop(), True
        except IndexError:
            return self._made(), False

    def _made(self) -> http.client.HTTPConnection:
        host, port = self._proxy or (self._server.host, self._server.port)
        if self._tls is None:
            return http.client.HTTPConnection(host, port, timeout=_CONNECT_SECONDS)
        made = http.client.HTTPSConnection(host, port, timeout=_CONNECT_SECONDS, context=self._tls)
        if self._proxy:
            made.set_tunnel(self._server.host, self._server.port)
        return made


def _whole(answer: http.client.HTTPResponse) -> bytes:
    """Read all of an answer, so that its connection can be used again; there is a limit."""
    read = answer.read(LARGEST)
    if not answer.isclosed() and answer.read(1):
        raise http.client.HTTPException("an answer of more than 32 MiB")
    return read


def _context(trusted: str | None) -> ssl.SSLContext:
    """Return what TLS trusts: the authorities of the system, or of a bundle, and nothing less."""
    try:
        made = ssl.create_default_context(cafile=trusted)
    except OSError as error:
        raise UsageError(
            f"AWS_CA_BUNDLE: {trusted}: {error.strerror or 'no certificates'}", "check the file"
        ) from error
    if trusted is None and not made.cert_store_stats()["x509_ca"]:
        from botocore.httpsession import DEFAULT_CA_BUNDLE

        made.load_verify_locations(cafile=DEFAULT_CA_BUNDLE)
    return made


def _proxy(server: Server) -> tuple[str, int] | None:
    """Return the proxy that the environment names for what goes out by TLS."""
    named = getproxies_environment().get("https") if server.secure else None
    if not named or proxy_bypass(server.host):
        return None
    parts = urlsplit(named if "://" in named else f"http://{named}")
    return (parts.hostname, parts.port or 8080) if parts.hostname else None
