"""What holds for all tests."""

import signal

from tests.servers.fixtures import (  # noqa: F401 - given to every test
    _ministack,
    _programs,
    aws,
    bucket,
    control,
    ministack,
    rclone,
    rclone_tls,
    server,
)

# A shell has what it starts in the background ignore Ctrl-C, and so would all that tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
