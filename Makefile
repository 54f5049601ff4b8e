# gaitkeeper: everything a developer runs.
GO ?= go
FUZZTIME ?= 30s

# Versions of the checkers; each runs from its own module.
GOFUMPT = $(GO) run mvdan.cc/gofumpt@v0.9.2
STATICCHECK = $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOLANGCI = $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK = $(GO) run golang.org/x/vuln/cmd/govulncheck@latest

.PHONY: demo test check format lint vet bench fuzz docs vulnerabilities build

demo: ## the main job on a sample
	$(GO) run ./cmd/gaitkeeper scrub --fail-on never --minutes samples/pt-errors.minutes.csv --ytd samples/pt-errors.ytd.csv samples/pt-errors.837

test: ## all tests
	$(GO) test ./...

build: ## a binary that is the same wherever it is built
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags="-s -w -buildid=" -o gaitkeeper ./cmd/gaitkeeper

check: format vet lint test ## what must pass before a change lands
	$(GO) mod verify
	$(GO) mod tidy -diff

format: ## every file as gofumpt writes it
	@out=$$($(GOFUMPT) -l cmd edi remit samples scrub); if [ -n "$$out" ]; then echo "not formatted:"; echo "$$out"; exit 1; fi

vet:
	$(GO) vet ./...

lint:
	$(STATICCHECK) ./...
	$(GOLANGCI) run ./...

bench: ## speed of the hot paths
	$(GO) test -run xxx -bench . -benchmem ./edi/... ./scrub/... ./remit/...

fuzz: ## every fuzz target for FUZZTIME
	@for pkg in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "$$pkg $$target"; $(GO) test -run xxx -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
		done; \
	done

docs: ## the generated rule pages
	$(GO) test ./scrub/rules -run TestDocs -update

vulnerabilities: ## needs the network: fails where the database cannot be reached
	$(GOVULNCHECK) ./...
