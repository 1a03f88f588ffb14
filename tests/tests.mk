# SPDX-License-Identifier: MIT
# Rules for what only tests need; included by the Makefile.

# The bounds that `make bench` measures the daemon against: one file, one program.
BENCH := $(patsubst %.c,$(O)/%,$(wildcard tests/bench/*.c))
$(O)/tests/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LDLIBS)
bench-programs: $(BENCH)

bench: all bench-programs
	@scripts/bench $(BUILD)

.PHONY: bench bench-programs
