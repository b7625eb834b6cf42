"""The rules of the house that no ready-made tool holds: sizes, faces, documents."""

import ast
import importlib
import inspect
import tomllib
from pathlib import Path

import pytest

from bot import config

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "bot").rglob("*.py"))
LONGEST_MODULE = 400  # lines
TABLES_OF_WORDS = ("bot/figures/", "bot/phrases/", "bot/store/migrations/")
LONGEST_FACE = 7  # verbs of a package


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=_named)
def test_a_module_fits_its_limit(path: Path) -> None:
    limit = LONGEST_MODULE
    if _named(path) == "bot/model.py" or _named(path).startswith(TABLES_OF_WORDS):
        limit = 600  # nouns and word lists are read like a dictionary
    assert len(path.read_text("utf-8").splitlines()) <= limit


@pytest.mark.parametrize("path", MODULES, ids=_named)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), "no docstring"


@pytest.mark.parametrize(
    "package", ["ingest", "figures", "digest", "qa", "store", "phrases"], ids=str
)
def test_a_face_has_few_verbs(package: str) -> None:
    face = importlib.import_module(f"bot.{package}")
    names = getattr(face, "__all__", [n for n in vars(face) if not n.startswith("_")])
    verbs = [n for n in names if inspect.isfunction(getattr(face, n))]
    assert len(verbs) <= LONGEST_FACE, verbs


def test_no_function_is_named_like_its_module() -> None:
    for path in MODULES:
        names = {
            n.name
            for n in ast.parse(path.read_text("utf-8")).body
            if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert path.stem not in names or "app" in path.parts, _named(path)


def test_the_example_of_the_settings_is_the_settings() -> None:
    assert (ROOT / ".env.example").read_text("utf-8") == config.example()


def test_every_dependency_has_a_hash_and_no_registry_is_named() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        pinned = [line for line in lines if "==" in line]
        assert pinned
        assert all(line.endswith("\\") for line in pinned), name
        assert not any("://" in line or "--index" in line for line in lines), name


def test_every_direct_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = (ROOT / "requirements.lock").read_text("utf-8").lower().replace("_", "-")
    for wanted in project["dependencies"]:
        name = wanted.split(">")[0].split("[")[0].strip().lower().replace("_", "-")
        assert f"\n{name}==" in f"\n{locked}", name
