# SPDX-License-Identifier: MIT
#
# make                 build/kentongand, build/kentongan, build/kentongan-sim
# make unit            build and run the unit tests      (TESTS="test_gsm7 …" for some)
# make check           everything that scripts/check runs after installing what it needs
# make bench           throughput, latency, memory against bounds measured in the same run
# make bench-large     how long a mail of 10 MiB holds up the rest
# make bench-forward   webhooks to departments a second, and what a dead department costs others
# make eval            accuracy of routing on the labelled texts
# make install DESTDIR=… PREFIX=/usr sysconfdir=/etc
#
# Variants live side by side: SAN=address,undefined  SAN=thread  COVER=1  CC=clang  FUZZING=1
# PARTS limits the library to some folders of daemon/ while working on them.

VERSION := 0.1.0

PREFIX	   ?= /usr/local
bindir	   ?= $(PREFIX)/bin
sbindir	   ?= $(PREFIX)/sbin
datadir	   ?= $(PREFIX)/share
mandir	   ?= $(datadir)/man
sysconfdir ?= $(PREFIX)/etc
unitdir	   ?= $(PREFIX)/lib/systemd/system

BUILD ?= build
comma := ,
MODE  := $(if $(SAN),san-$(subst $(comma),-,$(SAN)),$(if $(COVER),cover,release))$(if $(findstring clang,$(CC)),-clang)$(if $(FUZZING),-fuzz)
O     := $(BUILD)/$(MODE)

LIBS := libcurl sqlite3 libconfig libmicrohttpd jansson libsodium libcrypto libutf8proc gmime-3.0 libxml-2.0
PKG_CONFIG ?= pkg-config
ifneq ($(MAKECMDGOALS),clean)
MISSING := $(shell for l in $(LIBS); do $(PKG_CONFIG) --exists $$l || echo $$l; done)
ifneq ($(strip $(MISSING)),)
$(error missing libraries: $(MISSING) -- run scripts/deps, or install their -dev packages)
endif
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 -Wswitch-enum \
	-Wimplicit-fallthrough -Wnull-dereference $(if $(WERROR),-Werror)
OPT  := $(if $(SAN),-O1 -g -fno-omit-frame-pointer -fsanitize=$(SAN)$(if $(FUZZING),$(comma)fuzzer-no-link),$(if $(COVER),-O0 -g --coverage,-O2 -g))
HARD := $(if $(SAN)$(COVER),,-D_FORTIFY_SOURCE=3) -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection -fPIE
CPPFLAGS += -Idaemon -Iadapters -I$(O)/gen -D_GNU_SOURCE -DKENTONGAN_VERSION='"$(VERSION)"' \
	    -DKENTONGAN_SYSCONFDIR='"$(sysconfdir)"'
CFLAGS	 += -std=c17 $(OPT) $(WARN) $(HARD) -ffile-prefix-map=$(CURDIR)=. \
	    $(shell $(PKG_CONFIG) --cflags $(LIBS)) -pthread
LDFLAGS	 += -pie -Wl,-z,relro,-z,now,-z,noexecstack $(if $(SAN),-fsanitize=$(SAN)) $(if $(COVER),--coverage) -pthread
LDLIBS	 += $(shell $(PKG_CONFIG) --libs $(LIBS)) -lm

