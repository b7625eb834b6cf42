"""The ledger of what the language model has cost."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from bot.model import Usage
from bot.store.rows import Rows
from bot.store.tables import usage

# Prices are per million tokens, in cents or parts of one: a picodollar is fine enough for one
# token of any, and nine million dollars still fit a 64-bit sum.
PICODOLLAR = Decimal("1e-12")


class Usages(Rows):
    """Calls of the model, each with its tokens and cost."""

    async def add(
        self,
        at: datetime,
        model: str,
        purpose: str,
        workspace_id: str | None,
        used: Usage,
        ok: bool,
    ) -> None:
        """Book one call; None is a call for no one workspace."""
        row = {
            "at": at,
            "model": model,
            "purpose": purpose,
            "workspace_id": workspace_id,
            "input": used.input,
            "output": used.output,
            "cached": used.cached,
            "cost": None if used.cost is None else int((used.cost / PICODOLLAR).to_integral()),
            "ok": ok,
        }
        await self._connection.execute(usage.insert().values(row))

    async def spent(self, since: datetime, workspace_id: str | None = None) -> tuple[int, Decimal]:
        """Tokens (in and out) and US dollars booked from `since` on, of one workspace or, with
        None, of all. A call of unknown cost counts its tokens alone."""
        statement = select(
            func.coalesce(func.sum(usage.c.input + usage.c.output), 0),
            func.coalesce(func.sum(usage.c.cost), 0),
        ).where(usage.c.at >= since)
        if workspace_id is not None:
            statement = statement.where(usage.c.workspace_id == workspace_id)
        tokens, cost = (await self._connection.execute(statement)).one()
        return int(tokens), Decimal(int(cost)) * PICODOLLAR
