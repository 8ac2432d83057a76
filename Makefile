# Every target is one script in tools/; `make` alone lists them.
PYTHON ?= python3
ARGS ?=
.DEFAULT_GOAL := help
.PHONY: help demo test test-rust test-acceptance test-peer faults lint bench bench-patterns docs release registry clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | awk -F'|' '{ printf "%-24s %s\n", $$1, $$2 }'

demo: ## build, start an emulator, apply an example, publish an event, show its row, destroy
	@$(PYTHON) tools/demo.py $(ARGS)

test: ## all tests: Rust, a sample of faults, the real terraform on emulators (ARGS="-k rule" narrows the latter)
	@$(PYTHON) tools/test.py $(ARGS)

test-rust: ## the Rust tests alone
	@$(PYTHON) tools/test.py --rust

test-acceptance: ## the acceptance tests alone (ARGS as above)
	@$(PYTHON) tools/test.py --acceptance $(ARGS)

test-peer: ## objects of hashicorp/aws move in (needs that provider; ARGS as above)
	@$(PYTHON) tools/test_peer.py $(ARGS)

faults: ## every kind of fault on every AWS call (ARGS="--only 'rule: update'" narrows it)
	@$(PYTHON) tools/faults.py $(ARGS)

lint: ## formatting, clippy, licences and bans of dependencies, docs, examples
	@$(PYTHON) tools/lint.py

bench: ## measure start, plans, applies, calls and memory; writes docs/benchmarks.md (ARGS=--estate: 10,000 rules)
	@$(PYTHON) tools/bench.py $(ARGS)

bench-patterns: ## measure the pattern engine beside quamina; writes docs/benchmarks-patterns.md
	@$(PYTHON) tools/bench_patterns.py $(ARGS)

docs: ## write docs/ from the provider's schema
	@cargo xtask docs $(ARGS)

release: ## build, package, sum and sign: make release VERSION=1.2.3 (ARGS="--key FILE")
	@cargo xtask release --version "$(VERSION)" $(ARGS)

registry: ## add what `make release` made to the static registry target/registry, verify all of it
	@cargo xtask registry $(ARGS)

clean: ## remove what the commands made (target/)
	rm -rf target
