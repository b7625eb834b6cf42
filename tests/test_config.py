"""Settings: each named, each with a default that works, wrong ones said in one sentence."""

from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigError

NAMES = """
TELEGRAM_BOT_TOKEN TELEGRAM_API_BASE SLACK_BOT_TOKEN SLACK_APP_TOKEN SLACK_SIGNING_SECRET
SLACK_API_BASE OPENAI_API_KEY OPENAI_BASE_URL OPENAI_MODEL DATABASE_URL OPERATORS ACCESS
PROMPTS_DIR PROXY DEFAULT_LANGS DEFAULT_TIMEZONE ALLOW_PRIVATE_NETWORKS HTTP_PORT LOG_LEVEL
""".split()


def _file(tmp_path: Path, text: str, mode: int = 0o600) -> Path:
    path = tmp_path / ".env"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def test_every_promised_setting_is_there() -> None:
    assert {name.lower() for name in NAMES} <= set(config.Settings.model_fields)


def test_lists_and_secrets_are_read_from_the_file(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "OPERATORS=telegram:1, slack:T1/U2\nDEFAULT_LANGS=zh-Hant,en\nTELEGRAM_BOT_TOKEN=1:a\n"
        "ALLOW_PRIVATE_NETWORKS=10.0.0.0/8\n",
    )
    settings = config.load(path)
    assert settings.operators == ("telegram:1", "slack:T1/U2")
    assert settings.default_langs == ("zh-Hant", "en")
    assert settings.secrets == ("1:a",)
    assert [str(n) for n in settings.private_networks] == ["10.0.0.0/8"]
    assert "1:a" not in repr(settings)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("OPERATORS=hanako", "OPERATORS"),
        ("OPERATORS=slack:U2", "OPERATORS"),
        ("DEFAULT_LANGS=fr", "DEFAULT_LANGS"),
        ("DEFAULT_LANGS=ja,en,zh-Hans", "DEFAULT_LANGS"),
        ("DEFAULT_TIMEZONE=Moon", "DEFAULT_TIMEZONE"),
        ("ALLOW_PRIVATE_NETWORKS=ten", "ALLOW_PRIVATE_NETWORKS"),
        ("ACCESS=maybe", "ACCESS"),
        ("HTTP_PORT=99999", "HTTP_PORT"),
        ("LOG_LEVEL=LOUD", "LOG_LEVEL"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(line: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=named):
        config.load(_file(tmp_path, line))


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="chmod 600"):
        config.load(_file(tmp_path, "", 0o644))


def test_the_example_file_is_itself_a_file_that_works(tmp_path: Path) -> None:
    lines = config.example().splitlines()
    chosen = [x.removeprefix("# ") for x in lines if "=" in x and x[2:3].isupper()]
    settings = config.load(_file(tmp_path, "\n".join(chosen)))
    assert settings.default_langs == ("ja", "en")
