"""Runs a program that ends when the process that started it does, even by SIGKILL.

python tied.py PID PROGRAM WORD...      PID: of the process it is tied to, its parent
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Become the program; the kernel keeps the tie."""
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        sys.exit("prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:  # it ended before the tie was made
        sys.exit("the process to be tied to has ended")
    os.execv(program[0], program)


if __name__ == "__main__":
    main()
