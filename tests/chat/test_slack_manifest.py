"""The manifest asks for what the code uses and for nothing else."""

from pathlib import Path

from bot.chat.slack import inbound
from tests.servers.slack import manifest
from tests.servers.slack_methods import METHODS
from tests.servers.slack_world import MANIFEST

SOURCE = "\n".join(p.read_text("utf-8") for p in Path(inbound.__file__).parent.glob("*.py"))
# What an event needs. Source: https://docs.slack.dev/reference/events
SCOPES = {
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "member_joined_channel": {"channels:read", "groups:read"},
    **{f"channel_{what}": {"channels:read"} for what in "left archive unarchive deleted".split()},
    **{f"group_{what}": {"groups:read"} for what in "left archive unarchive deleted".split()},
}
# The read-back of a post needs the history scopes, which the message events bring along.
OF_METHODS = {
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "users.info": {"users:read"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
}


def used() -> set[str]:
    """The methods that the code names."""
    return {method for method in METHODS if f'"{method}"' in SOURCE}


def test_the_events_are_those_that_are_read() -> None:
    messages = {"app_mention", "message.channels", "message.groups", "message.im"}
    assert {"app_mention", "message"} == inbound.MESSAGES
    assert manifest()["events"] == messages | inbound.ADDED | inbound.REMOVED


def test_the_scopes_are_those_of_the_events_methods_commands_and_files() -> None:
    assert used() == OF_METHODS.keys()
    needed = {"commands", "files:read"}
    for event in manifest()["events"]:
        needed |= SCOPES[event]
    for method in used():
        needed |= OF_METHODS[method]
    assert manifest()["scopes"] == needed


def test_there_is_one_command() -> None:
    assert manifest()["commands"] == {"/news"}


def test_it_is_for_socket_mode_with_buttons_and_direct_messages() -> None:
    text = MANIFEST.read_text("utf-8")
    for line in (
        "socket_mode_enabled: true",
        "is_enabled: true",
        "messages_tab_enabled: true",
        "messages_tab_read_only_enabled: false",
    ):
        assert line in text
