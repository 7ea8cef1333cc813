# Everything a clone needs: Python 3.11 or newer, git, make and, for the browser tests, apt. Start with `make run`.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
LOGS := build/logs

export PATH := $(BIN):$(PATH)
export REFLEX_USE_NPM := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

# $(call step,NAME,COMMAND): one line where it goes well, the whole output where it does not.
step = @mkdir -p $(LOGS); if ( $(2) ) >$(LOGS)/$(1).log 2>&1; then echo "ok      $(1)"; \
	else cat $(LOGS)/$(1).log; echo "FAILED  $(1)"; exit 1; fi

# $(call today,TESTS): what failed is run once more if Việt Nam's midnight came meanwhile, for its today was yesterday's.
today = @day=`TZ=UTC-7 date +%F`; $(1) || { test $$day != `TZ=UTC-7 date +%F` && $(1) --last-failed; }

.PHONY: run phone test lint unit js browser site e2e e2e-cluster bench lighthouse histories history year soak fuzz audit clean

run: $(VENV)/.runtime
	@exec $(BIN)/python -m fieldapp demo --port $(PORT)

# HTTPS for phones in the same network; ARGS="--cert ... --key ..." for a certificate that they trust already.
phone: $(VENV)/.dev
	@exec $(BIN)/python -m fieldapp phone $(ARGS)

# What keeps one core busy goes two at a time.
test:
	@$(MAKE) --no-print-directory --jobs=2 lint js browser site
	@$(MAKE) --no-print-directory unit e2e

browser: $(VENV)/.dev
	$(call step,browser,python -m tests.e2e.browser)

site: $(VENV)/.runtime
	$(call step,site,python -m fieldapp build)

lint: $(VENV)/.dev node_modules/.package-lock.json
	$(call step,ruff-check,ruff check --quiet --output-format concise)
	$(call step,ruff-format,ruff format --check --quiet --output-format concise)
	$(call step,pyright,node_modules/.bin/pyright)
	$(call step,lint-imports,lint-imports --no-logo)

js: $(VENV)/.runtime node_modules/.package-lock.json
	$(call step,js,node --test --test-concurrency=2 --test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap \
		--test-reporter-destination=$(LOGS)/js.tap "tests/js/**/*.test.js" && grep -q "^\# pass [1-9]" $(LOGS)/js.tap)
	@sed -n 's/^# pass \(.*\)/\1 passed/p' $(LOGS)/js.tap

unit: $(VENV)/.dev
	$(call today,python -m pytest --quiet --durations 12 --durations-min 5 --numprocesses 2 --dist loadgroup --no-loadscope-reorder --ignore=tests/e2e)

e2e: browser site node_modules/.package-lock.json
	$(call today,python -m pytest --quiet --durations 12 --durations-min 5 --numprocesses 2 --dist loadgroup --no-loadscope-reorder tests/e2e)
	@TOSO_STAGE=cluster python -m pytest --quiet tests/e2e/test_main_job.py

# All end-to-end tests on two workers over PostgreSQL and Redis; `e2e` runs the main job so.
e2e-cluster: browser site node_modules/.package-lock.json
	@TOSO_STAGE=cluster python -m pytest --quiet --durations 12 --durations-min 5 --numprocesses 2 --dist loadgroup --no-loadscope-reorder tests/e2e

bench: browser site node_modules/.package-lock.json
	@exec $(BIN)/python -m tests.load

# Lighthouse's scores of the phone's main screens; it comes with 150 packages, so it stays out of the product's lock.
lighthouse: browser site node_modules/.package-lock.json build/lighthouse/node_modules/.package-lock.json
	@exec $(BIN)/python -m tests.load.lighthouse

# Histories of phones and a server, over both databases: HISTORIES=2000, SEED=1 for the same ones again.
histories: $(VENV)/.dev node_modules/.package-lock.json
	@python -m tests.histories --histories $(or $(HISTORIES),2000) $(if $(SEED),--seed $(SEED)) $(if $(DATABASE),--database $(DATABASE))

# One story again, as a failing run printed it: STORY='[...]', DATABASE=sqlite or postgresql for one of them.
history: $(VENV)/.dev node_modules/.package-lock.json
	@python -m tests.histories --story '$(STORY)' $(if $(DATABASE),--database $(DATABASE))

# A year of a province of size m (160,000 visits), on both databases, which takes long: COMMUNES=10 for a smaller one.
year: $(VENV)/.dev
	@YEAR_COMMUNES=$(or $(COMMUNES),96) YEAR_VILLAGES=17 YEAR_HOMES=17 YEAR_VISITS=8 \
		python -m pytest --quiet -rP tests/year $(if $(DATABASE),-k $(DATABASE))

# A long run of what `make test` does in a minute: another seed each time, printed, and set anew by FUZZ_SEED=.
fuzz: $(VENV)/.dev
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-100} FUZZ_SEED=$${FUZZ_SEED:-$$(date +%s)} python -m pytest --quiet -rP tests/fuzz

# Not part of `make test`: it asks services on the network. Exits 1 for a weakness, 3 where a service was not reached.
audit: $(VENV)/.audit node_modules/.package-lock.json
	@exec $(BIN)/python -m tests.audit

# A storm day in 30 minutes, or in SOAK_MINUTES: exits 1 where anything was lost, doubled, wrong or slow.
soak: $(VENV)/.dev site node_modules/.package-lock.json
	@exec $(BIN)/python -m tests.load.soak

build/lighthouse/node_modules/.package-lock.json: | $(VENV)/.runtime
	$(call step,lighthouse,npm install --no-save --prefix build/lighthouse lighthouse@12.8.2)

clean:
	rm -rf $(VENV) node_modules build .web .states assets/external .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	$(call step,venv,$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); apt-get install --yes python3-venv && $(PYTHON) -m venv $(VENV); })

$(VENV)/.runtime: requirements.txt constraints.txt | $(VENV)/bin/python
	$(call step,requirements,$(BIN)/pip install --quiet -r requirements.txt)
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(call step,requirements-dev,$(BIN)/pip install --quiet -r requirements-dev.txt)
	@touch $@

$(VENV)/.audit: requirements-audit.txt $(VENV)/.dev
	$(call step,requirements-audit,$(BIN)/pip install --quiet -r requirements-audit.txt)
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json $(VENV)/.runtime
	$(call step,npm,npm ci)
	@touch $@
