# Recur: `make help` lists what can be made.
#
# The Python environment is made in .venv on first use, and again only when a requirements file
# changes. PYTHON names the interpreter it is made from.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3,$(if $(shell command -v $(p)),$(p))))
VENV := .venv
RUN := $(VENV)/bin/python
APPS := $(patsubst apps/%/__main__.py,%,$(wildcard apps/*/__main__.py))
SOURCES := apps common tests
# Tests run in two processes; what one file or one trained bundle serves stays in one of them.
WORKERS := -n 2 --dist loadgroup

# What the user gives goes through the environment, so that quotes and dollars in a text stay whole.
export RECUR_DATA_NAME := $(value DATA)
export RECUR_OUT := $(value OUT)
export RECUR_INPUT := $(value INPUT)
export RECUR_FILE := $(value FILE)
export RECUR_ARTEFACT := $(value ARTEFACT)
export RECUR_SPLIT := $(value SPLIT)
export RECUR_APP := $(value APP)
# Some shells have a HOST of their own, this machine's name.
export RECUR_HOST := $(if $(filter command,$(origin HOST)),$(value HOST))
ARGS ?=

.PHONY: help
help: ## Show this list
	@echo 'Applications: $(APPS)'
	@echo
	@grep -hE '^[a-z<%-]+[^:]*:.*## ' $(MAKEFILE_LIST) | grep -v grep \
	  | sed -E 's/%/<app>/; s/:.*## /\t/' \
	  | awk -F '\t' '{printf "  make %-20s %s\n", $$1, $$2}'
	@echo
	@echo 'Every option of a command: $(RUN) -m apps.<app> train|evaluate|predict|compare --help'

# ---- environment

$(VENV)/.installed: requirements.txt
	@test -n '$(PYTHON)' || { echo 'error: no python3 found; install Python 3.11, or give PYTHON=…' >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'error: $(PYTHON) is older than 3.11; give PYTHON=…' >&2; exit 2; }
	@echo 'Setting up $(VENV) (once; some minutes)' >&2
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements-clients.txt $(VENV)/.installed
	@echo 'Installing what tests and checks need' >&2
	@$(RUN) -m pip install --quiet --disable-pip-version-check \
	  -r requirements-dev.txt -r requirements-clients.txt
	@touch $@

.PHONY: setup
setup: $(VENV)/.installed ## Make the Python environment (other targets do it when it is needed)

# ---- applications

.PHONY: train-% evaluate-% predict-% compare-%
train-%: $(VENV)/.installed ## Train, export, score [DATA=…] [OUT=exported/<app>] [ARGS="--epochs 5 …"]
	@$(RUN) -m apps.$* train $${RECUR_DATA_NAME:+--data "$$RECUR_DATA_NAME"} \
	  $${RECUR_OUT:+--output "$$RECUR_OUT"} $(ARGS)

evaluate-%: $(VENV)/.installed ## Score every artefact of a bundle [DATA=…] [SPLIT=…] [OUT=…] [ARTEFACT=…]
	@$(RUN) -m apps.$* evaluate $${RECUR_DATA_NAME:+--data "$$RECUR_DATA_NAME"} \
	  $${RECUR_OUT:+--bundle "$$RECUR_OUT"} $${RECUR_ARTEFACT:+--artefact "$$RECUR_ARTEFACT"} \
	  $${RECUR_SPLIT:+--split "$$RECUR_SPLIT"} $(ARGS)

predict-%: $(VENV)/.installed ## Answer INPUT=…, or lines of FILE=… or standard input [OUT=…] [ARTEFACT=…]
	@$(RUN) -m apps.$* predict $${RECUR_OUT:+--bundle "$$RECUR_OUT"} \
	  $${RECUR_ARTEFACT:+--artefact "$$RECUR_ARTEFACT"} \
	  $${RECUR_FILE:+--input-file "$$RECUR_FILE"} $(ARGS) \
	  $${RECUR_INPUT:+-- "$$RECUR_INPUT"}

compare-%: $(VENV)/.installed ## Train with our layer, GRU and LSTM, three seeds each [DATA=…] [ARGS=…]
	@$(RUN) -m apps.$* compare $${RECUR_DATA_NAME:+--data "$$RECUR_DATA_NAME"} $(ARGS)

.PHONY: explain
explain: $(VENV)/.installed ## Draw what a recurrent network remembers [OUT=exported/explain] [ARGS="--part memory --quick"]
	@$(RUN) -m common.explain $(APPS:%=--app %) $${RECUR_OUT:+--output "$$RECUR_OUT"} $(ARGS)

.PHONY: curve-%
curve-%: $(VENV)/.installed ## Accuracy of a classifier's smallest file against its bytes, by size [DATA=…] [ARGS=…]
	@$(RUN) -m apps.$* curve $${RECUR_DATA_NAME:+--data "$$RECUR_DATA_NAME"} \
	  $${RECUR_OUT:+--output "$$RECUR_OUT"} $(ARGS)

.PHONY: export-c
export-c: $(VENV)/.installed ## Write APP=…'s one-step file as C source [OUT=…] [ARTEFACT=step]
	@test -n "$$RECUR_APP" || { echo 'error: give APP=…, one of: $(APPS)' >&2; exit 2; }
	@$(RUN) -m common.micro $${RECUR_OUT:+--bundle "$$RECUR_OUT"} \
	  $${RECUR_ARTEFACT:+--artefact "$$RECUR_ARTEFACT"} $(ARGS) -- "$$RECUR_APP"

.PHONY: sample-voice
sample-voice: $(VENV)/.installed ## Write a few clips of the embedded voices as WAV [OUT=exported/voice-samples]
	@$(RUN) -m apps.voice.builtin.sample $${RECUR_OUT:+"$$RECUR_OUT"}

.PHONY: sample-captioning
sample-captioning: $(VENV)/.installed ## Write a sheet of the embedded drawings [OUT=exported/captioning-samples.png]
	@$(RUN) -m apps.captioning.builtin.sample $${RECUR_OUT:+"$$RECUR_OUT"}

# The runtime of the page comes from npm, at the versions of the lock file.
DEMO := common/demo
$(DEMO)/node_modules/.installed: $(DEMO)/package.json $(DEMO)/package-lock.json
	@command -v npm >/dev/null \
	  || { echo 'error: npm is missing, which gets the runtime of the page; install Node.js 20' >&2; exit 2; }
	@echo 'Getting the runtime of the page (once)' >&2
	@cd $(DEMO) && npm ci --ignore-scripts --no-audit --no-fund --silent \
	  || { echo 'error: npm could not get the runtime of the page; look at its message' >&2; exit 2; }
	@touch $@

.PHONY: demo
demo: $(VENV)/.installed $(DEMO)/node_modules/.installed ## Open a page where a browser runs the models [OUT=exported] [ARGS=--no-open]
	@$(RUN) -m common.demo $${RECUR_OUT:+--bundles "$$RECUR_OUT"} $(ARGS)

# ---- server

.PHONY: serve
serve: $(VENV)/.installed ## Write what TF Serving is started with, for all bundles [OUT=exported]
	@$(RUN) -m common.serving $(APPS:%=--app %) $${RECUR_OUT:+--bundles "$$RECUR_OUT"} $(ARGS)

.PHONY: serve-check
serve-check: $(VENV)/.installed ## Compare a running server with the bundles [HOST=localhost] [OUT=exported]
	@$(RUN) -m common.serving.check $${RECUR_HOST:+--host "$$RECUR_HOST"} \
	  $${RECUR_OUT:+--bundles "$$RECUR_OUT"} $(ARGS)

# ---- development

.PHONY: test
test: $(VENV)/.installed-dev ## Run the tests (the long ones excepted)
	@$(RUN) -m pytest -m 'not slow and not clients' $(WORKERS) $(ARGS)

.PHONY: test-all
test-all: $(VENV)/.installed-dev ## Run all tests
	@$(RUN) -m pytest -m 'not clients' $(WORKERS) $(ARGS)

# What the clients run: trained on the embedded data where no bundle is there. ARGS_<app> are options
# of its training.
BUNDLES := $(foreach app,$(APPS),exported/$(app)/metrics.json)
exported/%/metrics.json: | $(VENV)/.installed
	@$(RUN) -m apps.$* train $(ARGS_$*)

.PHONY: test-clients
test-clients: $(VENV)/.installed-dev $(BUNDLES) ## Run every bundle in clients that others wrote; prints who agrees
	@$(RUN) -m pytest -m clients tests/clients $(ARGS)

.PHONY: lint
lint: $(VENV)/.installed-dev ## Check format, style and types
	@$(RUN) -m ruff format --check --quiet . || { echo 'error: run make format' >&2; exit 1; }
	@$(RUN) -m ruff check --quiet .
	@$(RUN) -m mypy $(SOURCES)

.PHONY: format
format: $(VENV)/.installed-dev ## Format the code
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

# Keras 2, for the kernel that only it is converted to; the benchmark goes on without.
BENCH := .cache/bench
$(BENCH)/.installed: requirements-bench.txt | $(VENV)/.installed
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --upgrade \
	  --target $(BENCH) -r $<
	@touch $@

export RECUR_BASE := $(value BASE)
BENCHED := $(patsubst apps/%/benchmark.py,--app %,$(wildcard apps/*/benchmark.py))
.PHONY: bench bench-compare
bench: $(VENV)/.installed ## Time training and exported files against Keras's [OUT=exported] [ARGS="--only latency"]
	@$(MAKE) --no-print-directory --silent $(BENCH)/.installed \
	  || echo 'note: Keras 2 could not be had, so the fused LSTM is left out' >&2
	@$(RUN) -m common.benchmark $(BENCHED) $${RECUR_OUT:+--output "$$RECUR_OUT"} $(ARGS)

bench-compare: $(VENV)/.installed ## Has a ratio of the benchmark become worse? [BASE=…] [OUT=exported] [ARGS=--update]
	@$(RUN) -m common.benchmark.compare $${RECUR_OUT:+--run "$$RECUR_OUT/bench.json"} \
	  $${RECUR_BASE:+--base "$$RECUR_BASE"} $(ARGS)

.PHONY: clean
clean: ## Delete caches and the environment; bundles stay
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
