"""Reservation before the call, settlement after it, caps by day and by owner."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.errors import BudgetExceeded, ModelError
from bot.llm.base import CallFailed, add, estimate
from bot.llm.budget import Budget, Caps, Price, cost_of, price_of, prices
from bot.model import Prompt, Reply, Usage
from tests.conftest import NOW
from tests.fakes import Answer, FakeClock, FakeLedger, FakeLLM

PROMPT = Prompt(name="s", version="1", system="a" * 400, user="b" * 400, max_tokens=100)
PRICES = {"fake": Price(input=Decimal(1), output=Decimal(10), cached=Decimal("0.5"))}
WORST = 364  # 200 tokens of text, 64 of frame, 100 of reply


def budget(
    *replies: Answer,
    caps: Caps = Caps(),  # noqa: B008 - frozen
    repeat: bool = False,
    delay: float = 0,
    concurrency: int = 8,
) -> tuple[Budget, FakeLLM, FakeLedger, FakeClock]:
    llm = FakeLLM(replies, repeat=repeat, delay=delay)
    ledger, clock = FakeLedger(), FakeClock(NOW)
    purse = Budget(
        llm,
        ledger=ledger,
        clock=clock,
        caps=caps,
        prices=PRICES,
        concurrency=concurrency,
        headroom=0,
    )
    return purse, llm, ledger, clock


def reply(input: int = 150, output: int = 40, cached: int = 100) -> Reply:  # noqa: A002
    return Reply(text="{}", model="fake", usage=Usage(input=input, output=output, cached=cached))


async def test_the_ledger_ends_with_what_was_used() -> None:
    purse, _, ledger, _ = budget(reply())
    got = await purse.complete(PROMPT)
    assert got.usage.cost == Decimal("0.0005")
    assert await ledger.spent(NOW) == (190, Decimal("0.0005"))
    assert ledger.rows[0][4].input + ledger.rows[0][4].output == WORST
    assert ledger.rows[0][1:4] == ("fake", "s", None)
    assert purse.name == "fake"


async def test_an_exact_reservation_needs_no_correction() -> None:
    purse, _, ledger, _ = budget(reply(264, 100, 0))
    await purse.complete(PROMPT)
    assert len(ledger.rows) == 1


@pytest.mark.parametrize(
    "caps", [Caps(tokens=WORST + 189), Caps(cost=Decimal("0.0015")), Caps(tokens=0)]
)
async def test_a_call_whose_worst_case_does_not_fit_is_not_made(caps: Caps) -> None:
    purse, llm, _, clock = budget(reply(), caps=caps, repeat=True)
    fits = 0 if caps.tokens == 0 else 1
    for _ in range(fits):
        await purse.complete(PROMPT)
    with pytest.raises(BudgetExceeded) as caught:
        await purse.complete(PROMPT)
    assert len(llm.history) == fits
    assert caught.value.retry_after == timedelta(hours=16, minutes=30)
    clock.move(timedelta(days=1))
    for _ in range(fits):
        await purse.complete(PROMPT)


async def test_callers_at_the_same_time_cannot_overrun_the_cap_together() -> None:
    purse, llm, ledger, _ = budget(
        reply(264, 100), caps=Caps(tokens=3 * WORST), repeat=True, delay=0.001
    )
    results = await asyncio.gather(
        *(purse.complete(PROMPT) for _ in range(20)), return_exceptions=True
    )
    assert len(llm.history) == 3
    assert sum(isinstance(r, BudgetExceeded) for r in results) == 17
    assert (await ledger.spent(NOW))[0] == 3 * WORST


async def test_calls_in_flight_are_bounded() -> None:
    purse, llm, _, _ = budget(reply(), repeat=True, delay=0.001, concurrency=2)
    await asyncio.gather(*(purse.complete(PROMPT) for _ in range(9)))
    assert llm.peak == 2


@pytest.mark.parametrize(
    ("error", "tokens"),
    [
        (ModelError(code="model.auth"), 0),
        (ModelError(code="model.timeout"), WORST),
        (CallFailed("x", code="model.rate_limited"), 0),
        (CallFailed("x", code="model.blank", usage=Usage(input=120, output=30)), 150),
        (RuntimeError("a fault of ours"), WORST),
    ],
)
async def test_a_failed_call_costs_what_it_may_have_cost(error: Exception, tokens: int) -> None:
    purse, _, ledger, _ = budget(error)
    with pytest.raises(type(error)):
        await purse.complete(PROMPT)
    assert (await ledger.spent(NOW))[0] == tokens


async def test_a_model_that_always_times_out_is_called_as_often_as_the_budget_allows() -> None:
    purse, llm, _, _ = budget(
        ModelError(code="model.timeout"), caps=Caps(tokens=4 * WORST), repeat=True
    )
    for _ in range(50):
        with pytest.raises(ModelError):
            await purse.complete(PROMPT)
    assert len(llm.history) == 4


async def test_an_owner_has_caps_of_its_own_inside_the_common_one() -> None:
    purse, llm, ledger, _ = budget(reply(264, 100), repeat=True, caps=Caps(tokens=5 * WORST))
    user = purse.charged_to("telegram:1/user:2", Caps(tokens=2 * WORST))
    for _ in range(2):
        await user.complete(PROMPT)
    with pytest.raises(BudgetExceeded):
        await user.complete(PROMPT)
    await purse.complete(PROMPT)
    assert len(llm.history) == 3
    assert (await ledger.spent(NOW))[0] == 3 * WORST
    assert (await ledger.spent(NOW, "telegram:1/user:2"))[0] == 2 * WORST
    await user.close()
    assert llm.closed


async def test_a_schema_is_part_of_the_worst_case() -> None:
    purse, _, ledger, _ = budget(ModelError(code="model.timeout"))
    with pytest.raises(ModelError):
        await purse.complete(
            Prompt(name="s", version="1", system="a", user="b", schema={"type": "object" * 50})
        )
    assert ledger.rows[0][4].input > 130


async def test_a_model_without_a_price_is_bounded_by_tokens() -> None:
    purse, _, ledger, _ = budget(Reply(text="{}", model="other", usage=Usage(input=5, output=5)))
    purse._prices = {}
    got = await purse.complete(PROMPT)
    assert got.usage.cost is None
    assert await ledger.spent(NOW) == (10, Decimal(0))


def test_prices_are_read_from_the_table() -> None:
    table = prices(
        {"m": {"input": 1.5, "output": 6, "cached": 0.15}, "m-mini": {"input": 1, "output": 2}}
    )
    assert price_of("m-2025-01-01", table) == table["m"]
    assert price_of("m-mini-2025", table) == table["m-mini"]
    assert price_of("mm", table) is None
    usage = Usage(input=1_000_000, output=1_000_000, cached=500_000)
    assert cost_of(usage, table["m"]) == Decimal("6.825")
    assert cost_of(usage, table["m-mini"]) == Decimal(3)
    assert cost_of(usage, None) is None


@pytest.mark.parametrize(
    "row", [{"input": "much", "output": 1}, {"input": 1}, {"input": -1, "output": 1}, {"in": 1}]
)
def test_an_unusable_price_is_named(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="'m'"):
        prices({"m": row})


def test_usages_add_up() -> None:
    one = Usage(input=1, output=2, cached=1, cost=Decimal(3))
    assert add(one, one) == Usage(input=2, output=4, cached=2, cost=Decimal(6))
    assert add(one, Usage()).cost is None


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("Apple trained the server model on chips of another maker. " * 20, 232),
        ("論文では次のように述べています。" * 20, 229),
        ("英伟达季度营收增长，数据中心业务创新高。" * 20, 227),
    ],
)
def test_the_estimate_covers_what_real_tokenizers_count(text: str, least: int) -> None:
    # `least`: English at 5.0 characters a token, Japanese at 1.40, Chinese at 1.76.
    assert least <= estimate(text) <= 1.8 * least
