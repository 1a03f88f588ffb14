# SPDX-License-Identifier: MIT
# Rules for what only tests need; included by the Makefile.

# One file, one program. The bounds that `make bench` measures the daemon against (bare_…) take
# nothing from the library.
BENCH := $(patsubst %.c,$(O)/%,$(wildcard tests/bench/*.c))
BOUNDS := $(filter %/bare_curl %/bare_sqlite %/bare_hook %/bare_smtp %/bare_smtpd,$(BENCH))
$(BOUNDS): $(O)/tests/bench/%: tests/bench/%.c tests/bench/bare.h
$(filter-out $(BOUNDS),$(BENCH)): $(O)/tests/bench/%: tests/bench/%.c $(LIB)
$(BENCH):
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.a,$^) $(LDLIBS)
bench-programs: $(BENCH)

bench: all $(BOUNDS) $(O)/tests/bench/seal_store
	@scripts/bench $(BUILD)

bench-forward: all $(BOUNDS) $(O)/tests/bench/seal_store
	@scripts/bench-forward $(BUILD)

bench-mail: all $(BOUNDS) $(O)/tests/bench/seal_store
	@scripts/bench-mail $(BUILD)

# For how long the largest mails hold up the engine: at most 50 ms of its time.
bench-large: $(O)/tests/bench/mail_block
	@$(O)/tests/bench/mail_block 50

.PHONY: bench bench-forward bench-mail bench-large bench-programs

# What the scenarios need beside the programs.
E2E := $(patsubst %.c,$(O)/%,$(wildcard tests/e2e/*.c))
$(E2E): $(O)/tests/e2e/%: tests/e2e/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS)
e2e-programs: $(E2E)

.PHONY: e2e-programs

# Stories about the whole gateway in one process; --sweep adds crashes and failures everywhere.
CASES := $(wildcard tests/cases/*.case)
$(O)/tests/play: $(call obj,$(wildcard tests/cases/*.c)) $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LDLIBS)
$(O)/tests/cases/%.o: CPPFLAGS += -Itests/cases
cases: $(O)/tests/play
	@$(O)/tests/play --rows tests/cases/conf/kentongan.conf $(CASES)
# Stories that nobody wrote; WALK_SEED=N for others than always.
WALK_SEED ?= 1
walks: $(O)/tests/play
	@$(O)/tests/play --walk $(WALK_SEED) $(or $(WALKS),12) 250 tests/cases/conf/kentongan.conf
# SWEEP_POINTS=N crashes and failures of each kind in a story; without it all, or very many.
cases-each: $(O)/tests/play
	@scripts/run-cases $(O)/tests/play tests/cases/conf/kentongan.conf $(CASES)
cases-sweep: $(O)/tests/play
	@SWEEP_POINTS=$(SWEEP_POINTS) scripts/run-cases --sweep $(O)/tests/play tests/cases/conf/kentongan.conf $(CASES)

# One fuzz target a parser, with clang's libFuzzer.
FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
$(O)/tests/fuzz/%: tests/fuzz/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS)
fuzz-programs: $(addprefix $(O)/tests/fuzz/,$(FUZZ))

.PHONY: cases cases-each cases-sweep walks fuzz-programs

# The HTTP API with a million tickets; see scripts/bench-api.
bench-api: all $(O)/tests/bench/store_bench
	@scripts/bench-api $(BUILD)
.PHONY: bench-api
