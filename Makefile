# Everything a newcomer needs: `make demo` and `make test` work on a fresh machine.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check eval bench bench-grounding gains learn calibrate cassettes reliability \
	pictures browser lock clean

demo: $(READY)
	$(BIN)/imr extract --format table gold/letters/*.txt
	$(BIN)/imr batch gold/letters --out out/demo
	$(BIN)/imr eval --gold gold/letters --labels gold/labels

test: $(READY) browser check

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

# The field accuracy of the rules on the gold letters, held against the gate.
eval: $(READY)
	$(BIN)/imr eval --gold gold --out out/eval --gate eval/gate.toml

# What a change of the rules gained and lost, letter by letter and field by field.
gains: $(READY)
	$(BIN)/imr eval --gold gold --out out/eval --baseline eval/baseline.json

# Learn again which words give which reason, and count how often each rule is right.
# DEVELOPMENT may name more labelled letters:
# make learn calibrate DEVELOPMENT="--gold letters --labels labels --only-labelled"
learn: $(READY)
	$(BIN)/imr eval words --gold gold --out extract/data/words.txt
	$(BIN)/imr eval learn --gold gold $(DEVELOPMENT) --out extract/data/reasons.json
calibrate: $(READY)
	$(BIN)/imr eval calibrate --gold gold $(DEVELOPMENT) --out extract/data/confidence.json

bench: $(READY)
	$(BIN)/python -m benchmarks.rules
	$(BIN)/python -m benchmarks.throughput
	$(BIN)/python -m benchmarks.batch
	$(BIN)/python -m benchmarks.batch_model
	$(BIN)/python -m benchmarks.service
	$(BIN)/python -m benchmarks.review

# Grounding on quotations cut from a folder of PDFs: make bench-grounding LETTERS=folder
bench-grounding: $(READY)
	$(BIN)/python -m benchmarks.grounding $(LETTERS)

# What the tests compare with what they measure, made anew.
cassettes: $(READY)
	$(BIN)/python -m tests.extract.model.record
reliability: $(READY)
	$(BIN)/python -m tests.extract.model.matrix > docs/reliability.md
pictures: $(READY) browser
	$(BIN)/python -m benchmarks.screenshots

$(READY): requirements.lock pyproject.toml
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# The pages are tested in a real browser. Without one: as root it is installed, otherwise
# this says what to install.
browser:
	@command -v chromium >/dev/null \
	  || { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq chromium; } \
	  || { echo "The browser tests need Chromium: apt-get install chromium" >&2; exit 1; }

# Pin anew. Needs uv; no index address is written.
lock:
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  --generate-hashes --no-strip-extras --no-header --no-emit-index-url --no-emit-find-links \
	  --output-file requirements.lock --upgrade

clean:
	rm -rf out .pytest_cache .mypy_cache .ruff_cache .hypothesis
