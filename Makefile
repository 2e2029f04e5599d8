# Every target is described by the comment behind its colons: `make help` lists them.
.DEFAULT_GOAL := help
GO ?= go
OUT ?= out

# Tests are built without the profile of cmd/duepack/default.pgo: with it every package
# would be compiled twice.

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/duepack
	$(GO) build -o bin/duepack ./cmd/duepack

.PHONY: demo
demo: build ## write the close pack of the sample book to out/ and say where it is
	bin/duepack report -c samples/meridian/duepack.yaml --out $(OUT)

.PHONY: test
test: ## run all tests; those that need poppler, Chromium, LibreOffice or Postfix say what they skip
	$(GO) test -pgo=off -timeout 30m ./...

.PHONY: look
look: build ## draw every page of the sample packs, and of books that try the layout, to out/look/
	@rm -rf $(OUT)/look && mkdir -p $(OUT)/look
	@for book in meridian meridian-cn; do \
		bin/duepack report -c samples/$$book/duepack.yaml --out $(OUT)/look/$$book --format pdf --quiet > /dev/null || exit 1; \
		mv $(OUT)/look/$$book/*/pack.pdf $(OUT)/look/$$book.pdf && rm -rf $(OUT)/look/$$book; \
	done
	@if command -v pdftoppm > /dev/null; then \
		for book in meridian meridian-cn; do pdftoppm -r 80 -png $(OUT)/look/$$book.pdf $(OUT)/look/$$book || exit 1; done; \
		DUEPACK_LOOK=$(abspath $(OUT))/look $(GO) test -count=1 -run '^TestEveryPageIsDrawn$$' ./render/pdf || exit 1; \
		if command -v montage > /dev/null; then \
			for book in meridian meridian-cn; do montage $(OUT)/look/$$book-*.png -tile 4x -geometry 560x+6+6 -background '#888888' $(OUT)/look/all-$$book.png || exit 1; done; \
		else echo 'skipped: montage (imagemagick) is not installed: no sheet of all pages'; fi; \
	else echo 'skipped: pdftoppm (poppler-utils) is not installed: only the PDFs are there'; fi
	@if command -v chromium > /dev/null; then \
		mkdir -p $(OUT)/look/page && DUEPACK_LOOK=$(abspath $(OUT))/look/page $(GO) test -count=1 -run '^(TestPageIsQuietAndDrawsItsCharts|TestPhoneScrollsTablesButNotThePage|TestDarkFollowsTheSystemAndTheSwitch)$$' ./render/html || exit 1; \
	else echo 'skipped: chromium is not installed: no pictures of the page'; fi
	@echo 'look at the pages in $(OUT)/look'

.PHONY: check
check: ## gofmt, vet (what is in assembly on amd64 for arm64 too) and the house rules, without the other tests
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'gofmt would change these files'; exit 1; }
	$(GO) vet -pgo=off ./...
	GOOS=linux GOARCH=arm64 $(GO) vet -pgo=off ./ingest/sheet
	$(GO) test -pgo=off -count=1 -run '^TestTidy' ./cmd/duepack

.PHONY: bench
bench: ## run the benchmarks with their memory
	$(GO) test -pgo=cmd/duepack/default.pgo -run '^$$' -bench . -benchmem ./...

BOOKROWS ?= 10000,100000,1000000
.PHONY: benchbook
benchbook: ## measure whole books of BOOKROWS lines beside excelize and other readers (minutes)
	$(GO) run ./cmd/benchbook -rows $(BOOKROWS)

.PHONY: pgo
pgo: ## profile duepack on a book of a million lines and write cmd/duepack/default.pgo, by which it is built
	$(GO) run ./cmd/benchbook -rows 1000000 -pgo

FUZZTIME ?= 20s
ORACLEBOOKS ?= 10000
.PHONY: fuzz
fuzz: ## hold ORACLEBOOKS random books against the oracle; fuzz every parser for FUZZTIME each (default 20s)
	$(GO) test -count=1 -run OracleAgrees ./analysis -rapid.checks=$(ORACLEBOOKS)
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

.PHONY: golden
golden: ## write the golden files anew; read the difference before committing it
	DUEPACK_UPDATE_GOLDEN=1 $(GO) test -count=1 -run '^TestScripts$$|^TestRobustness' ./cmd/duepack
	$(GO) test -count=1 ./ingest -update
	@git diff --stat

ECHARTS ?= 6.1.0
ESBUILD ?= 0.28.2
.PHONY: echarts
echarts: ## take the charting library of version ECHARTS from npm anew, bundle the parts that paper needs and compile them
	@set -e; dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	echo '{}' > "$$dir/package.json"; \
	npm install --prefix "$$dir" --silent --no-audit --no-fund echarts@$(ECHARTS) esbuild@$(ESBUILD); \
	cp "$$dir/node_modules/echarts/dist/echarts.min.js" "$$dir/node_modules/echarts/LICENSE" "$$dir/node_modules/echarts/NOTICE" templates/echarts/; \
	cp "$$dir/node_modules/zrender/LICENSE" templates/echarts/LICENSE-zrender; \
	cp templates/echarts/echarts.svg.js "$$dir/"; \
	cd "$$dir" && npx esbuild echarts.svg.js --bundle --minify --format=iife --global-name=echarts --legal-comments=none \
		'--define:process.env.NODE_ENV="production"' '--banner:js=/* Apache ECharts $(ECHARTS), in part: see LICENSE and NOTICE. Holds zrender (BSD-3-Clause, see LICENSE-zrender) and tslib (0BSD). */' \
		--log-level=warning --outfile=$(CURDIR)/templates/echarts/echarts.svg.min.js --allow-overwrite
	$(GO) generate ./render/chart
	@git diff --stat -- templates/echarts render/chart

.PHONY: samples
samples: ## write the sample books anew from their seed
	$(GO) generate ./samples
	@git diff --stat -- samples
