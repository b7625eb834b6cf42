"""A chain answers with the first model that can."""

from datetime import timedelta

import pytest

from bot.errors import BudgetExceeded, ModelError
from bot.llm import Chain
from bot.model import Prompt
from tests.conftest import NOW
from tests.fakes import FakeClock, FakeLLM

PROMPT = Prompt(name="s", version="1", system="a", user="b")


async def test_the_next_model_answers_when_the_first_cannot() -> None:
    first = FakeLLM([BudgetExceeded("x"), ModelError(code="model.refused"), "mine"], name="one")
    second = FakeLLM(["theirs"], name="two", repeat=True)
    chain = Chain([first, second], clock=FakeClock(NOW))
    assert chain.name == "one+two"
    replies = [await chain.complete(PROMPT) for _ in range(3)]
    assert [r.model for r in replies] == ["two", "two", "one"]
    await chain.close()
    assert first.closed
    assert second.closed


@pytest.mark.parametrize(
    ("error", "rest"),
    [
        (ModelError(code="model.auth"), timedelta(minutes=5)),
        (ModelError(code="model.rate_limited", retry_after=timedelta(hours=1)), timedelta(hours=1)),
        (BudgetExceeded("x", retry_after=timedelta(hours=2)), timedelta(hours=2)),
    ],
)
async def test_a_model_whose_failure_recurs_rests(error: ModelError, rest: timedelta) -> None:
    clock = FakeClock(NOW)
    first, second = FakeLLM([error, "back"]), FakeLLM(["x"], repeat=True)
    chain = Chain([first, second], clock=clock)
    for _ in range(3):
        await chain.complete(PROMPT)
    assert len(first.history) == 1
    clock.move(rest)
    assert (await chain.complete(PROMPT)).text == "back"


async def test_when_all_rest_all_are_tried_and_the_last_failure_is_raised() -> None:
    first = FakeLLM([ModelError(code="model.quota")], repeat=True)
    second = FakeLLM([ModelError(code="model.auth")], repeat=True)
    chain = Chain([first, second], clock=FakeClock(NOW))
    for _ in range(2):
        with pytest.raises(ModelError) as caught:
            await chain.complete(PROMPT)
        assert caught.value.code == "model.auth"
    assert (len(first.history), len(second.history)) == (2, 2)


def test_an_empty_chain_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Chain([], clock=FakeClock(NOW))
