"""What runs under a process number. After a crash the number in a pid file may belong to a stranger."""

import subprocess
from pathlib import Path


def command_of(pid: str) -> str:
    """The command line of the process, empty when there is none."""
    if Path("/proc/self/cmdline").exists():
        try:
            return (Path("/proc") / pid / "cmdline").read_text(errors="replace").replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    return subprocess.run(["ps", "-o", "args=", "-p", pid], capture_output=True, text=True, check=False).stdout
