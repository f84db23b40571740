# Two commands are all a newcomer needs: `make run` and `make test`.
# `make` alone prints this list. Needs Python 3.11 or newer, make and a C library.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PYTHON313 ?= python3.13
export PIP_DISABLE_PIP_VERSION_CHECK := 1

WEB    := src/keepclear/web/static/index.html

.PHONY: help run web test shuffled check fmt lint types imports docs docs-write console coverage \
        bench-strategic bench-node bench-line bench-f3548 crashes line-crashes uss-crashes conformance \
        qualification package lock clean

help:  ## print this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

# The lock is complete: nothing is resolved, so a newer release of anything changes nothing.
$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("keepclear needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $(READY)

$(WEB): $(READY) hatch_build.py console/package-lock.json $(shell find console/src console/public console/*.* -type f 2>/dev/null)
	$(BIN)/python hatch_build.py

run: $(READY) $(WEB)  ## run a node with the built-in exercise; prints the link to its console
	$(BIN)/keepclear exercise --serve --open

web: $(WEB)  ## build the console into the package

test: $(READY) $(WEB)  ## run the tests
	$(BIN)/python -m pytest -q -n auto -m "not browser"
	$(BIN)/python -m pytest -q -n auto -m browser --dist loadfile

shuffled: $(READY)  ## run the tests in another order, more at once than the machine likes: SHUFFLE=<any word>
	SHUFFLE=$(or $(SHUFFLE),1) $(BIN)/python -m pytest -q -n 5 -m "not browser"

check: $(READY) lint types imports docs console test  ## everything CI runs

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
	$(BIN)/python scripts/openapi_page.py --check
	$(BIN)/python scripts/f3548_page.py --check
	$(BIN)/python scripts/message_pages.py --check
	$(BIN)/python scripts/text_pages.py --check
	$(BIN)/python scripts/requirement_pages.py --check
	$(BIN)/mkdocs build --strict --site-dir build/site

docs-write: $(READY)  ## write the generated pages anew
	$(BIN)/python scripts/reference_pages.py
	$(BIN)/python scripts/openapi_page.py
	$(BIN)/python scripts/f3548_page.py
	$(BIN)/python scripts/message_pages.py
	$(BIN)/python scripts/text_pages.py
	$(BIN)/python scripts/requirement_pages.py

console: $(WEB)  ## the console's own types and tests
	$(BIN)/python hatch_build.py check test

coverage: $(READY)  ## tests with branch coverage
	$(BIN)/python -m pytest -q -n auto -m "not browser" --cov --cov-report=term

bench-strategic: $(READY)  ## measure the strategic engine (minutes; run nothing else meanwhile)
	$(BIN)/python -m bench.strategic

bench-node: $(READY) $(WEB)  ## measure a running node (half an hour at first; run nothing else meanwhile)
	$(BIN)/python -m bench.node

bench-line: $(READY) $(WEB)  ## measure a line between two running nodes (minutes; run nothing else)
	$(BIN)/python -m bench.line

bench-f3548: $(READY)  ## measure a DSS and a USS over HTTP with tokens (half an hour at first; run nothing else)
	$(BIN)/python -m bench.f3548

crashes: $(READY)  ## kill a writing node 200 times and look for what it promised (minutes)
	cd tests && ../$(BIN)/python -m fault.store.crash_runs 200

line-crashes: $(READY)  ## kill either node of a line 200 times and look for what they promised
	cd tests && ../$(BIN)/python -m fault.line.crash_runs 200

uss-crashes: $(READY)  ## kill a publishing USS 100 times and look at the DSS and its subscribers
	cd tests && ../$(BIN)/python -m fault.uss.crash_runs 100

conformance: $(READY)  ## the field's prober against a DSS: MONITORING=<checkout of interuss/monitoring>
	@test -n "$(MONITORING)" || { echo 'give MONITORING=<a checkout of interuss/monitoring>'; exit 2; }
	$(BIN)/python -m scripts.conformance --monitoring $(abspath $(MONITORING)) --python $(PYTHON313)

qualification: $(READY)  ## the field's qualifier against a node with both roles, the same way
	@test -n "$(MONITORING)" || { echo 'give MONITORING=<a checkout of interuss/monitoring>'; exit 2; }
	$(BIN)/python -m scripts.conformance --monitoring $(abspath $(MONITORING)) --python $(PYTHON313) --judge qualifier

package: $(READY) $(WEB)  ## build the wheel and the source archive into dist/
	$(BIN)/python -m build --no-isolation

lock: $(READY)  ## pin the requirements anew, with hashes and without addresses
	cd requirements && for name in runtime dev; do \
	  ../$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o $$name.txt $$name.in; done

clean:  ## remove what was built
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
