# make run: Voorbeeldland and its report; DATA=folder make run: the real Flanders.
# make serve: the server, filled with Voorbeeldland the first time.
# make test: everything that must hold.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD := build
YEAR ?= 2025

.PHONY: run serve test benchmarks docs translations lock clean

run: $(VENV)/ready
ifdef DATA
	$(BIN)/samenspel import flanders --from "$(DATA)" --year $(YEAR) --out $(BUILD)/vlaanderen-$(YEAR)
	$(BIN)/samenspel check $(BUILD)/vlaanderen-$(YEAR)
	$(BIN)/samenspel screen $(BUILD)/vlaanderen-$(YEAR)
	$(BIN)/samenspel report $(BUILD)/vlaanderen-$(YEAR) --out $(BUILD)/vlaanderen-$(YEAR).html
else
	$(BIN)/samenspel demo --size 300 --out $(BUILD)/voorbeeldland
	$(BIN)/samenspel report $(BUILD)/voorbeeldland --out $(BUILD)/voorbeeldland.html
endif

serve: $(VENV)/ready
	@if [ -e $(BUILD)/register/samenspel.sqlite3 ]; then \
		exec $(BIN)/samenspel serve --data $(BUILD)/register; \
	else \
		$(BIN)/samenspel demo --size 300 --out $(BUILD)/voorbeeldland > /dev/null \
		&& exec $(BIN)/samenspel serve --data $(BUILD)/register --landscape $(BUILD)/voorbeeldland; \
	fi

test: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist worksteal

benchmarks: $(VENV)/ready
	$(BIN)/python benchmarks/screening.py

# Pages and translations that are made from the code.
docs: $(VENV)/ready
	$(BIN)/python docs/make_reference.py
	$(BIN)/python docs/make_rules.py

translations: $(VENV)/ready
	$(BIN)/python tools/translations.py

# The lock holds names, versions and hashes; no address.
lock: $(VENV)/ready
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header \
		--all-extras --no-annotate --quiet --output-file requirements.lock

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) $(BUILD)
