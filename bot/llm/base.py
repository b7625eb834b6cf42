"""What every language model offers, how its failures are named, how many tokens a text takes."""

import math
import re
from datetime import timedelta
from typing import Final, Protocol

from bot.errors import BadReply, ModelError
from bot.model import Prompt, Reply, Usage
from bot.text import CJK

# Every code that a call can fail with, and whether the same call may succeed later.
TRANSIENT: Final = {
    "model.auth": False,  # the key is wrong, or may not use this model
    "model.quota": False,  # the account has no money left
    "model.rate_limited": True,  # come back after `retry_after`
    "model.timeout": True,
    "model.unreachable": True,  # no connection, or it broke before the answer
    "model.server": True,  # 5xx, or an answer that is not the protocol's
    "model.rejected": False,  # the endpoint understands no form of this request
    "model.not_found": False,  # no such model, or the address is not an API
    "model.truncated": False,  # the prompt or the reply did not fit
    "model.refused": False,
    "model.blank": True,
}

# Characters to a token, to be on the safe side (measured: English 5.0 for o200k; Japanese 1.25 to
# 1.40, Chinese 1.38 to 1.76 over the o200k, Qwen and DeepSeek vocabularies).
LATIN_PER_TOKEN: Final = 4.0
CJK_PER_TOKEN: Final = 1.2
# The same at their longest: what a prompt takes at least.
LATIN_PER_TOKEN_MOST: Final = 5.0
CJK_PER_TOKEN_MOST: Final = 1.6
CUT: Final = 0.7  # a prompt counted below this share of its least size was cut on the way

# Room for a model that thinks before it writes, added to a reply's limit once it has shown it.
THINKING_TOKENS: Final = 4_096

_CJK = re.compile(f"[{CJK}\u3000-\u303f\uff00-\uffef]")


class LLM(Protocol):
    """A language model that answers one prompt at a time and keeps no memory of it."""

    @property
    def name(self) -> str:
        """The model's name, as it is shown to readers and written into cache keys."""
        ...

    async def complete(self, prompt: Prompt) -> Reply:
        """The model's reply, its text free of thinking and fences, its usage as billed.

        Raises ModelError with a code of TRANSIENT, or BudgetExceeded. The reply is untrusted.
        """
        ...

    async def close(self) -> None:
        """Lets go of connections; the object is not used afterwards."""
        ...


class CallFailed(ModelError):
    """A call that gave no reply. `usage` is what it may have cost all the same: the tokens of
    attempts that were answered, and the estimate of those that broke after the request left."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        retry_after: timedelta | None = None,
        usage: Usage | None = None,
    ) -> None:
        super().__init__(
            message, code=code, transient=TRANSIENT.get(code, False), retry_after=retry_after
        )
        self.usage = usage or Usage()


class Unusable(CallFailed, BadReply):
    """The model answered, but with nothing to use: truncated, refused or blank."""


def add(a: Usage, b: Usage) -> Usage:
    """The tokens of two calls together; the cost where both are known."""
    cost = None if a.cost is None or b.cost is None else a.cost + b.cost
    return Usage(
        input=a.input + b.input, output=a.output + b.output, cached=a.cached + b.cached, cost=cost
    )


def estimate(text: str) -> int:
    """Tokens that a text takes, rounded up so that a reservation covers it.

    >>> estimate("four"), estimate("六文字の文章"), estimate("")
    (1, 5, 0)
    """
    latin, cjk = _count(text)
    return math.ceil(latin / LATIN_PER_TOKEN + cjk / CJK_PER_TOKEN)


def fits(text: str, counted: int) -> bool:
    """Whether an endpoint that counted so many prompt tokens can have seen the whole text: some
    cut a long prompt to their context size without a word.

    >>> fits("word " * 400, 410), fits("word " * 400, 200)
    (True, False)
    """
    latin, cjk = _count(text)
    least = latin / LATIN_PER_TOKEN_MOST + cjk / CJK_PER_TOKEN_MOST
    return counted >= CUT * least


def _count(text: str) -> tuple[int, int]:
    cjk = len(_CJK.findall(text))
    return len(text) - cjk, cjk
