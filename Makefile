# Every command of this repository. `make help` lists them.
STACK ?= dev

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the commands
	@awk -F ':.*## ' '/^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ the local AWS

.PHONY: build
build: ## build the companion command
	@go build -o bin/sagehost ./cmd/sagehost

.PHONY: up
up: build ## deploy a stack to the local AWS (STACK=dev)
	@bin/sagehost up --stack $(STACK)

.PHONY: preview
preview: build ## show what `make up` would change (STACK=dev)
	@bin/sagehost preview --stack $(STACK)

.PHONY: refresh
refresh: build ## write to the state what exists (STACK=dev)
	@bin/sagehost refresh --stack $(STACK)

.PHONY: status
status: build ## say what runs on the local AWS
	@bin/sagehost status

.PHONY: down
down: build ## destroy all stacks on the local AWS, stop it, remove its state
	@bin/sagehost down

.PHONY: plugins
plugins: ## install the Pulumi plugins that the program asks for, where they are missing
	@for plugin in aws/sdk/v6 awsx/sdk/v2; do \
		version=$$(go list -m -f '{{.Version}}' "github.com/pulumi/pulumi-$$plugin") && \
		pulumi plugin install resource "$${plugin%%/*}" "$$version" || exit 1; \
	done

##@ development

.PHONY: test
test: ## run all tests, those on the local AWS included
	go test -timeout 45m -parallel 8 ./...

# How long each decoder is fuzzed.
FUZZTIME ?= 10s

.PHONY: fuzz
fuzz: ## change every key of every example to values it should not have; fuzz every decoder (FUZZTIME=10s)
	go test -count 1 -v -run TestNoChangeOfAnExample ./tests/settings -every
	@grep -rnoE --include='*_test.go' '^func Fuzz[A-Za-z0-9]+' . | sed -E 's|/[^/]*:[0-9]+:func | |' | \
		while read -r package name; do \
			go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$package" || exit 1; \
		done

.PHONY: bench
bench: ## measure: invocations, transform jobs, evaluations, and how components compare with flat resources
	go test -run '^$$' -bench . -timeout 20m ./tests/dataplane ./internal/measure/evaluation
	go test -run '^$$' -bench . -benchtime 10x -timeout 20m ./tests/engine

.PHONY: golden
golden: ## rewrite golden graphs and generated documentation
	go test ./tests/components ./tests/stacks ./tests/docs -update

# Tools are built once, into a folder outside the checkout that is named after what they are built from.
TOOLS_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/sagehost/tools
LINT_KEY = $(shell { go version; cat tools/lint/go.mod tools/lint/go.sum; } | git hash-object --stdin)
LINT_BIN = $(TOOLS_CACHE)/lint-$(LINT_KEY)

# Renaming each finished program into place keeps a folder usable that two builds fill at the same time.
.PHONY: linters
linters:
	@test -e "$(LINT_BIN)/.built" || { \
		echo "building the linters (once, about two minutes)"; \
		mkdir -p "$(LINT_BIN)" && tmp=$$(mktemp -d "$(TOOLS_CACHE)/lint.XXXXXX") && trap 'rm -rf "$$tmp"' EXIT && \
		(cd tools/lint && go build -o "$$tmp/" tool) && mv -f "$$tmp"/* "$(LINT_BIN)/" && touch "$(LINT_BIN)/.built"; }

.PHONY: lint
lint: linters ## vet, linters, format, workflows
	go vet ./...
	"$(LINT_BIN)/golangci-lint" run ./...
	@unformatted=$$("$(LINT_BIN)/gofumpt" -l .) || exit 1; \
		if [ -n "$$unformatted" ]; then printf 'not formatted, run "make fmt":\n%s\n' "$$unformatted"; exit 1; fi
	"$(LINT_BIN)/actionlint" -shellcheck= -pyflakes= .github/workflows/*.yml
	@# Linters do not look into strings: a partition is never written by hand.
	@! grep -rnF --include='*.go' --exclude='*_test.go' 'arn:aws:' components stacks | grep -vE ':[[:space:]]*//'

.PHONY: fmt
fmt: linters ## format the code
	"$(LINT_BIN)/golangci-lint" fmt ./...

.PHONY: browser
browser: ## install Chromium for the test of web pages, where root can with apt-get and no browser is there
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
		if ! command -v apt-get >/dev/null || [ "$$(id -u)" != 0 ]; then \
			echo "no browser: the test of web pages will be skipped"; exit 0; fi; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null

.PHONY: tidy-check
tidy-check: ## go.mod and go.sum of every module are what `go mod tidy` writes
	@status=0; for mod in go.mod tools/*/go.mod; do \
		dir=$$(dirname "$$mod"); echo "go mod tidy -diff ($$dir)"; \
		(cd "$$dir" && go mod tidy -diff) || status=1; \
	done; exit $$status
