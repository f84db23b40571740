# Two commands are all a newcomer needs: `make run` and `make test`.
# `make` alone prints this list. Needs Python 3.11 or newer, make and a C library.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test check fmt lint types imports docs docs-write coverage bench-strategic lock clean

help:  ## print this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("keepclear needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $(READY)

run: $(READY)  ## run the built-in exercise and open its report on http://127.0.0.1:8600
	$(BIN)/keepclear exercise --serve

test: $(READY)  ## run the tests
	$(BIN)/python -m pytest -q -n auto

check: $(READY) lint types imports docs test  ## everything CI runs

fmt: $(READY)  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(READY)  ## formatting, lint, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell README.md CHANGELOG.md docs src tests bench scripts

types: $(READY)  ## mypy --strict
	$(BIN)/mypy

imports: $(READY)  ## the layer table, as import contracts
	$(BIN)/lint-imports

docs: $(READY)  ## generated pages are current, and the documents build
	$(BIN)/python scripts/reference_pages.py --check
	$(BIN)/mkdocs build --strict --site-dir build/site

docs-write: $(READY)  ## write the generated pages anew
	$(BIN)/python scripts/reference_pages.py

coverage: $(READY)  ## tests with branch coverage
	$(BIN)/python -m pytest -q -n auto --cov --cov-report=term

bench-strategic: $(READY)  ## measure the strategic engine (minutes; run nothing else meanwhile)
	$(BIN)/python -m bench.strategic

lock: $(READY)  ## pin the requirements anew, with hashes and without addresses
	cd requirements && for name in runtime dev; do \
	  ../$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o $$name.txt $$name.in; done

clean:  ## remove what was built
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