PARTS ?= base io config model store flow console
LIB_SRC := $(foreach d,$(PARTS),$(wildcard daemon/$d/*.c)) $(filter-out daemon/main.c,$(wildcard daemon/*.c))
LIB_SRC := $(LIB_SRC) $(wildcard adapters/*.c adapters/sms/*.c adapters/forward/*.c)
CTL_SRC := $(wildcard daemon/ctl/*.c)
SIM_SRC := $(wildcard sim/*.c)

obj = $(patsubst %.c,$(O)/%.o,$1)
LIB := $(O)/libkentongan.a
GEN := $(O)/gen/embedded.c
PROGRAMS := kentongand kentongan kentongan-sim

# Short lines; V=1 shows the commands.
Q := $(if $(V),,@)
say = @printf '  %-5s %s\n' $1 $2

all: $(addprefix $(BUILD)/,$(PROGRAMS))

# The release programs stand in build/ itself; variants stay in their own folders.
$(BUILD)/%: $(O)/%
	@mkdir -p $(@D)
	@cp -f $< $@.new && mv -f $@.new $@

programs: $(addprefix $(O)/,$(PROGRAMS))

$(O)/kentongand: $(call obj,daemon/main.c) $(LIB)
$(O)/kentongan: $(call obj,$(CTL_SRC)) $(LIB)
$(O)/kentongan-sim: $(call obj,$(SIM_SRC)) $(LIB)
$(addprefix $(O)/,$(PROGRAMS)):
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LDLIBS)

$(LIB): $(call obj,$(LIB_SRC)) $(O)/gen/embedded.o
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

$(O)/sim/page.o: sim/page.html
$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Files that the programs carry inside: schema steps, the sample configuration and the examples
# for `init`.
EMBED := $(sort $(wildcard daemon/store/schema/*.sql)) \
	 $(sort $(wildcard conf/*.conf conf/texts/*.conf conf/words/*.conf conf/*.model conf/words/*.model \
	 conf/examples/*.conf)) doc/openapi.json
$(GEN): $(EMBED) scripts/embed Makefile
	@mkdir -p $(@D)
	$(Q)scripts/embed $(EMBED) > $@.new && mv $@.new $@
$(O)/gen/embedded.o: $(GEN) $(EMBED)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $(GEN)

# Unit tests: one program each.
UNIT := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
TESTS ?= $(UNIT)
$(O)/tests/%: $(O)/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS) $(shell $(PKG_CONFIG) --libs cmocka)
unit-programs: $(addprefix $(O)/tests/,$(TESTS))
unit: unit-programs
	@scripts/run-unit $(addprefix $(O)/tests/,$(TESTS))

-include $(shell find $(O) -name '*.d' 2>/dev/null)
-include tests/tests.mk
-include $(wildcard tools/*.mk)

# GNU habits: DESTDIR, PREFIX, sysconfdir. uninstall takes away what install brought; the
# configuration and the store are the operator's and stay. The folder of the configuration is
# compiled in: another sysconfdir than at the last build makes the two files that know it anew.
share	 := $(datadir)/kentongan
docdir	 := $(datadir)/doc/kentongan
DOCS	 := README.md INSTALL CHANGES SECURITY.md LICENSE doc/api.md doc/openapi.json
bashdir	 := $(datadir)/bash-completion/completions
MAN1	 := kentongan.1 kentongan-sim.1
MAN7	 := kentongan-webhook.7
SAMPLES	 := $(wildcard conf/*.conf conf/texts/*.conf conf/words/*.conf conf/words/*.model)
EXAMPLES := $(wildcard conf/examples/*.conf)

SYSCONFDIR := $(O)/gen/sysconfdir
$(call obj,daemon/main.c daemon/ctl/main.c): $(SYSCONFDIR)
$(SYSCONFDIR): always
	@mkdir -p $(@D)
	@printf '%s\n' '$(sysconfdir)' | cmp -s - $@ || printf '%s\n' '$(sysconfdir)' > $@
always:

install: all
	install -d $(addprefix $(DESTDIR),$(sbindir) $(bindir) $(mandir)/man1 $(mandir)/man5 $(mandir)/man7 \
		$(mandir)/man8 $(unitdir) $(bashdir) $(share)/examples $(docdir) \
		$(sort $(dir $(addprefix $(share)/sample/,$(SAMPLES:conf/%=%)))))
	install -m 0755 $(BUILD)/kentongand $(DESTDIR)$(sbindir)
	install -m 0755 $(BUILD)/kentongan $(BUILD)/kentongan-sim $(DESTDIR)$(bindir)
	install -m 0644 $(addprefix man/,$(MAN1)) $(DESTDIR)$(mandir)/man1
	install -m 0644 man/kentongan.conf.5 $(DESTDIR)$(mandir)/man5
	install -m 0644 $(addprefix man/,$(MAN7)) $(DESTDIR)$(mandir)/man7
	install -m 0644 man/kentongand.8 $(DESTDIR)$(mandir)/man8
	sed 's|/usr/sbin/|$(sbindir)/|; s|/usr/bin/|$(bindir)/|; s|/etc/kentongan/|$(sysconfdir)/kentongan/|' \
		conf/kentongand.service > $(DESTDIR)$(unitdir)/kentongand.service
	chmod 0644 $(DESTDIR)$(unitdir)/kentongand.service
	for f in $(SAMPLES:conf/%=%); do \
		install -m 0644 conf/$$f $(DESTDIR)$(share)/sample/$$f || exit 1; done
	install -m 0644 $(EXAMPLES) $(DESTDIR)$(share)/examples
	install -m 0644 $(DOCS) $(DESTDIR)$(docdir)
	install -m 0644 conf/completion/kentongan.bash $(DESTDIR)$(bashdir)/kentongan
uninstall:
	rm -f $(addprefix $(DESTDIR),$(sbindir)/kentongand $(bindir)/kentongan $(bindir)/kentongan-sim \
		$(addprefix $(mandir)/man1/,$(MAN1)) $(mandir)/man5/kentongan.conf.5 \
		$(addprefix $(mandir)/man7/,$(MAN7)) \
		$(mandir)/man8/kentongand.8 $(unitdir)/kentongand.service $(bashdir)/kentongan)
	rm -rf $(DESTDIR)$(share) $(DESTDIR)$(docdir)

clean:
	rm -rf $(BUILD)

.PHONY: all always programs unit unit-programs install uninstall clean
.SECONDARY:
.DELETE_ON_ERROR:
