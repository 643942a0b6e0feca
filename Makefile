# Two commands need nothing but Python 3.12 or later, make and git: `make report` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.PHONY: help setup report lab html test check validate learn scoreboard baselines benchmark lock clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

setup: $(STAMP)  ## set up .venv, from which .venv/bin/forecasts runs

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null || \
	  { echo "Python 3.12 or later is needed as $(PYTHON); set PYTHON=... to name one." >&2; exit 1; }
	@echo "setting up .venv (about a minute the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip sync --compile-bytecode --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install --python $(BIN)/python --no-deps --editable .
	@touch $@

report: setup  ## fit the headline series and write reports/index.html
	$(BIN)/forecasts report --out reports --seed 1

lab: setup  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --config=tools/jupyterlab/config.py --ServerApp.root_dir=notebooks

html: setup  ## execute all notebooks and write them, and a page of the functions, as HTML
	$(BIN)/python tools/render_notebooks.py
	$(BIN)/python tools/api_page.py

test: setup check  ## lint, type check and all tests
	$(BIN)/python -m pytest

check: setup  ## lint and type check only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

validate: setup  ## the long checks, whose results are committed under validation/ (resumable)
	$(BIN)/python -m pytest -m long
	$(BIN)/python tools/validate.py
	$(BIN)/python tools/headline.py
	$(BIN)/python tools/sbc.py
	$(BIN)/python tools/thin_data.py

learn: setup  ## learn the population of trends from the bundled series anew
	$(BIN)/python tools/learn_population.py

scoreboard: setup  ## score forecasts at past dates on the bundled series (resumable)
	$(BIN)/python tools/scoreboard.py

baselines: setup  ## add Prophet and statsforecast, which scoreboards then score beside the others
	$(BIN)/uv pip install --python $(BIN)/python --editable '.[benchmark]'

benchmark: setup  ## print times and peak memory
	$(BIN)/python tools/benchmark.py

lock: setup  ## resolve the dependencies anew
	$(BIN)/uv pip compile --universal --extra notebooks --extra distributed --group dev --no-header --no-annotate \
	  pyproject.toml -o requirements.lock --upgrade

clean:  ## remove what the other targets made
	rm -rf .venv reports .mypy_cache .ruff_cache .pytest_cache .hypothesis
