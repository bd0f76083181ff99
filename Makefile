.PHONY: setup demo test check bench

setup: ; @scripts/setup
demo:  ; @scripts/demo $(ARGS)
test:  ; @scripts/test $(ARGS)
check: ; @scripts/check
bench: ; @scripts/bench $(ARGS)
