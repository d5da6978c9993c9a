# Short names for what people do in a checkout. `./demo` and `./test` do the same as the targets and need no make.

BIN := .venv/bin

.PHONY: demo test soak fuzz bench bench-node lint format frozen frozen-full clean help

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

demo: ## open the demo studies, or analyze them on the command line where there is no display
	@./demo

test: ## run all tests
	@./test $(PYTEST_ARGS)

soak: ## random actions on a real window for SOAK_SECONDS (600), compared with fresh analyses; SOAK_SEED repeats one
	@packaging/setup.sh dev
	@$(BIN)/python tests/soak/run.py --seconds $(or $(SOAK_SECONDS),600) $(if $(SOAK_SEED),--seed $(SOAK_SEED))

bench: ## speed and memory beside floors and peers, into out/bench.json; BENCH_ARGS="--only scan,annotate --runs 5"
	@packaging/setup.sh dev
	@$(BIN)/python tests/bench/run.py $(BENCH_ARGS)

bench-node: ## 200 studies by 8 senders to a node that is killed, results to a PACS that is stopped; BENCH_ARGS="--studies 10"
	@packaging/setup.sh dev
	@$(BIN)/python tests/bench/bench_node.py --out out/bench-node.json $(BENCH_ARGS)

fuzz: ## fuzz reading and analysis for FUZZ_SECONDS (3600)
	@packaging/fuzz.sh

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
