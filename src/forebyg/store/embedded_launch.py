"""Become the server: drop to an account, ask to be ended with the launcher, and turn into the program.

Run as a program of its own, because the kernel forgets the wish of `prctl` when the user changes, and because the account may
not be able to run this Python: the drop must come after Python started and before PostgreSQL does.

Arguments: uid gid launcher-pid program [argument …]. A launcher-pid of 0 asks for no end together.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def _become(uid: int, gid: int, launcher: int, command: list[str]) -> None:
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    if launcher and sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != launcher:
            sys.exit("the launcher ended before the server began")
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    _become(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
