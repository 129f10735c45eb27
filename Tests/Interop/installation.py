"""What `make install` puts in place, and whether the manual page still says what the commands take."""

import json
import os
import re
import subprocess

INSTALLED = [
    "bin/ipek",
    "share/man/man1/ipek.1",
    "share/bash-completion/completions/ipek",
    "share/zsh/site-functions/_ipek",
    "share/fish/vendor_completions.d/ipek.fish",
]


def installation_faults(root, folder):
    command = ["make", "--silent", "install", f"DESTDIR={folder}", "PREFIX=/usr"]
    # Run from `make test`: what that make tells its children is none of this one's business.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        yield f"make install: status {result.returncode}: {result.stderr}"
        return
    found = sorted(str(path.relative_to(folder / "usr")) for path in folder.rglob("*") if path.is_file())
    if found != sorted(INSTALLED):
        yield f"expected {sorted(INSTALLED)}, found {found}"
        return
    version = subprocess.run([folder / "usr/bin/ipek", "--version"], capture_output=True, text=True, check=False).stdout
    if not re.fullmatch(r"ipek \d+\.\d+\.\d+\n", version):
        yield f"--version of the installed binary prints {version!r}"
    completion = folder / "usr/share/bash-completion/completions/ipek"
    if subprocess.run(["bash", "-n", completion], capture_output=True, check=False).returncode != 0:
        yield "the completion for bash is not bash"
    for name in INSTALLED[2:]:
        if "provision" not in (folder / "usr" / name).read_text(encoding="utf-8"):
            yield f"{name} does not know the command provision"


def manual_faults(root, binary):
    """Commands, options and their help, from the parser itself, against those of the committed page."""
    help_text = subprocess.run([binary, "--experimental-dump-help"], capture_output=True, text=True, check=True).stdout
    command = json.loads(help_text)["command"]
    page = (root / "docs" / "ipek.1").read_text(encoding="utf-8")
    expected = set(options(command))
    found = set(re.findall(r"^\.It Fl (?:\w , )?-([a-z0-9-]+)", page, flags=re.MULTILINE))
    stale = [f"does not have --{name}" for name in sorted(expected - found)]
    stale += [f"has --{name}, which no command takes" for name in sorted(found - expected)]
    lines = set(page.splitlines())
    stale += [f"does not have the command {name}" for name in commands(command) if f".It Em {name}" not in lines]
    stale += [f"does not say '{text}'" for text in sorted(set(explanations(command))) if text not in lines]
    for fault in stale:
        yield f"the manual page {fault}; `make manual` writes it anew"


def visible(items):
    return [item for item in items or [] if item.get("shouldDisplay", True)]


def options(command):
    for argument in visible(command.get("arguments")):
        yield from (name["name"] for name in argument.get("names") or [] if name["kind"] == "long")
    for child in visible(command.get("subcommands")):
        yield from options(child)


def explanations(command):
    """The help of every command and option, as far as it is one line without a backslash."""
    items = visible(command.get("arguments")) + visible(command.get("subcommands"))
    for text in (item.get("abstract") or "" for item in items):
        if text and "\\" not in text and "\n" not in text and not text.startswith((".", "'")):
            yield text
    for child in visible(command.get("subcommands")):
        yield from explanations(child)


def commands(command):
    for child in visible(command.get("subcommands")):
        yield child["commandName"]
        yield from commands(child)
