# Two commands do everything: `make bench` runs the main job, `make test` the tests.
# Both build the virtual environment themselves.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= bench-out
# Handed to pip, such as PIP_ARGS="--extra-index-url https://download.pytorch.org/whl/cpu" for PyTorch without CUDA.
PIP_ARGS ?=
# What `make quick` compares with.
BASE ?= main

export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export MKL_NUM_THREADS ?= 1
# The many processes that tests and cells start would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: bench screenshots quick test fast test-all packages lint format speed docs clean

bench: $(VENV)/.core
	@mkdir -p $(OUT)
	$(BIN)/t2bench run quick --store $(OUT)/quick.sqlite --jobs 2 --resume || test $$? -eq 1
	$(BIN)/t2bench report $(OUT)/quick.sqlite -o $(OUT)/report

screenshots: packages bench $(VENV)/.test
	$(BIN)/python -m tests.browser.screenshots $(OUT)/report docs/images

quick: $(VENV)/.test lint
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" --maxfail 5 $$($(BIN)/python tests/scripts/changed.py $(BASE))

# Lint keeps one processor busy, so it runs beside the tests.
test: $(VENV)/.test
	@$(MAKE) --no-print-directory --jobs 2 lint fast

fast: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" --ignore tests/speed tests

test-all: packages $(VENV)/.test lint speed
	$(BIN)/python -m pytest -n 2 --dist worksteal --ignore tests/speed tests

packages:
	-tests/scripts/install-postgresql.sh
	-tests/scripts/install-chromium.sh

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.test
	$(BIN)/mkdocs build --strict

speed: $(VENV)/.test
	$(BIN)/python -m pytest tests/speed

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) --editable '.[learn]'
	touch $@

$(VENV)/.test: pyproject.toml $(VENV)/.core
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) --editable '.[test]'
	touch $@

clean:
	rm -rf $(VENV) $(OUT) build *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache
