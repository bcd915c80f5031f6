# Everything a newcomer needs: `make demo` and `make test` work on a fresh machine.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check bench gains lock clean

demo: $(READY)
	$(BIN)/imr extract --format table gold/letters/*.txt
	$(BIN)/imr batch gold/letters --out out/demo
	$(BIN)/imr eval --gold gold/letters --labels gold/labels

test: $(READY) check

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

bench: $(READY)
	$(BIN)/python -m benchmarks

# What a change of the rules gained and lost, letter by letter and field by field.
gains: $(READY)
	$(BIN)/imr eval --gold gold --out out/eval --baseline eval/baseline.json

$(READY): requirements.lock pyproject.toml
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Pin anew. Needs uv; no index address is written.
lock:
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	  --output-file requirements.lock --upgrade

clean:
	rm -rf out .pytest_cache .mypy_cache .ruff_cache .hypothesis
