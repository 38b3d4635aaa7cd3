"""Work beside work, by forked processes: a thread would make every rename wait for the interpreter.

Where there is no fork, and for small work, the same calls run in this process.
"""

import atexit
import contextlib
import ctypes
import fcntl
import os
import select
import signal
import struct
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, ClassVar, Generic, NoReturn, Protocol, TypeVar

import msgspec

from fileorg.errors import FileorgError, StorageUnavailableError

_Item = TypeVar("_Item")
_Request = TypeVar("_Request")
_Request_contra = TypeVar("_Request_contra", contravariant=True)
_Reply = TypeVar("_Reply")
_Reply_co = TypeVar("_Reply_co", covariant=True)
_Main = Callable[[BinaryIO, int], None]

_HEAD = struct.Struct("<cQ")
_CHUNK = 1000
_PIPE_SIZE = 1 << 20
_ERROR, _DATA, _END = b"E", b"D", b"X"
_DECIDED_BY_PARENT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def can_fork() -> bool:
    """Whether this platform runs work in forked processes."""
    return sys.platform == "linux"


def processors() -> int:
    """Return how many processors this process may use."""
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def ahead(items: Iterator[_Item], type_: Any, *, inline: int, fork: bool = True) -> Iterator[_Item]:
    """Yield *items*, of which all but the first *inline* are made ahead by another process.

    *type_* is the msgspec type of one item. An error in the other process is raised here. With
    *inline* 0 nothing is made here, so that what *items* forks in turn is forked over there.
    """
    yield from islice(items, inline)
    if inline:
        head = list(islice(items, 1))
        if not head:
            return
        yield head[0]
    if fork and can_fork():
        yield from _streamed(items, type_)
    else:
        yield from items


def _streamed(items: Iterator[_Item], type_: Any) -> Iterator[_Item]:
    decode = msgspec.msgpack.Decoder(list[type_]).decode

    def produce(_: BinaryIO, out: int) -> None:
        encode = msgspec.msgpack.Encoder().encode
        while chunk := list(islice(items, _CHUNK)):
            _write(out, _DATA, encode(chunk))

    child = _Child(produce)
    try:
        while (message := child.receive()) is not None:
            yield from decode(message)
    finally:
        child.kill()  # it has ended, or makes what nobody wants any more


class Crew(Protocol[_Request_contra, _Reply_co]):
    """Takes requests and gives the replies in the same order."""

    capacity: int

    def submit(self, request: _Request_contra) -> None:
        """Begin a request."""

    def collect(self) -> _Reply_co:
        """Return the reply to the oldest request that has none yet, waiting for it."""

    def close(self) -> None:
        """End the processes after what they are doing."""


class InlineCrew(Generic[_Request, _Reply]):
    """Does each request when it is submitted."""

    def __init__(self, work: Callable[[_Request], _Reply]) -> None:
        self.capacity = 1
        self._work = work
        self._replies: deque[_Reply] = deque()

    def submit(self, request: _Request) -> None:
        """Do the request."""
        self._replies.append(self._work(request))

    def collect(self) -> _Reply:
        """Return the oldest reply."""
        return self._replies.popleft()

    def close(self) -> None:
        """Nothing to end."""


class ForkedCrew(Generic[_Request, _Reply]):
    """Does requests in *count* forked processes, in turn."""

    def __init__(
        self, work: Callable[[_Request], _Reply], request: Any, reply: Any, count: int
    ) -> None:
        decode = msgspec.msgpack.Decoder(request).decode

        def serve(requests: BinaryIO, out: int) -> None:
            encode = msgspec.msgpack.Encoder().encode
            while (message := _read_request(requests)) is not None:
                _write(out, _DATA, encode(work(decode(message))))

        self.capacity = 2 * count
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(reply).decode
        self._children: list[_Child] = []
        self._turn = 0
        self._waiting: deque[_Child] = deque()
        try:
            for _ in range(count):
                self._children.append(_Child(serve))
        except StorageUnavailableError:
            self.close()
            raise

    def submit(self, request: _Request) -> None:
        """Send the request to the process whose turn it is."""
        child = self._children[self._turn % len(self._children)]
        self._turn += 1
        self._waiting.append(child)
        child.send(self._encode(request))

    def collect(self) -> _Reply:
        """Return the oldest reply; an error of its process is raised here."""
        reply: _Reply = self._decode(self._waiting.popleft().receive() or b"")
        return reply

    def wait(self, seconds: float) -> bool:
        """Wait at most so long for the oldest reply; return whether it begins to arrive."""
        return self._waiting[0].is_ready(seconds)

    def close(self) -> None:
        """Let every process finish what it is doing, and wait for it."""
        for child in self._children:
            child.stop()

    def abandon(self) -> None:
        """End every process wherever it is: only for work that changes nothing."""
        for child in self._children:
            child.kill()


class Beside:
    """What can be done without, done in a forked process: this one goes on, and ends after it."""

    _going: ClassVar["_Child | None"] = None

    @classmethod
    def begin(cls, work: Callable[[], None]) -> None:
        """Begin some work when that which was begun before is done; it fails in silence."""
        cls.finish()
        with contextlib.suppress(StorageUnavailableError):
            cls._going = _Child(lambda *_: work())

    @classmethod
    def finish(cls) -> None:
        """Return when all that was begun is done."""
        going, cls._going = cls._going, None
        if going is not None:
            with contextlib.suppress(Exception):
                going.receive()
            going.stop()


@atexit.register
def _finish() -> None:
    with contextlib.suppress(KeyboardInterrupt):  # then it ends with this process
        Beside.finish()


