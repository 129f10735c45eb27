# Two commands for people: `make demo` and `make test`. Both install what is missing on Debian 12.

PREFIX ?= /usr/local
DESTDIR ?=

# What tests, the demo and the installation use. Rebuilt by `make release`.
IPEK := .build/ipek
export IPEK_BINARY ?= $(CURDIR)/$(IPEK)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := release
.PHONY: release demo test faults interop pages bench install lint manual dependencies clean

dependencies:
	@Scripts/install-dependencies

release: dependencies
	@Scripts/build-release

# `make release && sudo make install`: as root nothing is built that is there already.
$(IPEK):
	@Scripts/install-dependencies
	@Scripts/build-release

demo: release
	@Scripts/demo

# The command tests run the release binary, so it is built first. The test runners speak last.
test: release
	@swift build --build-tests
	@swift test --skip-build --disable-xctest
	@Tests/Interop/run
	@Tests/Pages/run
	@Tests/Faults/run --short

# Every fault at every call; takes its time.
faults: release
	@Tests/Faults/run

pages: release
	@Tests/Pages/run

interop: release
	@Tests/Interop/run

bench: release
	@Benchmarks/run

lint: dependencies
	@Scripts/lint

manual: dependencies
	@Scripts/make-manual

install: $(IPEK)
	@Scripts/install "$(DESTDIR)" "$(PREFIX)"

clean:
	rm -rf .build Benchmarks/.build
