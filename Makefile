# Two commands are enough: `make chat` and `make test`. Both set up what they need in .venv.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
INSTALLING := $(VENV)/.installing
# What `make test` installs, and what `make eval` asks. All extras that have code
# of ours: its types can't be checked without the libraries it is written for.
EXTRAS ?= eval,peers,test
SET ?= merida
comma := ,
TESTING := $(VENV)/.installed-$(subst $(comma),-,$(EXTRAS))

.DEFAULT_GOAL := help
.PHONY: help chat test eval setup lint fix lock screenshots clean environment

help:
	@echo "make chat         install, and open the chat at http://127.0.0.1:7860"
	@echo "make test         install, then check style, types, architecture, and run all tests"
	@echo "make eval         install, and measure the answers on a question set: SET=NAME or a path"
	@echo "make lint         check style, types and architecture"
	@echo "make fix          put the code in style"
	@echo "make lock         pin every dependency anew in constraints.txt"
	@echo "make screenshots  take the pictures of the page"
	@echo "make clean        remove the environment and the tools' caches; indexes stay"

chat: environment
	@$(MAKE) --no-print-directory $(VENV)/.installed-chat
	$(PY) -m assistant chat

test: setup lint
	$(PY) -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile

eval: environment
	@$(MAKE) --no-print-directory $(VENV)/.installed-eval
	$(PY) -m eval run --set $(SET)

setup: environment
	@$(MAKE) --no-print-directory $(TESTING)

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

fix: setup
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

screenshots: setup
	$(PY) -m tests.web.screenshots

# Resolved for all platforms. What torch brings for graphics cards is left to torch: which of
# it is wanted depends on the build that pip finds.
lock: environment
	$(PIP) install --quiet 'uv>=0.13'
	$(PY) -m uv pip compile pyproject.toml --all-extras --universal --upgrade --quiet \
	    --no-emit-index-url --no-emit-find-links --no-annotate \
	    --custom-compile-command "make lock" --output-file $(VENV)/constraints.txt
	grep -vE '^(nvidia|cuda|triton)' $(VENV)/constraints.txt > constraints.txt
	@rm $(VENV)/constraints.txt

clean:
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# A .venv that is missing, that doesn't run, or in which an install was broken off is made anew.
environment:
	@if [ -e $(INSTALLING) ] || ! $(PY) -m pip --version >/dev/null 2>&1; then \
	    command -v "$(PYTHON)" >/dev/null || { \
	        echo "There is no $(PYTHON) here. Name a Python from 3.11 on: make PYTHON=python3.11"; \
	        exit 1; }; \
	    "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	        echo "$$("$(PYTHON)" --version) is too old. Name one from 3.11 on: make PYTHON=python3.11"; \
	        exit 1; }; \
	    rm -rf $(VENV) && "$(PYTHON)" -m venv $(VENV); \
	fi

# The stamps are written last, so that only a finished install counts.
$(VENV)/.installed-chat: pyproject.toml constraints.txt
	touch $(INSTALLING)
	$(PIP) install --editable . --constraint constraints.txt
	rm $(INSTALLING)
	touch $@

$(VENV)/.installed-eval: pyproject.toml constraints.txt
	touch $(INSTALLING)
	$(PIP) install --editable '.[eval]' --constraint constraints.txt
	rm $(INSTALLING)
	touch $@ $(VENV)/.installed-chat

$(TESTING): pyproject.toml constraints.txt
	touch $(INSTALLING)
	$(PIP) install --editable '.[$(EXTRAS)]' --constraint constraints.txt
	rm $(INSTALLING)
	touch $@ $(VENV)/.installed-eval $(VENV)/.installed-chat
