"""Runs a command on a terminal of its own: terminal.py COLUMNS COMMAND ARGUMENT...

What is written to our standard input is typed there, what appears there comes out of our standard output. Ends as the
command ends, with 128 + number where a signal ended it.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios

columns, command = int(sys.argv[1]), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))

typed = [sys.stdin.fileno()]
while True:
    ready, _, _ = select.select([terminal, *typed], [], [])
    if terminal in ready:
        try:
            shown = os.read(terminal, 65536)
        except OSError:
            shown = b""
        if not shown:
            break
        os.write(sys.stdout.fileno(), shown)
    for source in typed[:]:
        if source in ready:
            keys = os.read(source, 65536)
            if keys:
                os.write(terminal, keys)
            else:
                typed.remove(source)
_, status = os.waitpid(child, 0)
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
