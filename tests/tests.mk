# SPDX-License-Identifier: MIT
# Rules for what only tests need; included by the Makefile.

# The bounds that `make bench` measures the daemon against, and benches of single parts: one
# file, one program. (The bounds take nothing from the library.)
BENCH := $(patsubst %.c,$(O)/%,$(wildcard tests/bench/*.c))
$(O)/tests/bench/%: tests/bench/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS)
bench-programs: $(BENCH)

bench: all bench-programs
	@scripts/bench $(BUILD)

.PHONY: bench bench-programs
