"""The command line, as a person types it: what it prints, its exit codes, its errors."""

import io
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.cli import main
from bot.ingest import opml
from bot.text import width

ROOT = Path(__file__).parents[1]
ARTICLE = """\
青葉電機、九州に電池工場を建設

青葉電機は5日、九州に電池工場を建設すると発表した。投資額は1,200億円で、350人を新たに雇用する。

同社の担当者は「投資額120億円の工場は来年稼働する」と述べた。生産能力は年18ギガワット時になる。
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own without settings: neither the machine's nor the checkout's count."""
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def run(*arguments: str) -> int:
    return main(list(arguments))


def test_a_text_file_becomes_a_bilingual_digest_with_its_contradiction(
    article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("digest", str(article), "--langs", "ja,en") == 0
    shown = capsys.readouterr().out
    assert "青葉電機、九州に電池工場を建設" in shown
    assert "120 billion yen" in shown
    assert "12 billion yen" in shown
    assert "The article contradicts itself" in shown
    assert "記事の中で桁が矛盾" in shown
    assert "「投資額120億円の工場は来年稼働する」" in shown


def test_the_digest_as_data_has_quotes_at_their_places(
    article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("digest", str(article), "--langs", "ja,en", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    (story,) = made["stories"]
    assert story["written_by"] == "extractive"
    for bullet in story["bullets"]:
        for quote in bullet["quotes"]:
            assert ARTICLE[quote["start"] : quote["end"]] == quote["exact"]
    for figure in story["figures"]:
        assert ARTICLE[figure["start"] : figure["end"]] == figure["text"]
        assert set(figure["say"]) == {"ja", "en"}
    ids = {f["id"] for f in story["figures"]}
    (conflict,) = story["conflicts"]
    assert conflict["kind"] == "scale"
    assert conflict["ratio"] == 10
    assert set(conflict["figures"]) <= ids


def test_the_seed_article_keeps_every_figure_and_shows_its_contradiction(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = shared_data / "seed" / "seed-article.ja.txt"
    assert run("digest", str(seed), "--langs", "ja,en", "--json") == 0
    (story,) = json.loads(capsys.readouterr().out)["stories"]
    said = {(f["value"], f["unit"]): f["say"] for f in story["figures"]}
    assert said[6.3e12, "token"]["en"] == "6.3 trillion tokens"
    assert said[6.3e12, "token"]["ja"] == "6.3兆トークン"
    assert said[6.3e11, "token"]["en"] == "630 billion tokens"
    assert said[3e9, "parameter"]["en"] == "about 3 billion parameters"
    assert said[47, "page"]["ja"] == "47ページ"
    assert "8,192" in said[8192, "chip"]["en"]
    assert "2,048" in said[2048, "chip"]["ja"]
    (conflict,) = story["conflicts"]
    assert conflict["ratio"] == 10
    assert all("6.3" in q["exact"] or "6,300" in q["exact"] for q in conflict["quotes"])
    assert run("digest", str(seed), "--langs", "ja,en") == 0
    table = capsys.readouterr().out
    for shown in ("6.3 trillion", "630 billion", "about 3 billion", "47 pages", "8,192", "2,048"):
        assert shown in table


def test_a_page_and_a_feed_are_read_as_what_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in ARTICLE.split("\n\n")[1:])
    page = tmp_path / "page.html"
    headline = "青葉電機、九州に電池工場を建設"
    page.write_text(
        "<!DOCTYPE html><html lang='ja'><head><meta charset='utf-8'>"
        f"<title>{headline}</title></head><body><article><h1>{headline}</h1>{paragraphs * 2}"
        "</article></body></html>",
        "utf-8",
    )
    assert run("digest", str(page)) == 0
    assert "1,200億円" in capsys.readouterr().out
    feed = tmp_path / "feed.xml"
    feed.write_text(
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>t</title>"
        "<item><guid>1</guid><title>Acme sells 300 robots</title>"
        "<description>Acme sold 300 robots for $5 million, it said on Monday.</description></item>"
        "</channel></rss>",
        "utf-8",
    )
    assert run("digest", str(feed), "--langs", "en,ja") == 0
    assert "Acme sells 300 robots" in capsys.readouterr().out


def test_a_question_is_answered_from_the_text(
    article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("ask", str(article), "生産能力はどれくらいですか") == 0
    assert "18ギガワット時" in capsys.readouterr().out
    assert run("ask", str(article), "社長の名前は誰ですか") == 0
    assert "記事には書かれていません" in capsys.readouterr().out


def test_figures_are_a_table_for_people(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("figures", str(article)) == 0
    shown = capsys.readouterr().out
    assert "120 billion yen" in shown
    assert "投資額" in shown


@pytest.mark.parametrize(("columns", "most"), [("20", 40), ("60", 60), ("300", 100)])
def test_the_table_of_figures_is_as_wide_as_the_screen_and_tells_contradictions(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str, most: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    words = "They bought 8,192 chips for the big server model in the spring of the year. "
    training = "The training took 6.3 trillion tokens. Later it says training took 630 billion "
    _type(monkeypatch, f"{words}{training}tokens.")
    assert run("figures", "--to", "ja") == 0
    shown = capsys.readouterr().out
    assert "6.3兆トークン" in shown
    assert "矛盾しています" in shown.replace("\n", "").replace(" ", "")
    assert 30 < max(map(width, shown.splitlines())) <= most


def test_figures_are_lines_of_json_for_machines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = json.dumps({"id": "a", "lang": "en", "text": "Sales rose 15% to $1.2bn."})
    _type(monkeypatch, line + "\n\n")
    assert run("figures", "--jsonl") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["id"] == "a"
    assert [(f["text"], f["value"], f["unit"]) for f in record["figures"]] == [
        ("15%", 15, "%"),
        ("$1.2bn", 1200000000, "USD"),
    ]


def test_a_text_without_figures_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _type(monkeypatch, "Nothing to count here.")
    assert run("figures") == 0
    assert "No figures" in capsys.readouterr().err


def _type(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Give the program these words on standard input."""
    stream = io.TextIOWrapper(io.BytesIO(words.encode()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stream)


WRONG_USE: list[tuple[Sequence[str], str]] = [
    (["digest", "no-such-file.txt"], "There is no file no-such-file.txt"),
    (["digest", "."], "cannot be read"),
    (["figures", "--jsonl", "bad.jsonl"], "Line 1 is not a record"),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG_USE)
def test_wrong_use_is_one_clear_sentence(
    arguments: Sequence[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": 1}\n', "utf-8")
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "There is nothing to read in it"),
        (b"<?xml version='1.0'?><rss version='2.0'><channel></channel></rss>", "no entries"),
        (b"<opml version='1.0'/>", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said(
    body: bytes, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "input"
    path.write_bytes(body)
    assert run("digest", str(path)) in (1, 2)
    said = capsys.readouterr().err
    assert sentence in said or "UTF-8" in said
    assert "Traceback" not in said


def test_an_address_inside_the_network_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("digest", "http://127.0.0.1/feed.xml") == 1
    assert "cannot be fetched" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["digest"], ["digest", "x", "--langs", "fr"], ["ask", "x"], []]
)
def test_the_parser_refuses_with_code_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: digestbot" in capsys.readouterr().err


def test_a_traceback_appears_with_debug_only(article: Path) -> None:
    with pytest.raises(Exception, match="no file"):
        run("--debug", "digest", "no-such-file.txt")


def test_a_source_is_looked_at_without_adding_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = ROOT / "tests" / "cases" / "feeds" / "html_entities.xml"
    assert run("sources", "test", str(feed)) == 0
    shown = capsys.readouterr().out
    assert "Format: RSS" in shown
    assert "HTML names of characters" in shown
    assert run("sources", "test", str(feed), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["kind"]) == (True, "rss")
    assert "entities" in [r["code"] for r in told["repairs"]]
    page = ROOT / "tests" / "cases" / "feeds" / "html_no_feed.html"
    assert run("sources", "test", str(page), "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "parse.not_a_feed"
    assert run("sources", "test", "http://127.0.0.1/feed") == 1
    assert "its address is not public" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [], "no database is made for it"


def test_a_list_is_imported_and_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", str(tmp_path / "x.db"))
    path = tmp_path / "list.txt"
    path.write_text("http://127.0.0.1/feed Inner\n", "utf-8")
    assert run("sources", "import", str(path)) == 0
    assert "refused  (no title)  http://127.0.0.1/feed: its address" in capsys.readouterr().out
    assert run("sources", "import", str(ROOT / "Makefile")) == 1
    assert "neither OPML nor a list" in capsys.readouterr().err
    assert run("sources", "starter") == 0
    assert "Chips: Semiconductor Engineering" in capsys.readouterr().out
    assert run("sources", "export") == 0
    assert opml.read(capsys.readouterr().out.encode()).outlines == ()


def test_the_catalogue_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", str(tmp_path / "x.db"))
    assert run("migrate") == 0
    assert "was: new" in capsys.readouterr().out
    assert run("sources", "list") == 0
    assert "No sources yet" in capsys.readouterr().out
    assert run("sources", "add", "http://127.0.0.1:1/feed") == 1
    assert "its address is not public" in capsys.readouterr().err
    assert run("sources") == 0
    assert "No sources yet" in capsys.readouterr().out
    assert run("sources", "remove", "7") == 1
    assert run("subscriptions") == 0
    assert "No subscriptions yet" in capsys.readouterr().out


def test_a_database_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(b"this is not a database at all, but long enough to be read as one" * 20)
    monkeypatch.setenv("DATABASE_URL", str(path))
    assert run("sources", "list") == 1
    said = capsys.readouterr().err
    assert said.startswith("digestbot: ")
    assert "Traceback" not in said
    assert path.read_bytes().startswith(b"this is not")


def test_doctor_names_each_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", str(tmp_path / "d.db"))
    assert run("doctor") == 0
    shown = capsys.readouterr().out
    for what in ("prompts", "time zones", "disk", "database", "chats", "model"):
        assert what in shown
    monkeypatch.setenv("PROMPTS_DIR", str(tmp_path))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert run("doctor") == 1
    shown = capsys.readouterr().out
    assert "✗ prompts" in shown
    assert "✗ chats: SLACK_BOT_TOKEN needs" in shown
    assert "✗ model" in shown
    assert "→" in shown


def test_a_wrong_setting_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEFAULT_TIMEZONE", "Mars/Olympus")
    assert run("doctor") == 2
    assert "DEFAULT_TIMEZONE" in capsys.readouterr().err


def test_the_demo_shows_a_digest_and_two_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("demo") == 0
    shown = capsys.readouterr().out
    golden = (ROOT / "tests" / "golden" / "demo.txt").read_text("utf-8")
    assert _portless(shown) == golden


def _portless(shown: str) -> str:
    """The output with the loopback server's port named, lines wrapped as they would be then."""
    import re

    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", shown)


def test_the_first_screen_of_the_readme_is_the_demo() -> None:
    golden = (ROOT / "tests" / "golden" / "demo.txt").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = readme.split("```text\n", 1)[1].split("```", 1)[0]
    assert shown.strip() in golden
    assert "⚠" in shown
    for command in ("make demo", "make test"):
        assert command in readme
        assert f"\n{command.removeprefix('make ')}:" in (ROOT / "Makefile").read_text("utf-8")


def test_help_comes_at_once() -> None:
    """Half of the targets: the machine may be busy. `make bench` measures the targets."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "bot", "--help"], check=True, capture_output=True, cwd=ROOT
        )
        took.append(time.perf_counter() - began)
    assert min(took) < 0.6


def test_the_command_line_imports_no_vendor() -> None:
    code = (
        "import sys, bot.cli; bot.cli.parser(); "
        "heavy = {'openai', 'telegram', 'slack_bolt', 'sqlalchemy', 'aiohttp', 'pydantic', 'lxml', "
        "'trafilatura', 'rich'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
