# Two commands matter: `make demo` and `make test`. Both set everything up by themselves.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
UV := $(VENV)/bin/uv
RUN := $(UV) run --frozen --quiet
DEMO := demo
SET ?= tune
WEB := viz/web
NPM := $(RUN) python $(WEB)/npm.py
APP := viz/ringfinder_viz/app/index.html
APP_FROM := $(shell find $(WEB)/src $(WEB)/public $(WEB)/scripts -type f -not -path '*/made/*') $(wildcard $(WEB)/*.ts $(WEB)/*.json $(WEB)/*.html ringfinder/words/*.toml) api/ringfinder_api/openapi.json

.PHONY: help setup app demo serve test soak bench lab screenshots clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

# Bytecode is made here: a machine that is told to write none would compile everything at every start.
$(VENV)/.ready: $(UV) pyproject.toml uv.lock
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) sync --frozen --quiet --inexact --all-groups --all-extras --compile-bytecode
	$(VENV)/bin/python -m compileall -q ringfinder api viz
	touch $@

setup: $(VENV)/.ready ## make .venv with everything pinned in uv.lock

$(WEB)/node_modules/.ready: $(VENV)/.ready $(WEB)/package.json $(WEB)/package-lock.json
	$(NPM) ci --silent
	touch $@

$(APP): $(WEB)/node_modules/.ready $(APP_FROM)
	$(NPM) run --silent build
	touch $@

app: setup $(APP) ## build the investigator's app

demo: setup app ## make a sample city, find its rings, print them, build the app
	$(RUN) ringfinder sample-city $(DEMO)/city --people 20000 --seed 1 --rings 20
	$(RUN) ringfinder run $(DEMO)/city --workspace $(DEMO)/ringfinder-data --out $(DEMO)/results
	$(RUN) ringfinder rings --alerts --workspace $(DEMO)/ringfinder-data
	$(RUN) ringfinder evaluate $(DEMO)/results $(DEMO)/city/truth.json
	@echo "Report: $(DEMO)/results/report.html"
	@echo "Graph:  $(RUN) ringfinder query 'MATCH (r:Ring) RETURN r.ring_id, r.kind LIMIT 5' --workspace $(DEMO)/ringfinder-data"
	@echo "App:    make serve, and open the link that it prints"

serve: setup ## serve the demo's rings to other systems, with keys that are made and printed first (after make demo)
	$(RUN) ringfinder keys create demo --role analyst --days 7 --workspace $(DEMO)/ringfinder-data
	$(RUN) ringfinder keys create keeper --role supervisor --role admin --days 7 --workspace $(DEMO)/ringfinder-data
	$(RUN) ringfinder serve --workspace $(DEMO)/ringfinder-data --claims $(DEMO)

test: setup app ## run every check: lint, types, import rules, tests
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) lint-imports
	$(RUN) mypy
	$(RUN) python -c 'from ringfinder.store.neo4j.program import fetch; fetch()'
	$(RUN) python tests/browser.py
	$(NPM) test --silent
	$(RUN) pytest -n 2 --dist loadgroup

soak: setup ## kill, swap and confuse the service for long: what make test does in short (takes an hour)
	RINGFINDER_SOAK=1 $(RUN) pytest -n0 --timeout=5400 --durations=10 tests/api/test_kills.py tests/api/test_workers.py tests/api/test_swapping.py tests/api/test_problems.py tests/api/test_openapi.py tests/casebook/test_kills.py tests/casebook/test_history.py tests/casebook/test_tips_under_fire.py

bench: setup app ## measure the figures of the README (takes long)
	$(RUN) python -m benchmarks --large

lab: setup ## make, search and judge many worlds, on one page (SET=quick, tune or confirm; takes long)
	$(RUN) ringfinder lab --set $(SET)

screenshots: setup app ## make the pictures of docs anew: a ring of a sample city, exported and in the app, in a real browser
	PYTHONPATH=tests $(RUN) python docs/screenshots.py

clean: ## remove what the targets made
	rm -rf $(VENV) $(DEMO) $(WEB)/node_modules $(WEB)/src/made $(dir $(APP))