class _Child:
    """A forked process with a pipe to it and one from it; it dies with this process."""

    _living: ClassVar[list["_Child"]] = []

    def __init__(self, main: _Main) -> None:
        requests, to_child = os.pipe()
        from_child, replies = os.pipe()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # closed by the caller
                with contextlib.suppress(OSError):
                    stream.flush()
        parent = os.getpid()
        # A signal in the moment of the fork must not run this process's handlers in the child.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _DECIDED_BY_PARENT)
        try:
            self._pid = os.fork()
            if self._pid == 0:
                _run_child(main, (requests, replies), (to_child, from_child), parent, before)
        except OSError as error:
            for handle in (to_child, from_child):
                os.close(handle)
            raise StorageUnavailableError(
                f"a worker process can't be started: {error.strerror}", "try --jobs 1"
            ) from error
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            os.close(requests)
            os.close(replies)
        for pipe in (to_child, from_child):
            with contextlib.suppress(OSError):  # a batch fits, so that neither waits for the other
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
        os.set_blocking(to_child, False)
        self._out, self._in = to_child, from_child
        self._buffer = bytearray()
        self._living.append(self)

    def send(self, message: bytes) -> None:
        """Send one message, taking in what the child sends meanwhile: neither waits for ever."""
        view = memoryview(_HEAD.pack(_DATA, len(message)) + message)
        poll = select.poll()
        poll.register(self._out, select.POLLOUT)
        poll.register(self._in, select.POLLIN)
        while view:
            for handle, _ in poll.poll():
                if handle == self._in:
                    self._fill()
                else:
                    with contextlib.suppress(BlockingIOError):
                        view = view[self._write(view) :]

    def receive(self) -> bytes | None:
        """Return the next message, None at the end; an error of the child is raised."""
        while len(self._buffer) < _HEAD.size:
            self._fill()
        kind, length = _HEAD.unpack_from(self._buffer)
        end = _HEAD.size + length
        while len(self._buffer) < end:
            self._fill()
        message = bytes(self._buffer[_HEAD.size : end])
        del self._buffer[:end]
        if kind == _ERROR:
            raise _unpickled(message)
        return message if kind == _DATA else None

    def is_ready(self, seconds: float) -> bool:
        """Whether there is something to receive within *seconds*."""
        if self._buffer:
            return True
        poll = select.poll()
        poll.register(self._in, select.POLLIN)
        return bool(poll.poll(1000 * seconds))

    def stop(self) -> None:
        """Tell the child that there is no more to do, and wait for it."""
        if self._pid:
            self.close_pipes()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._pid, 0)
            self._pid = 0
            self._living.remove(self)

    def kill(self) -> None:
        """End the child wherever it is."""
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self.stop()

    def close_pipes(self) -> None:
        """Close this end of both pipes."""
        os.close(self._out)
        os.close(self._in)

    @classmethod
    def let_go_of_all(cls) -> None:
        """In a child: close the pipes of those forked before, which only the parent may hold."""
        for child in cls._living:
            child.close_pipes()
        cls._living.clear()

    def _write(self, view: memoryview) -> int:
        try:
            return os.write(self._out, view)
        except BrokenPipeError:
            raise _died() from None

    def _fill(self) -> None:
        found = os.read(self._in, _PIPE_SIZE)
        if not found:
            raise _died()
        self._buffer += found


def _died() -> StorageUnavailableError:
    return StorageUnavailableError("a worker process was killed", "is there enough memory?")


def _run_child(
    main: _Main,
    mine: tuple[int, int],
    parents: tuple[int, int],
    parent: int,
    mask: Iterable[int],
) -> NoReturn:
    """Run *main* and leave without ever returning into the parent's code."""
    try:
        for number in _DECIDED_BY_PARENT:
            signal.signal(number, signal.SIG_IGN)  # the parent decides when the work ends
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        _die_with_parent(parent)
        for handle in parents:
            os.close(handle)
        _Child.let_go_of_all()
        requests, out = mine
        try:
            with os.fdopen(requests, "rb") as reading:
                main(reading, out)
            _write(out, _END, b"")
        except BrokenPipeError:
            pass  # the parent wants no more
        except BaseException as error:  # noqa: BLE001 - raised again in the parent
            _write(out, _ERROR, _pickled(error))
    finally:
        os._exit(0)


def _die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent dies: PR_SET_PDEATHSIG of prctl(2)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before that
        os._exit(0)


def _pickled(error: BaseException) -> bytes:
    """Return an error as bytes that can be read back; a bug with its traceback as a note."""
    import pickle
    import traceback

    if isinstance(error, FileorgError):  # whose arguments are not those of its class
        return pickle.dumps((type(error), error.args, vars(error)))
    error.add_note("".join(traceback.format_exception(error)))
    try:
        message = pickle.dumps(error)
        _unpickled(message)
    except Exception:  # noqa: BLE001 - whatever an error does when it is copied
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return message


def _unpickled(message: bytes) -> BaseException:
    import pickle

    found = pickle.loads(message)  # noqa: S301 - written by our own child
    if isinstance(found, BaseException):
        return found
    kind, args, state = found
    error: BaseException = kind.__new__(kind)
    error.args = args
    vars(error).update(state)
    return error


def _write(handle: int, kind: bytes, message: bytes) -> None:
    view = memoryview(_HEAD.pack(kind, len(message)) + message)
    while view:
        view = view[os.write(handle, view) :]


def _read_request(pipe: BinaryIO) -> bytes | None:
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    message = pipe.read(_HEAD.unpack(head)[1])
    return message if len(message) == _HEAD.unpack(head)[1] else None
