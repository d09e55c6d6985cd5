# Two commands on a fresh machine: `make demo` shows it at work, `make test` checks everything.
# Every path is relative, so the checkout may lie in a folder whose name holds spaces.

PYTHON ?= python3
LOCKFLAGS ?=

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip -qq --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo app test test-mutants sbc bench bench-long docs uses lint format lock clean
.DELETE_ON_ERROR:

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 22

setup: $(VENV)/.package ## build .venv with the locked runtime environment (leaves .venv/bin/allegiance)

demo: setup ## run the Syria case with 500 futures into out/syria
	@sh tools/demo.sh

app: setup ## the web application on this machine, http://127.0.0.1:8765
	@$(VENV)/bin/allegiance serve

lint: $(VENV)/.dev ## formatting, imports and types, without the tests
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/lint-imports --no-logo
	@PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(VENV)/bin/pyright

test: lint ## everything: lint, then the tests
	@$(PY) -m pytest -n 2 --dist loadfile

sbc: $(VENV)/.dev ## are posteriors where the truth is? 2,000 data sets; some two minutes
	@ALLEGIANCE_SBC=2000 $(PY) -m pytest -q -s tests/infer/test_sbc.py

test-mutants: $(VENV)/.dev ## break each mechanism in turn: does its test notice? (two minutes)
	@$(PY) tools/mutants.py

bench: $(VENV)/.bench ## speed and scaling, with peers: some fifteen minutes; writes bench/results.json
	@$(PY) -m bench

bench-long: $(VENV)/.bench ## 100,000 futures of Syria (half an hour or more), added to bench/results.json
	@$(PY) -m bench --long

docs: $(VENV)/.docs ## the pages, made from the code and its cards, into out/docs (some four minutes)
	@PYTHONPATH=tools $(PY) -m pages out/docs

uses: setup ## find out anew which shipped case uses which mechanism (minutes)
	@$(PY) -m allegiance.explain.uses

format: $(VENV)/.dev ## rewrite the sources as `make lint` wants them
	@$(VENV)/bin/ruff check --fix
	@$(VENV)/bin/ruff format

# Keeps the locked versions where they still fit; `make lock LOCKFLAGS=--upgrade` moves them forward.
lock: $(VENV)/.python ## regenerate requirements/*.txt from pyproject.toml
	@$(PIP) install 'uv>=0.9,<1'
	@$(call compile,runtime,)
	@$(call compile,dev,--extra dev --constraint requirements/runtime.txt)
	@$(call compile,bench,--extra bench --constraint requirements/runtime.txt)
	@$(call compile,docs,--extra docs --constraint requirements/runtime.txt)

compile = $(VENV)/bin/uv pip compile --quiet pyproject.toml $(2) $(LOCKFLAGS) \
	--universal --python-version 3.11 --fork-strategy fewest \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	--output-file requirements/$(1).txt

clean: ## remove the environment, caches and build products (never out/)
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests bench docs tools -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: each step runs again only when what it was made from has changed.
$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "allegiance needs Python 3.11 or newer as '$(PYTHON)'." \
		"On Debian or Ubuntu: sudo apt install python3 python3-venv;" \
		"or name another interpreter: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments." \
		"On Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt | $(VENV)/.python
	@echo "Installing the locked runtime environment (a minute or two the first time)"
	@$(PIP) install --no-deps --no-compile --requirement $<
	@$(PY) -m compileall -qq -j 0 -x '/tests?/' $(VENV)/lib # on all cores, a third of pip's time
	@touch $@

$(VENV)/.package: pyproject.toml $(VENV)/.runtime
	@$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.package
	@echo "Installing the locked development tools"
	@$(PIP) install --no-deps --requirement $<
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.package
	@echo "Installing the locked peers of the benchmark"
	@$(PIP) install --no-deps --requirement $<
	@touch $@

$(VENV)/.docs: requirements/docs.txt $(VENV)/.package
	@echo "Installing the locked tools of the documentation"
	@$(PIP) install --no-deps --requirement $<
	@touch $@
