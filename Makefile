# make demo · test · check · bench — each installs what it needs first.
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := demo

.PHONY: install lock demo test controls test-deep check bench bench-check docs clean

install: $(STAMP)

# Everything is installed from requirements.lock, in its versions and with its hashes; then the project itself, built by what the
# lock brought. The lock is complete, so nothing is resolved: pip before 23.3 cannot match sqlalchemy[asyncio] with a pinned sqlalchemy.
# uv is quick; where it cannot be had, pip does the same.
LOCKED := --quiet --no-deps --require-hashes -r
PROJECT := --quiet --no-deps --no-build-isolation --editable .
PIP := $(BIN)/python -m pip --disable-pip-version-check
UV := $(BIN)/uv pip

$(STAMP): pyproject.toml requirements.lock
	test -x $(BIN)/python || python3 -m venv $(VENV)
	$(PIP) --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	{ sed -n '/^uv==/,/[^\\]$$/p' requirements.lock | $(PIP) install $(LOCKED) /dev/stdin \
	  && $(UV) install --python $(BIN)/python --compile-bytecode $(LOCKED) requirements.lock \
	  && $(UV) install --python $(BIN)/python $(PROJECT); } \
	|| { $(PIP) install $(LOCKED) requirements.lock && $(PIP) install $(PROJECT); }
	touch $(STAMP)

# Pin anew what pyproject.toml asks for; versions stay where they still fit. `make lock UPGRADE=--upgrade` takes the newest.
LOCK := compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock" $(UPGRADE)

lock: install
	$(UV) $(LOCK) --extra dev --output-file requirements.lock pyproject.toml
	$(UV) $(LOCK) --constraint requirements.lock --output-file benchmarks/requirements.lock benchmarks/requirements.in
	$(UV) $(LOCK) --output-file benchmarks/autogluon.lock benchmarks/autogluon.in

demo: install
	$(BIN)/dealml init $(DEMO)
	$(BIN)/dealml demo $(DEMO)/company
	$(BIN)/dealml import $(DEMO)/company/export --mapping $(DEMO)/company/mapping.yaml --project $(DEMO)
	cd $(DEMO) && ../$(BIN)/python -m pipelines.weekly --as-of 2026-01-05
	@echo "Open $(DEMO)/reviews/deal_win-2026-01-05.html, account_churn-2026-01-05.html and lead_conversion-2026-01-05.html, or $(DEMO)/choosing/where-to-compete-2026-01-05.html in a browser."

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
	$(UV) install --python $(BIN)/python $(LOCKED) benchmarks/requirements.lock || $(PIP) install $(LOCKED) benchmarks/requirements.lock
	$(BIN)/python -m benchmarks

# Log loss against the record, row by row: `make bench-check PART=--small` needs no shared sets. `python -m benchmarks.regression --keep`
# puts a run on record.
bench-check: install
	$(BIN)/python -m benchmarks.regression $(PART)

docs: install
	$(BIN)/python -m scripts.docs

clean:
	rm -rf $(VENV) $(DEMO)
