"""How fast the program starts and how much memory it takes."""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import line

ROUNDS = 7


def main() -> None:
    bare = median([sys.executable, "-c", "pass"])
    cli = median([sys.executable, "-c", "import bot.cli"])
    line("import bot.cli, over bare Python", cli - bare, "ms", target=150, at_most=True)
    figures = median([sys.executable, "-c", "import bot.figures"])
    line("import bot.figures, over bare Python", figures - bare, "ms", target=50, at_most=True)
    shown = median([sys.executable, "-m", "bot", "--help"])
    line("digestbot --help", shown, "ms", target=300, at_most=True)
    line(
        "digestbot demo", _once([sys.executable, "-m", "bot", "demo"]), "s", target=5, at_most=True
    )
    line(
        "memory of an idle run, both platforms", asyncio.run(idle()), "MB", target=150, at_most=True
    )


def median(command: list[str]) -> float:
    """Milliseconds of the median run, from bytecode, as an installed program starts: the run that
    compiles is not counted, whatever this shell says of writing bytecode."""
    compiled = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        compiled["PYTHONPYCACHEPREFIX"] = folder
        _once(command, compiled)
        return statistics.median(_once(command, compiled) * 1000 for _ in range(ROUNDS))


def _once(command: list[str], environment: dict[str, str] | None = None) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - began


async def idle() -> float:
    """Resident megabytes of `digestbot run` with Telegram and Slack connected (loopback)."""
    from bot import wiring
    from tests.servers.slack import SlackServer
    from tests.servers.telegram import TelegramServer

    async with TelegramServer(clock=wiring.now) as telegram, SlackServer(clock=wiring.now) as slack:
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                **os.environ,
                "TELEGRAM_BOT_TOKEN": telegram.token,
                "TELEGRAM_API_BASE": telegram.url,
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_BASE": slack.url,
                "DATABASE_URL": str(Path(folder) / "idle.db"),
                "OPERATORS": "telegram:1",
            }
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                env=environment,
                cwd=folder,
                stderr=asyncio.subprocess.DEVNULL,
            )
            await asyncio.sleep(8)
            megabytes = resident(process.pid)
            process.terminate()
            await process.wait()
    return megabytes


def resident(pid: int) -> float:
    """Resident megabytes of a process."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(next(x for x in status.splitlines() if x.startswith("VmRSS")).split()[1]) / 1024
