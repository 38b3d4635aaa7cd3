"""The one place where operating system errors become reasons."""

import errno

from fileorg.errors import StorageError
from fileorg.model.reason import Reason

_REASONS = {
    errno.ENOENT: Reason.VANISHED,
    errno.EEXIST: Reason.TARGET_EXISTS,
    errno.EXDEV: Reason.CROSSES_DEVICES,
    errno.ELOOP: Reason.FOLDER_GONE,
    errno.ENOTDIR: Reason.FOLDER_GONE,
    errno.ENOTEMPTY: Reason.NOT_EMPTY,
    errno.ENAMETOOLONG: Reason.NAME_TOO_LONG,
    errno.EINVAL: Reason.BAD_NAME,
    errno.EILSEQ: Reason.BAD_NAME,
    errno.EACCES: Reason.PERMISSION,
    errno.EPERM: Reason.PERMISSION,
    errno.EROFS: Reason.READ_ONLY,
    errno.ENOSPC: Reason.DISK_FULL,
    errno.EDQUOT: Reason.DISK_FULL,
    errno.ENOTCONN: Reason.DISK_GONE,  # FUSE, whose process has ended
    errno.ECONNABORTED: Reason.DISK_GONE,
    errno.ESHUTDOWN: Reason.DISK_GONE,
    errno.EHOSTDOWN: Reason.DISK_GONE,
    errno.ENODEV: Reason.DISK_GONE,
    errno.EBUSY: Reason.MOUNT,  # rename(2), rmdir(2): something is mounted on it
    errno.ETXTBSY: Reason.BUSY,
    errno.EFBIG: Reason.UNSUPPORTED,
    errno.EMLINK: Reason.UNSUPPORTED,
    errno.EOPNOTSUPP: Reason.UNSUPPORTED,
    errno.ENOSYS: Reason.UNSUPPORTED,
}
_NO_CONTENT = {errno.EISDIR, errno.ESPIPE}  # a folder, a FIFO


def translated(error: OSError) -> StorageError:
    """Return *error* as a `StorageError`: the reason, and the system's words as detail."""
    reason = _REASONS.get(error.errno or 0, Reason.IO_ERROR)
    return StorageError(reason, error.strerror or str(error))


def about_target(error: OSError) -> StorageError:
    """Translate an error of making something: what is gone is the folder for it."""
    failure = translated(error)
    if failure.reason is Reason.VANISHED:
        return StorageError(Reason.FOLDER_GONE, str(failure))
    return failure


def unread(error: OSError) -> StorageError:
    """Translate an error of reading: a folder or a FIFO is no file."""
    return StorageError(Reason.SPECIAL) if error.errno in _NO_CONTENT else translated(error)
