"""JSON that many rows share, stored once under its hash."""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import codec
from bot.store.rows import insert_all
from bot.store.tables import blobs


async def put(connection: AsyncConnection, values: Sequence[object], hint: Any) -> list[str]:
    """The hashes under which values of a type are stored, in their order."""
    payloads = [codec.dumps(value, hint) for value in values]
    hashes = [sha256(payload.encode()).hexdigest() for payload in payloads]
    rows = [{"hash": h, "payload": p} for h, p in zip(hashes, payloads, strict=True)]
    await insert_all(connection, blobs, rows, keys=["hash"])
    return hashes


async def get(connection: AsyncConnection, hashes: Collection[str], hint: Any) -> dict[str, Any]:
    """The values stored under these hashes."""
    statement = select(blobs).where(blobs.c.hash.in_(list(hashes)))
    rows = (await connection.execute(statement)).all()
    return {row.hash: codec.loads(row.payload, hint) for row in rows}
