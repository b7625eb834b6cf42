"""What hostile input would make a parser do, for worker processes to be put through."""

import os
from pathlib import Path
from time import sleep


def hang(mark: Path) -> None:
    """Leave the number of this process in a file and never end."""
    mark.write_text(str(os.getpid()))
    while True:
        sum(range(10_000))


def hog(size: int) -> int:
    """Take so many bytes."""
    return len(bytearray(size))


def die() -> None:
    """Bring the process down, as a fault in a C library would."""
    os.kill(os.getpid(), 9)


def rest(seconds: float) -> int:
    """Take so long, and tell the process."""
    sleep(seconds)
    return os.getpid()


def is_alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
