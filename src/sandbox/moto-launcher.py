"""Runs moto on a loopback port that the kernel picks; ends with its parent, however that one ends.

The parent holds the other end of standard input: at its death, kill -9 included, the kernel closes it.
"""

import os
import sys
import threading


def end_with_parent() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()

from moto import server  # noqa: E402 (the import takes a second; the watch must stand before)

# Its own handler lets the interpreter wait a second for its threads.
server.signal_handler = lambda _signum, _frame: os._exit(0)
server.main(["-H", "127.0.0.1", "-p", "0"])
