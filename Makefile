# Each target sets up what it needs by itself. `make` alone lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo dev test test-long bench lint docs screenshots secrets lock python embedded venv

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: embedded ## play one whole story on the embedded stack, and say what happens
	@$(BIN)/alongside demo

dev: embedded ## run everything on this machine until Ctrl-C (ARGS="--port 8000 --data-dir data --volunteers 20")
	@exec $(BIN)/alongside dev $(ARGS)

test: venv ## run the tests, all but the long ones (ARGS="tests/unit" for some)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-long: venv ## run the long tests: faults, programmes, a year (half an hour), and compose where a Docker engine answers
	$(BIN)/python -m pytest -m long $(ARGS)

bench: venv ## measure how names of places, people and specialties are recognised, and what ranking by marks costs (some minutes)
	$(BIN)/python -m bench.names
	$(BIN)/python -m bench.people
	$(BIN)/python -m bench.specialties
	$(BIN)/python -m bench.ranking

lint: venv ## check style, format, types and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: venv ## write asyncapi.yaml and the generated tables of docs/ again
	@$(BIN)/python -m deploy.documents

screenshots: venv ## take the pictures in docs/pictures again, from the running pages
	@$(BIN)/python -m deploy.documents.pictures

secrets: python ## make the secrets that compose needs in ./secrets (ARGS=<folder> elsewhere); none is ever overwritten
	@$(PYTHON) -m deploy.compose_secrets $(ARGS)

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url
lock: venv ## lock requirements/*.in again, each package with its hashes
	@for layer in runtime embedded dev mail; do $(LOCK) requirements/$$layer.in -o requirements/$$layer.txt || exit; done

python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or \
	  sys.exit("Alongside needs Python 3.11 or newer, and $(PYTHON) is older. Try: make PYTHON=python3.12 ...")'

embedded: python
	@$(PYTHON) deploy/setup_venv.py embedded $(VENV)

venv: python
	@$(PYTHON) deploy/setup_venv.py dev $(VENV)
