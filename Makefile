# `make demo` shows the program on its demo study; `make test` runs all tests. Both prepare .venv themselves.
# They need make, git and Python 3.11, 3.12 or 3.13 with venv: apt-get install make git python3-venv

BIN := .venv/bin

.PHONY: demo test lint format frozen frozen-full clean help

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

demo: ## open the demo study, or analyse it on the command line where there is no display
	@packaging/setup.sh core
	@$(BIN)/ichviewer demo --out out/demo

test: ## run all tests
	@packaging/setup.sh dev
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: ## check style, types and the direction of imports
	@packaging/setup.sh dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: ## format the code
	@packaging/setup.sh dev
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

frozen: ## build the stand-alone program into dist/ichviewer and try it
	@packaging/setup.sh dev
	$(BIN)/python packaging/build.py
	$(BIN)/python packaging/smoke_test.py dist/ichviewer

frozen-full: ## the same with TensorFlow inside, into dist/ichviewer-full
	@packaging/setup.sh dev
	$(BIN)/python packaging/build.py --full
	$(BIN)/python packaging/smoke_test.py dist/ichviewer-full --full

clean: ## remove what was built; .venv stays
	rm -rf build dist out
