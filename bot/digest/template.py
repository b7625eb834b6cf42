"""A prompt's file: front matter, what stays the same for every call, what is filled for each one.

::

    ---
    name: summarize
    version: 1
    max_tokens: 1500
    ---
    rules, the shape of the reply, examples          (the stable prefix: providers cache it)
    === task ===
    {articles}  {task}                               (filled)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import ConfigError

TASK = "=== task ==="
_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`system` goes out as it stands; `user` holds slots: lower-case names in braces."""

    name: str
    version: str
    max_tokens: int
    system: str
    user: str

    @property
    def slots(self) -> frozenset[str]:
        return frozenset(_SLOT.findall(self.user))

    def fill(self, values: Mapping[str, str]) -> str:
        """The user's part with its slots filled, in one pass: braces inside a value stay as they
        are. Raises ConfigError for a slot without a value."""
        missing = sorted(self.slots - values.keys())
        if missing:
            raise ConfigError(f"prompt {self.name}: nothing fills {{{missing[0]}}}")
        return _SLOT.sub(lambda match: values[match[1]], self.user)


def parse(text: str) -> Template:
    """A template from the text of its file. Raises ConfigError that says what is wrong.

    >>> front = "---\\nname: s\\nversion: 2\\nmax_tokens: 9\\n---\\n"
    >>> t = parse(front + "Rules.\\n=== task ===\\n{a}!\\n")
    >>> t.system, t.fill({"a": "{b}"}), t.max_tokens
    ('Rules.', '{b}!', 9)
    """
    text = text.replace("\r\n", "\n")
    front = _FRONT.match(text)
    if front is None:
        raise ConfigError("a prompt begins with front matter between two lines of ---")
    pairs = (line.partition(":") for line in front[1].splitlines())
    fields = {key.strip(): value.strip() for key, colon, value in pairs if colon}
    missing = [key for key in ("name", "version", "max_tokens") if not fields.get(key)]
    if missing:
        raise ConfigError(f"the front matter of a prompt lacks {missing[0]}")
    if not re.fullmatch(r"[1-9]\d{0,5}", fields["max_tokens"]):
        raise ConfigError(f"prompt {fields['name']}: max_tokens is a whole number from 1")
    system, mark, user = text[front.end() :].partition(f"\n{TASK}\n")
    if not mark or not system.strip() or not user.strip():
        raise ConfigError(f"prompt {fields['name']}: rules, a line {TASK!r} and a task are needed")
    return Template(
        name=fields["name"],
        version=fields["version"],
        max_tokens=int(fields["max_tokens"]),
        system=system.strip(),
        user=user.strip(),
    )
