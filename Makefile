# Every target needs only make, bash and Python 3.11 or newer; none needs root but the first `make test`
# on a machine without Chromium.

SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8000
SERVE ?= 1
export PORT

# The first Python that is new enough; `make setup PYTHON=python3.12` chooses another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
PIP_WHEEL := $(wildcard tools/pip-*.whl)
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)
PRODUCT := audit config files operations organizations rectification reviews trail workbooks
# With the rules of tools/semgrep alone: it asks no network and tells nobody.
SEMGREP := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(VENV)/bin/semgrep scan --metrics off --disable-version-check
STATIC_FILES := $(shell find static -type f 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup demo test trust check scan fix bench messages lock vendor dev chromium strace
.DELETE_ON_ERROR:

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.runtime $(CATALOGUES:.po=.mo) staticfiles/staticfiles.json ## build .venv with what the product needs

demo: setup ## the sample district in three quarters, its documents in out/, then serve it (SERVE=0: do not)
	@if [ "$(SERVE)" != 0 ]; then $(PY) -m tools.port_is_free $(PORT); fi
	$(PY) manage.py migrate --verbosity 0
	$(PY) manage.py demo
	@mkdir -p out
	$(PY) manage.py report 2018Q3 --kind circular --format docx --output out/circular-2018Q3.docx
	$(PY) manage.py report 2018Q3 --kind circular --format pdf --output out/circular-2018Q3.pdf
	@if [ "$(SERVE)" != 0 ]; then \
		echo "Serving on http://127.0.0.1:$(PORT)/ — Ctrl+C stops it."; \
		exec $(VENV)/bin/gunicorn -c python:config.gunicorn; \
	fi

test: chromium dev ## the whole suite, on SQLite and on PostgreSQL
	@echo "== SQLite =="
	env -u DATABASE_URL $(PY) -m pytest -n logical
	@echo "== PostgreSQL =="
	$(PY) -m tests.postgres $(PY) -m pytest -n logical --database-only

trust: dev strace ## nothing lost under kills, races and raw SQL, on SQLite and on PostgreSQL; half an hour and more
	env -u DATABASE_URL $(PY) -m tests.trust

check: dev ## style, types, scans, migrations, translations and deployment settings; changes nothing
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/bandit -q -c pyproject.toml -r $(PRODUCT) tools
	$(SEMGREP) --config tools/semgrep --error --quiet $(PRODUCT) templates
	$(SEMGREP) --config tools/semgrep --test --quiet tests/tools/semgrep
	$(PY) manage.py check --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) -m tools.messages check
	HTTPS=1 DEBUG=0 ALLOWED_HOSTS=review.example \
		$(PY) manage.py check --deploy --fail-level WARNING

scan: setup ## wapiti from outside, as everybody the demo has an account for; half an hour at most
	$(PY) -m tools.scan --port $(PORT)

fix: dev ## put right what ruff can
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: chromium dev ## how long the heavy deeds take on a large district, and a grid until it takes a key
	$(PY) -m tests.bench

messages: $(VENV)/.runtime ## bring the translation catalogues up to the code
	$(PY) -m tools.messages update
	$(PY) -m tools.messages compile

lock: ## pin requirements/*.in anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		requirements/runtime.in -o requirements/runtime.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		-c requirements/runtime.txt requirements/dev.in -o requirements/dev.txt

vendor: $(VENV)/.runtime ## fetch the scripts and styles of tools/vendor.json anew (needs npm)
	$(PY) -m tools.vendor

dev: $(VENV)/.dev setup ## .venv with what developing needs too

chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ]; then apt-get update -q && apt-get install -qy --no-install-recommends chromium; \
	else echo "make test needs the Chromium browser: sudo apt-get install chromium" >&2; exit 1; fi

strace:
	@command -v strace >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ]; then apt-get update -q && apt-get install -qy --no-install-recommends strace; \
	else echo "make trust needs strace: sudo apt-get install strace" >&2; exit 1; fi

# --- Files that stand for steps done; a second run has nothing to do -----------------------------

# The environment comes without pip and takes it from tools/, so that a Python without ensurepip
# (Debian without python3-venv) will do.
$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and was not found." >&2; exit 1; }
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.pip: $(PIP_WHEEL) | $(VENV)/bin/python
	$(PY) $(PIP_WHEEL)/pip install --quiet --no-index $(PIP_WHEEL)
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt | $(VENV)/.pip
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/.runtime
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

%.mo: %.po | $(VENV)/.runtime
	$(PY) -m tools.messages compile

staticfiles/staticfiles.json: $(STATIC_FILES) requirements/runtime.txt | $(VENV)/.runtime
	$(PY) manage.py collectstatic --noinput --verbosity 0
	@touch $@
