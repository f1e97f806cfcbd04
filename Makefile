# make test installs what it lacks and runs everything; make build gives ./bidfit.
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: build test check browser bench fuzz

build:
	CGO_ENABLED=0 go build -trimpath -o bidfit ./cmd/bidfit

# Everything once; and with the race detector, which makes a test five times as long, what does things at once.
RACED = ./alerts/... ./desk ./index/... ./lock ./mcp ./socket ./store/... ./vocab ./web
# Long tests of these that do one thing after another, and those of the browser.
ALONE = Real|Year|Killed|Clock|OnJudged|ListInMemory|Pictures|Walk|Work|Pages|Filter|Triage|Bulk|Evidence|Scripts?$$|Narrow|Still|Print|Shift|Keys|Reach|Calm|FirstList|Download|Register|Find|Band|Form|Suggest|Preview|Enter|Doctor|Finders
test: check browser
	REQUIRE_BROWSER=1 REQUIRE_AXE=1 go test -timeout 20m ./...
	go test -race -timeout 20m -skip '$(ALONE)' $(RACED)

# The race detector needs a C compiler.
check:
	@command -v gcc >/dev/null || { apt-get update -q && apt-get install -yq --no-install-recommends gcc libc6-dev; }
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...

# What the tests of the pages need: a browser, and axe-core.
browser:
	@command -v chromium >/dev/null || { apt-get update -q && apt-get install -yq --no-install-recommends chromium; }
	@command -v npm >/dev/null || { apt-get update -q && apt-get install -yq --no-install-recommends npm; }
	@test -f web/node_modules/axe-core/axe.min.js || npm install --prefix web --no-package-lock --no-audit --no-fund --loglevel=error

bench:
	go test -run '^$$' -bench . -benchmem ./...

# Each fuzz target for FUZZTIME; go test runs one at a time.
FUZZTIME ?= 30s
fuzz:
	@set -e; for p in $$(go list ./...); do \
		for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
			echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$p; \
		done; \
	done
