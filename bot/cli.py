"""The command line. Nothing heavy is imported before a command needs it: help comes at once.

Exit codes: 0 done, 1 it failed (one sentence on standard error says why and what to do), 2 wrong
use. A traceback appears with --debug only.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot import __version__
from bot.errors import BotError, ConfigError, UserError

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - its only name


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="digestbot",
        description="Bilingual news digests with every figure checked against its source.",
        epilog="Settings come from the environment and .env: see .env.example.",
    )
    top.add_argument("--version", action="version", version=f"digestbot {__version__}")
    top.add_argument("--debug", action="store_true", help="show tracebacks and the debug log")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _running(commands)
    _reading(commands)
    _keeping(commands)
    return top


def _running(commands: "_Commands") -> None:
    commands.add_parser("run", help="start the bot: Telegram, Slack or, without tokens, here")
    demo = commands.add_parser("demo", help="digest bundled news and ask two questions")
    demo.add_argument("--langs", type=_langs, default=None, help="two languages (default: ja,en)")


def _reading(commands: "_Commands") -> None:
    digest = commands.add_parser("digest", help="digest a file, a page, a feed or standard input")
    digest.add_argument("target", help="a file, an http(s) URL, or - for standard input")
    digest.add_argument("--langs", type=_langs, default=None, help="one or two languages: ja,en")
    digest.add_argument("--stories", type=_positive, default=5, help="at most so many (5)")
    digest.add_argument("--json", action="store_true", help="the digest as data")
    ask = commands.add_parser("ask", help="ask a question about a file, a page or a feed")
    ask.add_argument("target", help="a file, an http(s) URL, or - for standard input")
    ask.add_argument("question", help="for example: 'How many chips?'")
    ask.add_argument(
        "--lang", type=_lang, default=None, help="language of the answer (the question's)"
    )
    figures = commands.add_parser("figures", help="the figures of a text")
    figures.add_argument("file", nargs="?", default="-", help="a text file (standard input)")
    figures.add_argument(
        "--lang", type=_lang, default=None, help="language of the text (found by its script)"
    )
    figures.add_argument("--to", type=_lang, default="en", help="language to say them in (en)")
    figures.add_argument(
        "--jsonl",
        action="store_true",
        help='read lines {"id","lang"?,"text"}, write lines {"id","figures"}',
    )


def _keeping(commands: "_Commands") -> None:
    sources = commands.add_parser("sources", help="the shared catalogue of sources")
    actions = sources.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="all sources with their health")
    add = actions.add_parser("add", help="add a feed after fetching it once")
    add.add_argument("url", help="a feed, a page, or what recipes know: r/LocalLLaMA, arxiv:cs.CL")
    add.add_argument("--page", action="store_true", help="watch the headlines of a page itself")
    take = actions.add_parser("import", help="add the feeds of an OPML file or a list of URLs")
    take.add_argument("file", help="a file, or - for standard input")
    actions.add_parser("export", help="the catalogue as OPML")
    starter = actions.add_parser("starter", help="add from the list that comes with the program")
    starter.add_argument("topic", nargs="?", default="", help="a topic, or all (without: topics)")
    zone = actions.add_parser("zone", help="read a source's dates without a zone in this one")
    zone.add_argument("which", help="its number or URL")
    zone.add_argument("zone", help="such as Asia/Tokyo")
    test = actions.add_parser("test", help="show what a feed or page gives, without adding it")
    test.add_argument("target", metavar="URL|FILE", help="an http(s) URL, a file, or -")
    test.add_argument("--json", action="store_true", help="the same as data")
    remove = actions.add_parser("remove", help="remove a source by its number or URL")
    remove.add_argument("which")
    commands.add_parser("subscriptions", help="who gets digests, and when next")
    commands.add_parser("migrate", help="bring the database to this program's schema")
    commands.add_parser("doctor", help="check settings, database, tokens and model")


def _langs(value: str) -> tuple[str, ...]:
    from bot.model import LANGS

    langs = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    if not 1 <= len(langs) <= 2 or any(lang not in LANGS for lang in langs):
        raise argparse.ArgumentTypeError(f"one or two of {', '.join(LANGS)}, such as ja,en")
    return langs


def _lang(value: str) -> str:
    from bot.model import LANGS

    if value not in LANGS:
        raise argparse.ArgumentTypeError(f"one of {', '.join(LANGS)}")
    return value


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError("a number from 1")
    return int(value)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = parser().parse_args(argv)
    try:
        from bot import tasks

        return tasks.run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us went away: nothing to say, and to nobody
        return 0
    except BotError as error:
        if arguments.debug:
            raise
        print(f"digestbot: {_sentence(error)}", file=sys.stderr)
        return 2 if isinstance(error, ConfigError) else 1
    except Exception as error:
        if arguments.debug:
            raise
        from bot.observe import Mask

        what = Mask().hide(f"{type(error).__name__}: {error}")
        print(
            f"digestbot: something unexpected went wrong ({what}). "
            "Run it again with --debug to see where.",
            file=sys.stderr,
        )
        return 1


def _sentence(error: BotError) -> str:
    """What a person reads: the message, or the phrase that a mistake of theirs names."""
    if isinstance(error, UserError):
        from bot import phrases

        return phrases.say("en", error.key, **error.arguments)
    return str(error)
