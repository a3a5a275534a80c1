"""The guard: a process that outlives a killed supervisor just long enough to end everything it started.

The guard leads a process group and every part of the stack is started into that group. Its standard input is a pipe
whose other end only the supervisor holds, so end of file means that the supervisor is gone, however it went.
Run as a script, with the temporary folder to remove at the end if there is one. It imports nothing of the project and
so starts in milliseconds.
"""

import os
import shutil
import signal
import sys


def main(folders: list[str]) -> None:
    """Wait for the supervisor's end, then kill the whole group, this process included, and remove `folders`."""
    sys.stdin.buffer.read()
    group = os.getpgrp()
    # The leader of a group cannot leave it, but its child can.
    if os.fork():
        signal.pause()
    os.setpgid(0, 0)
    os.killpg(group, signal.SIGKILL)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
