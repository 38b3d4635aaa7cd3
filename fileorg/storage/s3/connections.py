"""HTTP as lean as it can be: connections that are kept, of this process alone, always verified."""

import os
import socket
import ssl
from collections import deque
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from fileorg.errors import UsageError
from fileorg.storage.s3 import wire

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CONNECT_SECONDS = 10
_GOOD = 300


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
        self._idle: deque[socket.socket] = deque()
        self._process = os.getpid()

    def ask(
        self, method: str, target: str, headers: dict[str, str], body: bytes, seconds: float
    ) -> wire.Answer:
        """Send one request and read all of its answer; `NoAnswerError`."""
        kept = self._kept()
        connection = kept
        try:
            sent = wire.request(method, target, headers, body)
            if connection is None:
                connection = self._made()
            connection.settimeout(seconds)
            connection.sendall(sent)
            found, goes_on = wire.answer(connection.recv, to_head=method == "HEAD")
        except (OSError, wire.WireError) as error:
            if connection is not None:
                connection.close()
            if kept is not None:  # the others have waited for as long, or longer
                self.close()
            raise NoAnswerError(error, stale=kept is not None) from error
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        if goes_on:
            self._idle.append(connection)
        else:
            connection.close()
        return found

    def close(self) -> None:
        """Close those that wait for work."""
        while (connection := self._kept()) is not None:
            connection.close()

    def _kept(self) -> socket.socket | None:
        if self._process != os.getpid():  # what a parent has open is the parent's alone
            self._idle, self._process = deque(), os.getpid()
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _made(self) -> socket.socket:
        server = self._server
        made = socket.create_connection(self._proxy or (server.host, server.port), _CONNECT_SECONDS)
        try:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._proxy:
                _tunnel(made, server)
            if self._tls is not None:
                return self._tls.wrap_socket(made, server_hostname=server.host)
        except BaseException:
            made.close()
            raise
        return made


def _tunnel(connection: socket.socket, server: Server) -> None:
    """Have a proxy pass on what follows; `WireError` if it does not."""
    host = f"[{server.host}]" if ":" in server.host else server.host
    target = f"{host}:{server.port}"
    connection.sendall(wire.request("CONNECT", target, {"host": target}, b""))
    found, _ = wire.answer(connection.recv, to_head=True)
    if found.status >= _GOOD:
        raise wire.WireError(f"the proxy answers {found.status}")


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
