#!/usr/bin/env python3
"""Runs a command at a terminal of its own and answers its prompts: keyboard [--ahead] ANSWER... -- COMMAND...

An answer is typed once there is a prompt and the terminal has stopped to echo. `^C` as an answer interrupts, an answer that
ends in `^D` ends the input there instead of the line; backslash escapes stand for keys. With --ahead only the first answer waits,
the others follow once nothing has been shown for 50 ms. Everything that the terminal shows is printed, the sequence that clears
the screen as `<clear>` on a line of its own; the exit status is the command's, or 128 and its signal. A command that asks for
more than there are answers finds the terminal closed.
"""

import os
import pty
import select
import signal
import sys
import termios
import time

PATIENCE = 20
CLEAR = "\x1b[H\x1b[2J\x1b[3J"


def echoes(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def drain(terminal, seconds):
    shown = b""
    while select.select([terminal], [], [], seconds)[0]:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    return shown


def keys(answer):
    if answer == "^C":
        return b"\x03"
    text = answer.encode("latin-1", "backslashreplace").decode("unicode_escape").encode()
    return text[:-2] + b"\x04" if text.endswith(b"^D") else text + b"\n"


def wait_for_prompt(terminal, shown):
    deadline = time.monotonic() + PATIENCE
    while echoes(terminal) or not shown.endswith(b": "):
        if time.monotonic() > deadline:
            break
        piece = drain(terminal, 0.02)
        shown += piece
    return shown


def main():
    split = sys.argv.index("--")
    answers, command = sys.argv[1:split], sys.argv[split + 1 :]
    ahead = answers[0] == "--ahead"
    if ahead:
        answers = answers[1:]
    # Whoever started this may have blocked the interrupt, and a child inherits that.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    shown = b""
    try:
        for number, answer in enumerate(answers):
            if ahead and number:
                shown += drain(terminal, 0.05)
            else:
                shown += wait_for_prompt(terminal, b"")
            os.write(terminal, keys(answer))
    except (OSError, termios.error):
        pass  # the command has ended before the last answer
    # One more prompt, and nobody to answer it.
    shown += drain(terminal, 1)
    if not shown.endswith(b": "):
        shown += drain(terminal, 30)
    os.close(terminal)
    sys.stdout.write(shown.decode().replace("\r\n", "\n").replace(CLEAR, "<clear>\n"))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    sys.exit(code if code >= 0 else 128 - code)


main()
