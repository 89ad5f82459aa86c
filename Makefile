# Forebyg: make setup | demo | test | check. Needs Python 3.11 or newer, Node 20 or newer and GNU make; works as root or not.
# Each of demo, test and check does its own set-up, and a ready environment costs next to nothing.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UI := src/forebyg/ui
CSS := $(UI)/static/ui/build/css/forebyg.css
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard src/forebyg/locale/*/LC_MESSAGES/*.po))
# Modules that write a page of docs/ from the code or data it describes.
GENERATED_DOCS := tests.architecture.actors_page forebyg.cases.states_page forebyg.law.pages tests.architecture.asvs_page
# Where Debian's postgresql-15 has initdb and postgres.
PROGRAMS ?= /usr/lib/postgresql/15/bin
PYTEST := $(BIN)/python -m pytest -q

.PHONY: help bench kill mutants setup demo test test-fast test-external test-browser browser check docs messages requirements lock clean

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

# --- set-up

setup: $(VENV)/.project $(CSS) $(TRANSLATIONS) ## Packages by hash, the command, styles and translations
	@:

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Forebyg needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 setup'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo 'Python lacks its module venv. On Debian or Ubuntu: apt-get install python3-venv'; exit 1; }
	$(PYTHON) -m venv $(VENV)

# uv installs in seconds what pip installs in a minute; both check every hash.
$(VENV)/.packages: requirements/dev.txt | $(BIN)/python
	@awk '/^[a-zA-Z]/ { ours = /^uv==/ } ours' requirements/dev.txt > $(VENV)/uv.txt
	@if $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(VENV)/uv.txt && \
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt; then :; else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt; \
	fi
	@touch $@

# The project itself needs no build: a path and a command. So no build tool has to be trusted or fetched.
$(VENV)/.project: $(VENV)/.packages Makefile
	@site=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'); \
	  printf '%s\n' '$(CURDIR)/src' > "$$site/forebyg.pth"
	@printf '%s\n' '#!$(CURDIR)/$(BIN)/python' 'from forebyg.cli import app' 'app()' > $(BIN)/forebyg
	@chmod +x $(BIN)/forebyg
	@touch $@

node_modules/.ready: package-lock.json package.json
	@command -v npm > /dev/null || { echo 'Forebyg needs Node 20 or newer with npm to build its styles.'; exit 1; }
	@node -e 'process.exit(Number(process.versions.node.split(".")[0] < 20))' || { echo 'Forebyg needs Node 20 or newer.'; exit 1; }
	npm ci --ignore-scripts --silent
	@touch $@

$(CSS): node_modules/.ready $(UI)/build.mjs $(wildcard $(UI)/styles/*)
	npm run build --silent
	@touch $@

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

$(TRANSLATIONS): $(VENV)/.packages

# --- run

demo: setup ## The whole system with invented data (ARGS="--fresh --port 8080")
	@exec $(BIN)/forebyg demo $(ARGS)

# --- test

test: setup browser ## All tests: rules and pages on two cores, then journeys in a browser
	@$(MAKE) test-fast
	@$(MAKE) test-browser

test-fast: setup
	$(PYTEST) -n 2 -m 'not browser' --req-reset

test-external: setup ## What asks the database, on Debian's PostgreSQL 15 (PROGRAMS=/path/to/bin for another)
	@.ci/postgresql-15 $(PROGRAMS)
	FOREBYG_TEST_POSTGRESQL=$(PROGRAMS) $(PYTEST) -n 2 -m 'not browser'

test-browser: setup browser
	$(PYTEST) -m browser

browser:
	@if ! command -v chromium chromium-browser google-chrome > /dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	    echo 'Installing chromium for the browser tests …'; \
	    apt-get update -qq; \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium > /dev/null; \
	  else \
	    echo 'The browser tests need Chromium. On Debian: sudo apt-get install chromium'; exit 1; \
	  fi; \
	fi

# --- check

CHECKS := check-style check-format check-types check-rooms check-migrations check-docs check-deployment check-templates check-language
# Hermetic: no database is asked, and production's settings are judged, not the demo's.
DJANGO := FOREBYG_DATABASE_HOST=/nonexistent FOREBYG_HTTPS=true FOREBYG_SECRET_KEY=nobody-signs-anything-with-this-while-settings-are-judged \
  DJANGO_SETTINGS_MODULE=forebyg.config.settings $(BIN)/python -W ignore
# $(call part,name,command): one line when it is well, all it said when it is not.
part = @SECONDS=0; \
  if said=$$( { $(2); } 2>&1 ); then mark=ok; else mark=FAIL; printf '%s\n' "$$said"; fi; \
  printf '%-5s %s (%s s)\n' "$$mark" '$(1)' "$$SECONDS"; \
  [ $$mark = ok ]

.PHONY: $(CHECKS)

check: setup ## Style, types, rooms, migrations, generated pages, deployment, templates, language: under a minute
	@$(MAKE) --keep-going --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) $(CHECKS)

check-types:
	$(call part,types: mypy --strict,$(BIN)/mypy)

check-style:
	$(call part,style: ruff check,$(BIN)/ruff check --output-format=concise .)

check-format:
	$(call part,format: ruff format --check,$(BIN)/ruff format --check --output-format=concise .)

check-rooms:
	$(call part,rooms: each imports only rooms below it,$(BIN)/lint-imports --no-logo)

check-migrations:
	$(call part,migrations: none is missing,$(DJANGO) -m django makemigrations --check --dry-run)

check-docs:
	$(call part,docs: generated pages are up to date,before=$$(mktemp -d); cp -r docs "$$before"; \
	  for module in $(GENERATED_DOCS); do $(BIN)/python -m "$$module" > /dev/null; done; \
	  diff -ru "$$before/docs" docs && rm -r "$$before")

check-deployment:
	$(call part,deployment: manage check --deploy,$(DJANGO) -m django check --deploy --fail-level WARNING)

check-templates:
	$(call part,templates: djlint and all compile,$(BIN)/djlint src --profile jinja --lint --quiet --ignore H015; \
	  $(DJANGO) .ci/compile_templates.py)

check-language:
	$(call part,language: every text marked and translated,$(BIN)/python .ci/check_language.py)

docs: setup ## Write the generated pages of docs/ anew
	@for module in $(GENERATED_DOCS); do $(BIN)/python -m "$$module"; done

messages: setup ## Bring the catalogues of translations in step with the source
	@$(BIN)/python .ci/catalogues.py
	@$(MAKE) $(TRANSLATIONS)

kill: setup ## kill -9 of every process in turn while six write: is anything lost? (by hand; under 20 minutes)
	@$(BIN)/python -m tests.kill $(ARGS)

stateful: setup ## 20 000 steps drawn at random, compared with an oracle of who sees what (by hand; the number is printed)
	@FOREBYG_STATEFUL_SHARES=8 FOREBYG_STATEFUL_STEPS=2500 $(PYTEST) -n 2 tests/stateful

mutants: setup ## Whether the tests notice each missing protection (by hand; under 30 minutes)
	@$(BIN)/python -m tests.mutants

bench: setup ## What pages cost beside a bare handler (by hand; ARGS="--sizes 1000")
	@$(BIN)/python -m tests.bench $(ARGS)

requirements: setup ## What no passing test shows yet (after make test)
	@$(BIN)/python -m tests.requirements

lock: setup ## Choose new versions of the packages and write their hashes
	@for set in base dev; do \
	  extra=; [ $$set = dev ] && extra='--extra dev'; \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    $$extra pyproject.toml -o requirements/$$set.txt; \
	done

clean: ## Remove what set-up and tests made, but not the environment nor the demo's data
	rm -rf $(UI)/static/ui/build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
