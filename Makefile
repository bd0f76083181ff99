.PHONY: setup frontend demo test check bench

setup: ; @scripts/setup
frontend: ; @scripts/frontend
demo:  ; @scripts/demo $(ARGS)
test:  ; @scripts/test $(ARGS)
check: ; @scripts/check
bench: ; @scripts/bench $(ARGS)
