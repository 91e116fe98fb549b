# Every target sets up what it needs: a virtual environment with the pinned, hashed packages of requirements/, which
# name every package that is wanted; hence --no-deps.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed

SECONDS ?= 600

# Pytest rewrites the assertions of 200 files; without their bytecode, each worker does so again in each run.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help sandbox bot test test-all coverage soak failover bench bench-long mutants stripe-check names check format lock locales clean
.DEFAULT_GOAL := help

help: ## Show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

sandbox: $(RUN) ## Run Rosette in a local Discord, with a web page to try it
	@exec $(BIN)/python -m sandbox $(ARGS)

bot: $(RUN) ## Run the bot with the settings of .env
	@exec $(BIN)/python -m bot run $(ARGS)

test: export THOROUGHNESS ?= quick
test: export TESTS_PART ?= 0
test: $(DEV) ## Run the tests, and a part of those that take long
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

test-all: ## Run every test
	$(MAKE) test THOROUGHNESS=full TESTS_PART=all

coverage: $(DEV) ## Run the tests, in half as much time again, and measure what they reach
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses auto --dist worksteal $(ARGS)
	$(BIN)/coverage combine -q
	$(BIN)/coverage report --fail-under=92

LONG := tests/faults tests/bot tests/payments tests/services tests/storage tests/operations/test_canaries.py \
	tests/ui/test_rendering.py tests/ui/test_discord_limits.py tests/domain/test_text.py \
	tests/web/test_overlay_flatness.py

soak: $(DEV) ## Kill the bot, cut the power and repeat deliveries for SECONDS=600, then what tests do in part, in full
	$(BIN)/python -m tests.faults.soak $(SECONDS)
	THOROUGHNESS=long $(BIN)/python -m pytest --numprocesses auto --dist worksteal $(LONG)

failover: $(DEV) ## Lose a primary database in the middle of a storm, on two machines made of networks; needs root and Linux
	unshare --net $(BIN)/python -m tests.faults.failover

bench: $(DEV) ## Measure what has a bar, each beside its anchor; writes build/bench.json
	$(BIN)/python -m benchmarks $(ARGS)

bench-long: $(DEV) ## The same with 10 million gifts, and every leaderboard
	$(BIN)/python -m benchmarks --long $(ARGS)

mutants: $(DEV) ## Change the rules a thousand times, and see whether a test notices
	HYPOTHESIS_PROFILE=mutants $(BIN)/mutmut run --max-children 2
	$(BIN)/mutmut results

# Others' stand-ins for Stripe, each in a folder of its own: one is under the GPL, and both are only run, never imported.
CHECK := build/stripe-check

stripe-check: $(DEV) $(CHECK)/.installed ## Try the client of Stripe on stand-ins that others wrote; needs Node
	$(BIN)/python -m tests.stripe_check

$(CHECK)/.installed: $(wildcard requirements/stripe-check/*)
	@mkdir -p $(CHECK)
	@$(PYTHON) -m venv $(CHECK)/python
	@$(CHECK)/python/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/stripe-check/python.txt
	@cp requirements/stripe-check/package.json requirements/stripe-check/package-lock.json $(CHECK)
	@cd $(CHECK) && npm ci --silent --ignore-scripts
	@touch $@

names: $(DEV) ## Count how the code is named and commented; ARGS="bot/domain" for a part of it
	@$(BIN)/python -m tests.naming $(ARGS)

check: $(DEV) ## Lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/basedpyright

format: $(DEV) ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

locales: $(DEV) ## Bring the translation template and the catalogues up to date
	$(BIN)/pybabel -q extract -F bot/locales/babel.cfg -k _ -k N_ -k n_:1,2 --no-location --sort-output --omit-header -o bot/locales/rosette.pot .
	$(BIN)/pybabel -q update -D rosette --no-fuzzy-matching --ignore-obsolete --omit-header -i bot/locales/rosette.pot -d bot/locales

LOCK := uv pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

lock: $(DEV) ## Bring requirements/ up to date with pyproject.toml; UPGRADE=1 chooses new versions of everything
	$(BIN)/$(LOCK) --output-file requirements/run.txt pyproject.toml
	$(BIN)/$(LOCK) --group dev --constraint requirements/run.txt --output-file requirements/dev.txt pyproject.toml
	$(BIN)/$(LOCK) --extra sentry --constraint requirements/run.txt --output-file requirements/sentry.txt pyproject.toml
	$(BIN)/$(LOCK) --constraint requirements/run.txt --output-file requirements/stripe-check/python.txt requirements/stripe-check/python.in
	cd requirements/stripe-check && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved=true
	# Whom authors ask money for changes without a new version, and is no part of what is installed.
	$(BIN)/python -c 'import json, pathlib; file = pathlib.Path("requirements/stripe-check/package-lock.json"); \
	lock = json.loads(file.read_text()); [package.pop("funding", None) for package in lock["packages"].values()]; \
	file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")'

clean: ## Remove what was built; the database in data/ stays
	rm -rf $(VENV) build mutants .pytest_cache .ruff_cache .hypothesis .coverage*

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rosette needs Python 3.11 or later")'
	@$(PYTHON) -m venv $(VENV)

$(RUN): requirements/run.txt | $(BIN)/python
	@echo "Installing packages, about a minute …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/run.txt
	@touch $@

$(DEV): requirements/dev.txt | $(BIN)/python
	@echo "Installing packages, about a minute …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@touch $@ $(RUN)
