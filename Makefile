# gaitkeeper: everything a developer runs.
GO ?= go
FUZZTIME ?= 30s

.PHONY: demo test check format lint bench fuzz docs vulnerabilities build

demo: ## the main job on a sample
	$(GO) run ./cmd/gaitkeeper scrub --fail-on never --minutes samples/pt-errors.minutes.csv --ytd samples/pt-errors.ytd.csv samples/pt-errors.837

test: ## all tests
	$(GO) test ./...

check: ## what must pass before a change lands
	.ci/run

format:
	$(GO) run mvdan.cc/gofumpt@v0.9.2 -w cmd edi remit samples scrub

lint:
	.ci/run vet lint

build: ## a binary that is the same wherever it is built
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags="-s -w -buildid=" -o gaitkeeper ./cmd/gaitkeeper

bench: ## speed of the hot paths
	$(GO) test -run xxx -bench . -benchmem ./edi/... ./scrub/... ./remit/...

fuzz: ## every fuzz target for FUZZTIME
	@for pkg in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "$$pkg $$target"; $(GO) test -run xxx -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
		done; \
	done

docs: ## the generated pages and the sessions of README.md
	$(GO) test ./scrub/rules -run TestDocs -update
	$(GO) test ./cmd/gaitkeeper -run TestReadme -update

vulnerabilities: ## needs the network: fails where the database cannot be reached
	$(GO) run golang.org/x/vuln/cmd/govulncheck@latest ./...
