"""Who may do what: one function decides, by default no."""

from collections.abc import Collection

from bot.model import Inbound, Role, Workspace

RANK: dict[Role, int] = {"member": 0, "admin": 1, "operator": 2}


def role(inbound: Inbound, operators: Collection[str]) -> Role:
    """The role of who wrote: an operator by the settings (``telegram:123``, ``slack:T01/U012``),
    or whoever sits at the bot's own terminal; else what the platform says of that person there."""
    team = inbound.workspace_id.partition(":")[2]
    platform = inbound.channel.platform
    names = {f"{platform}:{inbound.author.id}", f"{platform}:{team}/{inbound.author.id}"}
    if platform == "slack":  # a Slack user id is unique in its team only
        names.discard(f"{platform}:{inbound.author.id}")
    if names & set(operators) or platform == "terminal":
        return "operator"
    return "admin" if inbound.author.role == "admin" else "member"


def refusal(who: Role, needed: Role, workspace: Workspace) -> str | None:
    """Why not, as a key of phrases; None means yes. A chat that is not admitted may do nothing,
    except that an operator may everywhere."""
    if who != "operator" and workspace.access != "admitted":
        return "no.refused" if workspace.access == "refused" else "no.admitted"
    if RANK[who] < RANK[needed]:
        return "no.operator" if needed == "operator" else "no.admin"
    return None
