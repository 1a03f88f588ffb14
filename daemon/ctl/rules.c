/* SPDX-License-Identifier: MIT */
/*
 * Commands that explain the rules, without a daemon: the life cycle, how a date is
 * computed, and the hash of an officer's PIN.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "config/config.h"
#include "ctl/ctl.h"
#include "ctl/query.h"
#include "model/lifecycle.h"

int ctl_lifecycle(struct ctl *ctl)
{
	static const struct option longs[] = { { "dot", 0, NULL, 'd' },
					       { NULL, 0, NULL, 0 } };
	struct buf out = BUF_INIT(1 << 20);
	bool dot = false;
	int c;

	optind = 0;
	while ((c = getopt_long(ctl->argc, ctl->argv, "", longs, NULL)) != -1) {
		if (c == '?')
			return EX_USAGE;
		dot = true;
	}
	if (optind < ctl->argc)
		return ctl_fail(EX_USAGE, "lifecycle: unexpected argument '%s'",
				ctl->argv[optind]);
	if (dot)
		lifecycle_dot(&out);
	else
		lifecycle_text(&out);
	fwrite(out.p, 1, out.n, stdout);
	buf_free(&out);
	return 0;
}

/* ---- dates ---- */

static const char *day_words(const struct calendar *cal, struct when_date date)
{
	static const char *const words[] = {
		[CALENDAR_WORK] = "working day",
		[CALENDAR_WEEKEND] = "weekend",
		[CALENDAR_HOLIDAY] = "holiday",
		[CALENDAR_LEAVE] = "collective leave",
	};

	return words[calendar_day_is(cal, date)];
}

static void show_days(const struct calendar *cal, struct arena *arena, int64_t from_ms,
		      int64_t to_ms)
{
	for (int64_t at = from_ms; at <= to_ms + 86399999; at += 86400000) {
		struct when_date date = calendar_date_of(cal, at);
		struct calendar_hours h = calendar_hours_on(cal, date);
		struct str shown = calendar_show_date(cal, at, arena);

		printf("  %.*s  %s", STR_ARG(shown), day_words(cal, date));
		if (h.close)
			printf("  %02d.%02d-%02d.%02d", h.open / 60, h.open % 60,
			       h.close / 60, h.close % 60);
		putchar('\n');
	}
}

static void show_period(const struct calendar *cal, struct arena *arena, int64_t at_ms,
			const char *name, struct clock_period p, int64_t *latest)
{
	int64_t due = p.days == CLOCK_WORKING ? calendar_add_workdays(cal, at_ms, p.n)
					      : calendar_end_of_day(cal, at_ms, p.n);
	struct str shown = calendar_show_time(cal, due, arena);

	printf("%-16s %3d %s days  until %.*s\n", name, p.n,
	       p.days == CLOCK_WORKING ? "working " : "calendar", STR_ARG(shown));
	if (due > *latest)
		*latest = due;
}

static int calendar_show(const struct config *c, struct arena *arena, int64_t at_ms)
{
	const struct clock_rules *r = &c->clocks;
	struct str shown = calendar_show_time(c->calendar, at_ms, arena);
	int64_t latest = at_ms;

	printf("a complaint of %.*s (%s)\n\n", STR_ARG(shown),
	       calendar_office_open(c->calendar, at_ms) ? "offices open"
							: "offices closed");
	show_period(c->calendar, arena, at_ms, "verification", r->verify_promise,
		    &latest);
	show_period(c->calendar, arena, at_ms, "first answer", r->answer, &latest);
	show_period(c->calendar, arena, at_ms, "ordinary",
		    r->settle[TICKET_KIND_ORDINARY], &latest);
	puts("\ndays in between:");
	show_days(c->calendar, arena, at_ms, latest);
	return 0;
}

int ctl_calendar(struct ctl *ctl)
{
	static const struct option longs[] = { { "check", 1, NULL, 'c' },
					       { NULL, 0, NULL, 0 } };
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct config *c;
	struct when_date date;
	int64_t at_ms = clock_wall_ms();
	struct str when = STR("");
	int o, code = 0;

	optind = 0;
	while ((o = getopt_long(ctl->argc, ctl->argv, "", longs, NULL)) != -1) {
		if (o == '?')
			return EX_USAGE;
		when = str_of(optarg);
	}
	if (optind < ctl->argc)
		return ctl_fail(EX_USAGE, "calendar: unexpected argument '%s'",
				ctl->argv[optind]);
	c = config_load(ctl->file, true, &faults);
	if (!c) {
		fwrite(faults.text.p, 1, faults.text.n, stderr);
		buf_free(&faults.text);
		return EX_CONFIG;
	}
	if (calendar_read_date(when, &date))
		at_ms = calendar_midnight(c->calendar, date) + INT64_C(10) * 3600000;
	else if (when.n && !time_read_iso(when, c->zone_s, &at_ms))
		code = ctl_fail(EX_USAGE, "--check takes a date or a time: 2026-12-24, "
					  "2026-12-24T15:50:00+07:00");
	if (code == 0)
		code = calendar_show(c, ctl->arena, at_ms);
	config_free(c);
	buf_free(&faults.text);
	return code;
}

/* ---- PINs ---- */

/* Read from the terminal without echo, or from a pipe; never from the command line, which
 * others can see. */
int ctl_pin(struct ctl *ctl)
{
	static const struct option none[] = { { NULL, 0, NULL, 0 } };
	char line[64] = "", *typed;
	struct query q = { .n = 0 };
	struct str pin, hash;

	if (!options_only(ctl, none, &q))
		return EX_USAGE;
	typed = isatty(STDIN_FILENO) ? getpass("PIN, 4 to 8 digits: ")
				     : fgets(line, sizeof(line), stdin);
	pin = typed ? str_trim(str_of(typed)) : STR("");
	for (size_t i = 0; i < pin.n; i++)
		if (pin.p[i] < '0' || pin.p[i] > '9')
			pin.n = 0;
	if (pin.n < 4 || pin.n > 8)
		return ctl_fail(EX_DATAERR, "a PIN has 4 to 8 digits");
	hash = crypto_pin_hash(pin, ctl->arena);
	if (typed)
		crypto_wipe(typed, strlen(typed));
	if (!hash.p)
		return ctl_fail(EX_OSERR, "no memory for the hash");
	printf("pin = \"%.*s\";\n", STR_ARG(hash));
	return 0;
}
