# Each target sets up what it needs by itself. `make` alone lists them.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo dev test test-long lint docs secrets lock venv

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: venv ## play one whole story on the embedded stack, and say what happens
	@$(BIN)/alongside demo

dev: venv ## run everything on this machine until Ctrl-C (ARGS="--port 8000 --data-dir data --volunteers 20")
	@exec $(BIN)/alongside dev $(ARGS)

test: venv ## run the tests, all but the long ones (ARGS="tests/unit" for some)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(ARGS)

test-long: venv ## run the long tests: faults, programmes, a year (half an hour), and compose where a Docker engine answers
	$(BIN)/python -m pytest -m long $(ARGS)

lint: venv ## check style, format, types and the walls between services
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: venv ## write asyncapi.yaml and the generated tables of docs/ anew
	@$(BIN)/python -m deploy.documents

secrets: venv ## make the secrets that compose needs in ./secrets; none is ever overwritten
	@$(BIN)/alongside secrets

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url
lock: venv ## lock requirements/*.in again, each package with its hashes
	$(LOCK) requirements/runtime.in -o requirements/runtime.txt
	$(LOCK) requirements/dev.in -o requirements/dev.txt
	$(LOCK) requirements/mail.in -o requirements/mail.txt

venv:
	@$(PYTHON) deploy/setup_venv.py
