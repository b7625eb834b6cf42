"""The log: one line per event, secrets masked in every one, whatever library wrote it."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import TextIO

# Tokens as the platforms write them: they also stand in URLs inside exception texts.
_TOKENS = re.compile(
    r"bot\d+:[\w-]{20,}|\b\d{6,}:[\w-]{30,}|xox[abeoprs]-[\w-]+|xapp-[\w-]+|\bsk-[\w-]{8,}"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
_NOISY = (
    "httpx",
    "httpcore",
    "slack_sdk",
    "slack_bolt",
    "openai",
    "telegram",
    "apscheduler",
    "aiosqlite",
    "asyncio",
    "aiohttp.access",
    "trafilatura",
    "alembic",
    "httpx2",
)


class Mask(logging.Filter):
    """Replaces secrets in the finished line and in its traceback."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._known = sorted((s for s in secrets if len(s) >= 6), key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.hide(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.hide(record.exc_text)
        if record.stack_info:
            record.stack_info = self.hide(record.stack_info)
        return True

    def hide(self, line: str) -> str:
        for secret in self._known:
            line = line.replace(secret, "***")
        return _TOKENS.sub("***", line)


def set_up(level: str, *, secrets: Iterable[str] = (), stream: TextIO | None = None) -> Mask:
    """Log to `stream` (standard error) at `level`; libraries speak up from WARNING only."""
    mask = Mask(secrets)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    )
    handler.addFilter(mask)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    return mask
