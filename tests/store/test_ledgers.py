from decimal import Decimal

from bot.model import Usage
from bot.store import Store
from bot.store.audit import Entry
from tests.store.samples import MINUTE, NOW


async def test_a_cached_verdict_comes_back_whole_and_is_overwritten(opened: Store) -> None:
    payload = {"headline": {"ja": "見出し"}, "bullets": [1, 2.5, None, True], "ok": False}
    async with opened.begin() as tx:
        await tx.summaries.put("key", {"ok": True}, NOW)
        await tx.summaries.put("key", payload, NOW + MINUTE)
    async with opened.read() as tx:
        assert await tx.summaries.get("key") == payload
        assert await tx.summaries.get("other") is None


async def test_what_was_spent_adds_up_exactly_by_time_and_workspace(opened: Store) -> None:
    calls = [
        ("w1", Usage(input=100, output=20, cached=50, cost=Decimal("0.0000175"))),
        ("w1", Usage(input=1, output=0, cost=Decimal("0.000000000001"))),
        ("w2", Usage(input=7, output=3, cost=None)),
        (None, Usage(input=10, output=10, cost=Decimal("1.1"))),
    ]
    async with opened.begin() as tx:
        assert await tx.usage.spent(NOW) == (0, Decimal(0))
        for number, (owner, used) in enumerate(calls):
            await tx.usage.add(NOW + number * MINUTE, "model", "summary", owner, used, number != 1)
    async with opened.read() as tx:
        assert await tx.usage.spent(NOW) == (151, Decimal("1.100017500001"))
        assert await tx.usage.spent(NOW, "w1") == (121, Decimal("0.000017500001"))
        assert await tx.usage.spent(NOW, "w2") == (10, Decimal(0))
        assert await tx.usage.spent(NOW + MINUTE, "w1") == (1, Decimal("0.000000000001"))
        assert await tx.usage.spent(NOW + 4 * MINUTE) == (0, Decimal(0))


async def test_a_setting_is_kept_overwritten_and_removed(opened: Store) -> None:
    async with opened.begin() as tx:
        assert await tx.settings.get("offset") is None
        await tx.settings.put("offset", "1")
        await tx.settings.put("offset", "2")
        assert await tx.settings.get("offset") == "2"
        await tx.settings.put("offset", None)
        assert await tx.settings.get("offset") is None


async def test_the_audit_lists_the_last_entries_newest_first(opened: Store) -> None:
    async with opened.begin() as tx:
        await tx.audit.add(NOW, "u1", "source.add", "https://example.org", "w1")
        await tx.audit.add(NOW, "u2", "admit", "w2")
        await tx.audit.add(NOW, "u1", "source.remove", "s1", "w1")
    async with opened.read() as tx:
        assert [e.action for e in await tx.audit.list(9)] == [
            "source.remove",
            "admit",
            "source.add",
        ]
        assert await tx.audit.list(1, "w1") == [
            Entry(at=NOW, actor="u1", action="source.remove", detail="s1", workspace_id="w1")
        ]


async def test_what_somebody_did_since_then_is_counted(opened: Store) -> None:
    async with opened.begin() as tx:
        for minutes, actor, action in ((0, "8", "a"), (1, "8", "a"), (2, "9", "a"), (3, "8", "b")):
            at = NOW + minutes * MINUTE
            await tx.audit.add(at, actor=actor, action=action, detail="")
    async with opened.read() as tx:
        assert await tx.audit.count("8", "a", NOW) == 2
        assert await tx.audit.count("8", "a", NOW + MINUTE) == 1
        assert await tx.audit.count("7", "a", NOW) == 0
