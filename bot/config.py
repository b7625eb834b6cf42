"""The settings, from the environment and `.env`: one class, each with a default that works."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigError
from bot.model import LANGS

Words = Annotated[tuple[str, ...], NoDecode]
Network = IPv4Network | IPv6Network


class Settings(BaseSettings):
    """Every setting of the bot. The description of a field is its comment in .env.example."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore")

    telegram_bot_token: SecretStr = Field(
        SecretStr(""), description="From @BotFather. Empty: no Telegram."
    )
    telegram_api_base: str = Field("", description="A self-hosted Bot API server.")
    slack_bot_token: SecretStr = Field(
        SecretStr(""), description="xoxb-... of the installed app. Empty: no Slack."
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""), description="xapp-... with connections:write, for Socket Mode."
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), description="With HTTP_PORT: signed HTTP instead of Socket Mode."
    )
    slack_api_base: str = Field("", description="Another Web API address, for tests.")
    openai_api_key: SecretStr = Field(
        SecretStr(""), description="Optional: without a model, sentences are quoted from sources."
    )
    openai_base_url: str = Field(
        "", description="Any OpenAI-compatible endpoint; alone (no key) it is a local one."
    )
    openai_model: str = Field("gpt-4o-mini", description="The model's name at that endpoint.")
    llm_tokens_per_day: int = Field(
        2_000_000, ge=0, description="Digests go on without a model when these are spent."
    )
    llm_usd_per_day: float = Field(5.0, ge=0, description="The same in US dollars.")
    database_url: str = Field(
        "sqlite:///data/digestbot.db", description="Or postgresql://user:password@host/name."
    )
    operators: Words = Field(
        (),
        description="telegram:123,slack:T01/U012. Empty: `run` prints a one-time claim code.",
    )
    access: Literal["listed", "open"] = Field(
        "listed", description="listed: an operator admits each new chat; open: all may use it."
    )
    prompts_dir: str = Field("", description="Your own copy of prompts/.")
    proxy: str = Field("", description="http://host:port for chat and model; never for feeds.")
    default_langs: Words = Field(
        ("ja", "en"), description="One or two of en, ja, zh-Hans, zh-Hant."
    )
    default_timezone: str = Field("UTC", description="An IANA name such as Asia/Tokyo.")
    allow_private_networks: Words = Field(
        (), description="CIDR ranges of intranet feeds, such as 10.1.0.0/16. Empty: public only."
    )
    http_host: str = Field("127.0.0.1", description="Where the health page listens.")
    http_port: int = Field(
        0, ge=0, le=65535, description="Port of /healthz and Slack's signed HTTP; 0: none."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Secrets are masked at every level."
    )

    @field_validator("operators", "default_langs", "allow_private_networks", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("operators")
    @classmethod
    def _operators(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for who in value:
            platform, colon, person = who.partition(":")
            slack_needs_team = platform == "slack" and "/" not in person
            if not (colon and person) or platform not in ("telegram", "slack") or slack_needs_team:
                raise ValueError(f"{who!r} is not telegram:NUMBER or slack:TEAM/USER")
        return value

    @field_validator("default_langs")
    @classmethod
    def _langs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not 1 <= len(value) <= 2 or any(lang not in LANGS for lang in value):
            raise ValueError("one or two of " + ", ".join(LANGS))
        return value

    @field_validator("default_timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (ValueError, OSError, LookupError) as error:
            raise ValueError(f"{value!r} is not an IANA time zone") from error

    @field_validator("allow_private_networks")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            ip_network(part)
        return value

    @property
    def private_networks(self) -> tuple[Network, ...]:
        return tuple(ip_network(part) for part in self.allow_private_networks)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret values, for the mask of the log."""
        found = [value for value in self.__dict__.values() if isinstance(value, SecretStr)]
        return tuple(s.get_secret_value() for s in found if s.get_secret_value())


def load(env_file: Path | None = Path(".env")) -> Settings:
    """The settings; ConfigError names each wrong one and says what it must be.

    A `.env` that others may read is refused: it holds tokens.
    """
    if env_file is not None and env_file.exists() and env_file.stat().st_mode & 0o077:
        raise ConfigError(f"{env_file} may be read by others. Run: chmod 600 {env_file}")
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise ConfigError("These settings cannot work: " + "; ".join(lines)) from error


def example() -> str:
    """The text of .env.example: every setting with its default, as a comment where it has one."""
    lines = [
        "# Copy to .env (chmod 600 .env) and fill in what you need: every line is optional.",
        "",
    ]
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, SecretStr):
            shown = ""
        elif isinstance(default, tuple):
            shown = ",".join(default)
        else:
            shown = str(default)
        lines += [f"# {field.description}", f"# {name.upper()}={shown}", ""]
    return "\n".join(lines)
