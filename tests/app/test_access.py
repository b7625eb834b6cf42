"""Who may do what: the whole matrix of one function, and how a role is found."""

import itertools

import pytest

from bot.app.access import refusal, role
from bot.model import Author, Channel, Inbound, Platform, Role, Workspace
from tests.conftest import NOW

ROLES: tuple[Role, ...] = ("member", "admin", "operator")


def inbound(platform: Platform, workspace_id: str, who: str, said: Role = "member") -> Inbound:
    return Inbound(
        id="1",
        kind="text",
        channel=Channel(platform=platform, chat_id="c"),
        workspace_id=workspace_id,
        author=Author(id=who, role=said),
        received_at=NOW,
    )


@pytest.mark.parametrize(
    ("event", "operators", "found"),
    [
        (inbound("telegram", "telegram:5", "5"), {"telegram:5"}, "operator"),
        (inbound("telegram", "telegram:-9", "5", "admin"), {"telegram:6"}, "admin"),
        (inbound("telegram", "telegram:-9", "5"), {"telegram:6"}, "member"),
        (inbound("slack", "slack:T1", "U5"), {"slack:T1/U5"}, "operator"),
        (inbound("slack", "slack:T2", "U5"), {"slack:T1/U5"}, "member"),
        (inbound("slack", "slack:T2", "U5"), {"slack:U5"}, "member"),
        (inbound("slack", "slack:T2", "5"), {"telegram:5"}, "member"),
        (inbound("terminal", "terminal:local", "you", "operator"), set(), "operator"),
    ],
)
def test_an_operator_is_named_in_the_settings_or_sits_at_the_terminal(
    event: Inbound, operators: set[str], found: Role
) -> None:
    assert role(event, operators) == found


@pytest.mark.parametrize(
    ("who", "needed", "access"),
    list(itertools.product(ROLES, ROLES, ("pending", "admitted", "refused"))),
)
def test_what_is_not_allowed_is_refused_with_a_reason(who: Role, needed: Role, access: str) -> None:
    workspace = Workspace(id="w", platform="telegram", access=access)  # type: ignore[arg-type]
    why = refusal(who, needed, workspace)
    if who == "operator":
        assert why is None
    elif access != "admitted":
        assert why == {"pending": "no.admitted", "refused": "no.refused"}[access]
    elif ROLES.index(who) >= ROLES.index(needed):
        assert why is None
    else:
        assert why == ("no.operator" if needed == "operator" else "no.admin")
