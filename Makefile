# Knutepunkt. `make` alone lists what there is to run.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
SERVE  ?= yes
LOCKS  := requirements/base.txt requirements/build.txt requirements/postgres.txt requirements/dev.txt
export PYTHONPATH := src

.DEFAULT_GOAL := targets
.PHONY: targets install demo serve test nightly failures histories attacks-page check fix lock messages assets-check clean

targets: ## List these targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

install: $(VENV)/.installed ## Set everything up in .venv (the other targets do it when needed)

$(VENV)/.installed: $(LOCKS) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed. Set PYTHON=/path/to/python3.11."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked requirements into $(VENV) (once; a minute or two) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes $(addprefix -r ,$(LOCKS))
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python tools/compile_messages.py
	@touch $@

demo: install ## Build the example centre, run the whole job once, then serve it (SERVE=no stops before)
	@$(BIN)/python -m knutepunkt demo --serve $(SERVE) --port $(PORT)

serve: install ## Serve the site at 127.0.0.1:8000
	@$(BIN)/python -m knutepunkt serve --port $(PORT)

test: install ## Run every test that can run here; what is skipped is named
	@$(BIN)/python tools/compile_messages.py
	@$(BIN)/python -m pytest -n 2 -q

nightly: install ## Run what takes hours: full simulations, then failures by the hundred; goes on where it was
	@$(BIN)/python tools/compile_messages.py
	@$(BIN)/python -m pytest -n 2 -q -m nightly --timeout 0
	@$(MAKE) --no-print-directory failures

failures: install ## Kill the server 500 times and send it 100,000 malformed requests; goes on where it was
	@$(BIN)/python -m tests.contract.killing --until 500
	@$(BIN)/python -m tests.attacks.server.malformed --until 100000

histories: install ## Live through 10,000 histories, attack each; goes on where it was (MINUTES=30 stops then)
	@nice -n 19 $(BIN)/python -m tests.attacks.histories.run --until 10000 --minutes $(or $(MINUTES),inf) --summary docs/methods/histories.md

attacks-page: install ## Run every attack and write its figures into docs/methods
	@$(BIN)/python tools/attacks_page.py

check: install ## Format, lint, types, import contracts, migrations, translations, docs
	@$(BIN)/python tools/check.py

fix: install ## Put format and simple lint in order
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

messages: install ## Compile the translations
	@$(BIN)/python tools/compile_messages.py

lock: ## Renew the locked requirements (needs uv: pip install uv)
	@for f in base postgres scale dev build; do uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --custom-compile-command "make lock" --upgrade requirements/$$f.in -o requirements/$$f.txt; done

clean: ## Remove what was made here, keeping .venv
	@rm -rf var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

assets-check: ## Rebuild what browsers get and compare it with what is committed (needs node)
	@$(PYTHON) tools/check_assets.py
