# Everything a fresh machine needs is made here: Python 3.11 or later and make are enough.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready
SHARED := ../shared/data

.PHONY: demo run test check lint types floors unit bench quality golden format lock clean

demo: $(STAMP)          ## a bilingual digest of bundled news, then two questions: no key, no network
	@$(BIN)/digestbot demo

run: $(STAMP)           ## start the bot (settings from the environment and .env)
	@$(BIN)/digestbot run

test: check             ## lint, format, types, floors, tests: what CI runs

check: lint types floors unit

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

floors: $(STAMP)
	$(BIN)/lint-imports

unit: $(STAMP)
	$(BIN)/pytest -n auto --cov --cov-report=
	$(BIN)/python tests/quality/judge_coverage.py

bench: $(STAMP)         ## speeds and sizes, with the targets beside them
	@$(BIN)/python -m benchmarks

quality: $(STAMP)       ## every scorer on the evaluation data, with the floors beside the scores
	@$(BIN)/python -m benchmarks.quality $(SHARED)

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

golden: $(STAMP)        ## renew the golden files and the first screen of the README
	$(BIN)/python tests/golden/update.py

lock:                   ## renew the lock files (needs uv)
	uv lock --upgrade
	uv export -q --no-emit-project --no-dev --format requirements-txt -o requirements.lock
	uv export -q --no-emit-project --format requirements-txt -o requirements-dev.lock
	rm uv.lock

$(STAMP): requirements-dev.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Setting up .venv (once; about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .coverage*
