# make demo · test · check · bench — each installs what it needs first.
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := demo

.PHONY: install demo test controls test-deep check bench docs clean

install: $(STAMP)

# uv is quick; where it cannot be had, pip installs the same versions.
$(STAMP): pyproject.toml uv.lock constraints.txt
	test -x $(BIN)/python || python3 -m venv $(VENV)
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	{ $(BIN)/python -m pip install --quiet --disable-pip-version-check uv \
	  && $(BIN)/python -m uv sync --quiet --frozen --extra dev --inexact --compile-bytecode; } \
	|| $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(STAMP)

demo: install
	$(BIN)/dealml init $(DEMO)
	$(BIN)/dealml demo $(DEMO)/company
	$(BIN)/dealml import $(DEMO)/company/export --mapping examples/demo/mapping.yaml --project $(DEMO)
	cd $(DEMO) && ../$(BIN)/python -m pipelines.weekly --as-of 2026-01-05
	@echo "Open $(DEMO)/reviews/deal_win-2026-01-05.html and account_churn-2026-01-05.html in a browser."

# Three workers for two cores: some always wait for a server, a browser or a process.
test: install
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations 20 -m "not deep and not control"

# Real data without a signal: the verdict must be that nothing beats the base rate. Needs the shared sets.
controls: install
	$(BIN)/python -m pytest -m control

test-deep: install
	$(BIN)/python -m pytest

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src features models pipelines tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

# The benchmarks compare with one learner that dealml itself does not need.
bench: install
	$(BIN)/python -m uv sync --quiet --frozen --extra dev --extra bench --inexact \
	|| $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	$(BIN)/python -m benchmarks

docs: install
	$(BIN)/python -m scripts.docs

clean:
	rm -rf $(VENV) $(DEMO)
