"""The text files that came with a message."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.model import File

log = logging.getLogger(__name__)

LARGEST = 1_000_000  # bytes of one file
MOST = 5  # files of one message
TIMEOUT = aiohttp.ClientTimeout(total=20)
TEXTS = ("text/", "application/json", "application/xml", "application/rss", "application/atom")
NAMES = (".opml", ".xml", ".txt", ".md", ".html", ".htm", ".json", ".csv")


async def fetch(
    sent: Iterable[Mapping[str, Any]], *, token: str, api: str, proxy: str | None
) -> tuple[File, ...]:
    """The files that are text and small, downloaded with the token. Others, and those that cannot
    be had, are left out.

    Source: https://docs.slack.dev/reference/objects/file-object
    """
    wanted = [file for file in sent if _wanted(file, api)][:MOST]
    if not wanted:
        return ()
    headers = {"Authorization": f"Bearer {token}"}
    found = []
    async with aiohttp.ClientSession(headers=headers, timeout=TIMEOUT) as session:
        for file in wanted:
            body = await _download(session, _address(file), proxy)
            if body is not None:
                kind = str(file.get("mimetype") or "text/plain")
                found.append(File(name=str(file.get("name", "")), content_type=kind, body=body))
    return tuple(found)


async def _download(session: aiohttp.ClientSession, url: str, proxy: str | None) -> bytes | None:
    try:
        async with session.get(url, proxy=proxy, allow_redirects=False) as answer:
            if answer.status != 200:
                log.warning("slack.file_refused status=%d", answer.status)
                return None
            body = bytearray()
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > LARGEST:
                    return None
            return bytes(body)
    except (aiohttp.ClientError, OSError) as error:
        log.warning("slack.file_failed error=%s", type(error).__name__)
        return None


def _wanted(file: Mapping[str, Any], api: str) -> bool:
    kind, name = str(file.get("mimetype", "")), str(file.get("name", "")).lower()
    texts = kind.startswith(TEXTS) or kind.endswith("+xml") or name.endswith(NAMES)
    return texts and (file.get("size") or 0) <= LARGEST and _ours(_address(file), api)


def _address(file: Mapping[str, Any]) -> str:
    return str(file.get("url_private_download") or file.get("url_private") or "")


def _ours(url: str, api: str) -> bool:
    """Whether the token may go to an address: Slack's own hosts, or where the Web API is."""
    try:
        there, here = urlsplit(url), urlsplit(api)
        own = (there.scheme, there.hostname, there.port) == (here.scheme, here.hostname, here.port)
    except ValueError:
        return False
    slack = there.scheme == "https" and (there.hostname or "").endswith(".slack.com")
    return own or (slack and there.port in (None, 443))
