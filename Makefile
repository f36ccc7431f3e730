# 积分分析 · jifen_analysis. Needs python3 (3.11 or newer) and make; everything else goes into .venv.

PYTHON ?= python3
BIN := .venv/bin
ENVIRONMENT := .venv/made-from-requirements
# Thousands of modules, which every worker and every process of a test imports, are compiled once: by one process,
# before there are workers that would each do it at the same time.
COMPILED := .venv/compiled
unexport PYTHONDONTWRITEBYTECODE
# One more than processors: a fifth of the tests' time is waiting, for browsers and kernels.
WORKERS = $(shell $(PYTHON) -c 'import os; print(os.cpu_count() + 1)')

.DEFAULT_GOAL := help
.PHONY: help demo test suite lint bench pictures gallery look bundle pins clean

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(ENVIRONMENT) ## the main job on data/sample: check, assess, results workbook (into demo_out/)
	$(BIN)/jifen demo

test: $(ENVIRONMENT) ## style, types, every test
	$(MAKE) --no-print-directory -j 2 lint suite # types are checked on one processor while tests run on the other

suite: $(COMPILED)
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal # neighbours stay together: what a file prepares is prepared once

lint: $(ENVIRONMENT) ## style and types alone
	$(BIN)/ruff check
	$(BIN)/mypy

bench: $(ENVIRONMENT) ## speed and memory beside others, everything in one run
	-$(BIN)/uv pip install --quiet --python .venv duckdb polars # without them the runner says what it leaves out
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.raw --members 10000 100000 1000000
	$(BIN)/python -m benchmarks.converting --members 100000 400000
	$(BIN)/python -m benchmarks.wrong
	$(BIN)/python -m benchmarks.robustness
	$(BIN)/python -m benchmarks.workbooks
	$(BIN)/python -m benchmarks.writing
	$(BIN)/python -m benchmarks.spreadsheet
	$(BIN)/python -m benchmarks.partitions --most 8

pictures: $(ENVIRONMENT) ## the pictures of the README, from real output
	$(BIN)/python docs/pictures.py

look: $(ENVIRONMENT) ## every output rendered to pictures (into look/): pages, paper, slides, notebooks
	$(BIN)/python docs/look.py

gallery: $(ENVIRONMENT) ## docs/gallery.md and its pictures, every chart drawn on the sample
	$(BIN)/python docs/gallery.py

bundle: $(ENVIRONMENT) ## the zip for offline Windows desks, with all wheels (into dist/)
	$(BIN)/python bundle/pack.py

pins: $(ENVIRONMENT) ## requirements.txt anew from pyproject.toml, for every supported Python and system
	$(BIN)/uv pip compile pyproject.toml --upgrade --universal --python-version 3.11 \
	  --extra notebook --extra export --extra scale --extra desk --extra sql --group dev \
	  --no-header --no-annotate --quiet --output-file requirements.txt

clean: ## removes the environment and what tools leave behind
	rm -rf .venv build dist demo_out look .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(ENVIRONMENT): requirements.txt pyproject.toml
	PYTHON=$(PYTHON) sh .ci/environment
	@touch $@

$(COMPILED): $(ENVIRONMENT)
	@$(BIN)/python -m pytest -qq --collect-only >/dev/null 2>&1 || true # what is wrong, the suite says
	@touch $@
