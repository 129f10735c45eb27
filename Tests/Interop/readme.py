"""Runs the README's tutorial as it is printed, at a terminal, with keys of one's own."""

import hashlib
import json
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import time

import reference
from psec import tr31

PASSPHRASES = ["first custodian of the README", "second custodian of the README"]
PATIENCE = 60


def commands(readme):
    """The lines that begin with a dollar sign, in the blocks marked `console`."""
    for block in re.findall(r"```console\n(.*?)```", readme, flags=re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                yield line[2:]


def sample(readme, kind):
    return re.search(rf"```{kind}\n(.*?)```", readme, flags=re.DOTALL)[1]


def components(command):
    """Components of a made-up key for a `key import NAME --components N`, and the key that they give."""
    match = re.match(r"ipek key import (\S+) .*--components (\d+)", command)
    if not match:
        return [], b""
    parts, key = [], bytes(16)
    for number in range(1, int(match[2]) + 1):
        part = hashlib.sha256(f"ipek README {match[1]} component {number}".encode()).digest()[:16]
        parts.append(part.hex().upper())
        key = reference.xor(key, part)
    return parts, key


def answer(prompt, parts):
    """What a person would type at this prompt; None if it is no prompt."""
    if match := re.search(r"(?:custodian|passphrase) (\d)[^\n]*: ?$", prompt):
        return PASSPHRASES[int(match[1]) - 1]
    if match := re.search(r"component (\d)[^\n]*: ?$", prompt):
        return parts[int(match[1]) - 1]
    if match := re.search(r"(\d) of \d: name of the custodian: ?$", prompt):
        return f"custodian {match[1]} of the README"
    if match := re.search(r"serial number of the bag[^\n]*: ?$", prompt):
        return f"README-{hashlib.sha256(prompt.encode()).hexdigest()[:8]}"
    if re.search(r"press Enter[^\n]*: ?$", prompt):
        return ""
    return None


def at_terminal(command, parts, folder, environment):
    """Runs a command line under a terminal of its own and types what it asks for; its status and what was seen."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.execve("/bin/bash", ["bash", "-c", command], environment)
    seen, unanswered, deadline = "", "", time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.2)[0]:
            if (text := answer(unanswered, parts)) is not None:
                os.write(terminal, text.encode() + b"\n")
                unanswered = ""
            continue
        try:
            piece = os.read(terminal, 4096).decode(errors="replace")
        except OSError:  # the terminal is closed: the command has ended
            break
        seen += piece
        unanswered += piece
    else:
        os.kill(process, 9)
    os.close(terminal)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), seen


def prepare(readme, folder, binary):
    """What the tutorial takes for granted: the tool in the path, the manifest, and a key block from elsewhere."""
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    shutil.copy(binary, bin_folder / "ipek")
    (folder / "fleet.csv").write_text(sample(readme, "csv"), encoding="utf-8")
    kbpk = next(components(line)[1] for line in commands(readme) if line.startswith("ipek key import kbpk "))
    header = tr31.Header("B", "B0", "T", "X", "00", "E")
    block = tr31.wrap(kbpk, header, hashlib.sha256(b"ipek README bdk-2").digest()[:16])
    (folder / "bdk-2.tr31").write_text(block + "\n", encoding="ascii")
    return {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "TERM": "dumb"}


def tutorial_faults(root, binary, folder):
    readme = (root / "README.md").read_text(encoding="utf-8")
    environment = prepare(readme, folder, binary)
    for command in commands(readme):
        parts, key = components(command)
        if key:
            value = reference.check_value(key, True, "ANSI_X9_24", 3)
            if f"--expect-kcv {value}" not in command:
                yield f"{command}: the key of this test has check value {value}"
                return
        status, seen = at_terminal(command, parts, folder, environment)
        for secret in [*PASSPHRASES, *parts]:
            if secret in seen:
                yield f"{command}: a secret was echoed"
        if status != 0:
            yield f"{command}: status {status}: {seen}"
            return
    if not (folder / "run-1" / "SHA256SUMS").exists():
        yield "the tutorial's run is not there"


def fault_sample_faults(root, binary, site):
    """`ipek check` against the table of faults in samples/README.md: the same lines and columns, no more."""
    table = (root / "samples" / "README.md").read_text(encoding="utf-8").partition("## Faults")[2]
    expected = set()
    for lines, column in re.findall(r"^\| ([0-9, and]+) \| (\S+) \|", table, flags=re.MULTILINE):
        name = None if column == "-" else column.strip("`")
        expected |= {(int(line), name) for line in re.findall(r"\d+", lines)}
    command = [binary, "check", root / "samples" / "faults.csv", "--bdk", "bdk-tdes", "--kbpk", "kbpk-tdes"]
    result = subprocess.run([*command, "--site", site, "--json", "--all"], capture_output=True, text=True, check=False)
    if result.returncode != 65:
        yield f"status {result.returncode}, expected 65"
    diagnostics = json.loads(result.stdout)["diagnostics"]
    found = {(item["line"], item["column"]) for item in diagnostics if item["severity"] == "error"}
    for line, column in sorted(expected - found, key=str):
        yield f"line {line}: no fault in column {column} is found"
    for line, column in sorted(found - expected, key=str):
        yield f"line {line}: the fault in column {column} is not in samples/README.md"
    # What the README quotes is what the tool says.
    for line in (root / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("samples/faults.csv:") and line.removeprefix("samples/") not in result.stderr:
            yield f"the README quotes what the tool does not say: {line}"


def demo_faults(root, folder):
    """`make demo` without the build, in another folder; twice, since it must be harmless the second time."""
    for _ in range(2):
        result = subprocess.run(
            [root / "Scripts" / "demo", folder / "demo"], capture_output=True, text=True, check=False
        )
        if result.returncode != 0:
            yield f"status {result.returncode}: {result.stdout[-500:]} {result.stderr[-500:]}"
            return
    # The files that the last lines name are there.
    for line in result.stdout.splitlines()[-5:]:
        if not list(pathlib.Path("/").glob(line.split()[0].lstrip("/"))):
            yield f"not there: {line}"
