"""Whether another process has a file open for writing: asked of the kernel by a lease."""

import errno
import fcntl
import os
import signal
import sys

# Who opens the file in the moment of the lease has a signal sent to us. The usual SIGIO would end
# the process, in whichever thread it arrives; SIGURG is ignored where nobody has asked for it.
_SIGNAL = signal.SIGURG


def is_written(folder: int, name: bytes) -> bool:
    """Whether a regular file is open for writing anywhere; False also where that can't be told.

    See fcntl(2), F_SETLEASE: it can be told of one's own files on local file systems.
    """
    if sys.platform != "linux":
        return False
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(name, flags, dir_fd=folder)
    except OSError:
        return False
    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, _SIGNAL)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(handle)
    return False
