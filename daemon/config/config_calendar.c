/* SPDX-License-Identifier: MIT */
/*
 * Time: the calendar that the operator edits every year, and the deadlines of the whole
 * gateway and of single departments. Every figure is a setting; see domain section 5.
 */
#include "config/inside.h"

#include <stddef.h>

static const struct {
	struct str name;
	int32_t zone_s;
} zones[] = {
	/* Without daylight saving, so an offset says all. */
	{ STR_INIT("Asia/Jakarta"), 25200 },  { STR_INIT("Asia/Pontianak"), 25200 },
	{ STR_INIT("Asia/Makassar"), 28800 }, { STR_INIT("Asia/Jayapura"), 32400 },
	{ STR_INIT("Asia/Dili"), 32400 },     { STR_INIT("Africa/Nairobi"), 10800 },
	{ STR_INIT("Africa/Lagos"), 3600 },   { STR_INIT("UTC"), 0 },
};

static bool two_digits(struct str s, int64_t *out)
{
	return s.n == 2 && s.p[0] >= '0' && s.p[0] <= '9' && str_to_int(s, out);
}

static bool zone_read(struct str name, int32_t *zone_s)
{
	int64_t h, m;

	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++)
		if (str_eq(name, zones[i].name)) {
			*zone_s = zones[i].zone_s;
			return true;
		}
	if (name.n != 6 || (name.p[0] != '+' && name.p[0] != '-') || name.p[3] != ':' ||
	    !two_digits(str_slice(name, 1, 3), &h) ||
	    !two_digits(str_slice(name, 4, 6), &m) || h > 14 || m > 59)
		return false;
	*zone_s = (int32_t)(h * 3600 + m * 60) * (name.p[0] == '-' ? -1 : 1);
	return true;
}

static int weekday_named(struct str name)
{
	static const char *const names[] = { "minggu", "senin", "selasa", "rabu",
					     "kamis",  "jumat", "sabtu" };

	for (int i = 0; i < 7; i++)
		if (str_eq(name, str_of(names[i])))
			return i;
	return -1;
}

static void read_workdays(struct load *l, const struct schema_group *g,
			  struct calendar_spec *spec)
{
	const struct str_list *days = &l->c->calendar_file.workdays;

	for (int i = 1; days->n == 0 && i <= 5; i++)
		spec->workday[i] = true;
	for (size_t i = 0; i < days->n; i++) {
		int day = weekday_named(days->items[i]);

		if (day < 0)
			schema_fault(l->s, g, "workdays",
				     "calendar.workdays: \"%.*s\" is no weekday",
				     STR_ARG(days->items[i]));
		else
			spec->workday[day] = true;
	}
}

static void read_holidays(struct load *l, const struct schema_group *g,
			  struct calendar_spec *spec)
{
	const struct str_list *days = &l->c->calendar_file.holidays;

	spec->holidays = ARENA_NEW(l->c->arena, struct when_date, days->n + 1);
	for (size_t i = 0; spec->holidays && i < days->n; i++)
		if (!calendar_read_date(days->items[i],
					&spec->holidays[spec->n_holidays]))
			schema_fault(l->s, g, "holidays",
				     "calendar.holidays: \"%.*s\" is no date YYYY-MM-DD",
				     STR_ARG(days->items[i]));
		else
			spec->n_holidays++;
}

static void read_leave(struct load *l, const struct schema_group *g,
		       struct calendar_spec *spec)
{
	const struct str_list *days = &l->c->calendar_file.leave;

	spec->leave = ARENA_NEW(l->c->arena, struct when_date, days->n + 1);
	for (size_t i = 0; spec->leave && i < days->n; i++)
		if (!calendar_read_date(days->items[i], &spec->leave[spec->n_leave]))
			schema_fault(l->s, g, "leave",
				     "calendar.leave: \"%.*s\" is no date YYYY-MM-DD",
				     STR_ARG(days->items[i]));
		else
			spec->n_leave++;
}

/* "07.30-16.30" */
static bool hours_read(struct str s, struct calendar_hours *out)
{
	size_t dash = str_find_char(s, '-');

	return dash < s.n &&
	       calendar_read_clock(str_trim(str_slice(s, 0, dash)), &out->open) &&
	       calendar_read_clock(str_trim(str_slice(s, dash + 1, s.n)), &out->close) &&
	       out->close > out->open;
}

static void read_weekday_hours(struct load *l, const struct schema_group *g,
			       struct calendar_spec *spec)
{
	const struct str_pairs *hours = &l->c->calendar_file.hours;

	for (size_t i = 0; i < hours->n; i++) {
		int day = weekday_named(hours->items[i].name);

		if (day < 0 || !hours_read(hours->items[i].value, &spec->day[day]))
			schema_fault(l->s, g, "hours",
				     "calendar.hours: %.*s = \"%.*s\"; write jumat = "
				     "\"07.30-16.30\"",
				     STR_ARG(hours->items[i].name),
				     STR_ARG(hours->items[i].value));
	}
}

static void read_ranges(struct load *l, const struct schema_group *g,
			struct calendar_spec *spec)
{
	const struct config_range *ranges = l->c->calendar_file.ranges.items;
	size_t n = l->c->calendar_file.ranges.n;

	spec->ranges = ARENA_NEW(l->c->arena, struct calendar_range, n + 1);
	for (size_t i = 0; spec->ranges && i < n; i++) {
		struct calendar_range *r = &spec->ranges[spec->n_ranges];

		*r = (struct calendar_range){ 0 };
		if (!calendar_read_date(ranges[i].first, &r->first) ||
		    !calendar_read_date(ranges[i].last, &r->last) ||
		    !hours_read(ranges[i].hours, &r->hours))
			schema_fault(
				l->s, g, "ranges",
				"calendar.ranges: { first = \"2027-02-08\"; last = "
				"\"2027-03-09\"; hours = \"08.00-15.00\"; }, please");
		else
			spec->n_ranges++;
	}
}

void load_calendar(struct load *l)
{
	const struct schema_group *root = schema_root(l->s),
				  *g = schema_group(root, "calendar");
	const struct schema_group *gateway = schema_group(root, "gateway");
	struct calendar_spec spec = { .n_holidays = 0 };
	size_t before = l->faults->n;
	struct err err;

	if (!g)
		g = root;
	if (!zone_read(l->c->gateway.timezone, &l->c->zone_s))
		schema_fault(l->s, gateway ? gateway : root, "timezone",
			     "gateway.timezone: \"%.*s\" is not known; write an offset "
			     "like +07:00",
			     STR_ARG(l->c->gateway.timezone));
	spec.zone_s = l->c->zone_s;
	read_workdays(l, g, &spec);
	read_holidays(l, g, &spec);
	read_leave(l, g, &spec);
	read_weekday_hours(l, g, &spec);
	read_ranges(l, g, &spec);
	if (!calendar_read_clock(l->c->calendar_file.open, &spec.open_minute) ||
	    !calendar_read_clock(l->c->calendar_file.close, &spec.close_minute) ||
	    spec.close_minute <= spec.open_minute)
		schema_fault(
			l->s, g, "open",
			"calendar.open, calendar.close: two times like 07.30 and 16.00");
	if (l->faults->n > before)
		return;
	l->c->calendar = calendar_build(&spec, l->c->arena, &err);
	if (!l->c->calendar)
		schema_fault(l->s, g, NULL, "calendar: %s", err.text);
}

/* ---- deadlines ---- */

/* As written in a file, and which rule it is. */
static const struct {
	size_t text;   /* in struct config_deadlines */
	size_t period; /* in struct clock_rules */
	const char *name;
} periods[] = {
#define PERIOD(member, rule)                                        \
	{                                                           \
		offsetof(struct config_deadlines, member),          \
			offsetof(struct clock_rules, rule), #member \
	}
	PERIOD(verify_promise, verify_promise),
	PERIOD(verify, verify),
	PERIOD(answer, answer),
	PERIOD(question, settle[TICKET_KIND_QUESTION]),
	PERIOD(wish, settle[TICKET_KIND_WISH]),
	PERIOD(ordinary, settle[TICKET_KIND_ORDINARY]),
	PERIOD(inquiry, settle[TICKET_KIND_INQUIRY]),
	PERIOD(reopened, reopened),
	PERIOD(sekda, sekda),
	PERIOD(regent, regent),
	PERIOD(again, again),
	PERIOD(statute_alarm, statute_alarm),
	PERIOD(statute, statute),
	PERIOD(reply_remind, reply_remind),
	PERIOD(reply, reply),
	PERIOD(reply_machine, reply_machine),
	PERIOD(confirm, confirm),
	PERIOD(reopen_within, window),
	PERIOD(watch, watch),
#undef PERIOD
};

/* "3 working", "30 calendar" */
static bool period_read(struct str s, struct clock_period *out)
{
	size_t space = str_find_char(s, ' ');
	struct str days = str_trim(str_slice(s, space, s.n));
	int64_t n;

	if (!str_to_int(str_slice(s, 0, space), &n) || n < 0 || n > 3650)
		return false;
	if (str_eq(days, STR("working")))
		*out = (struct clock_period){ (int)n, CLOCK_WORKING };
	else if (str_eq(days, STR("calendar")))
		*out = (struct clock_period){ (int)n, CLOCK_CALENDAR };
	else
		return false;
	return true;
}

static void periods_read(struct load *l, const struct schema_group *g, const char *where,
			 const struct config_deadlines *written, struct clock_rules *out)
{
	for (size_t i = 0; i < sizeof(periods) / sizeof(*periods); i++) {
		const struct str *text =
			(const void *)((const char *)written + periods[i].text);
		struct clock_period *period = (void *)((char *)out + periods[i].period);

		if (text->n && !period_read(*text, period))
			schema_fault(l->s, g, periods[i].name,
				     "%s.%s: \"%.*s\"; write \"3 working\" or \"30 "
				     "calendar\" (days)",
				     where, periods[i].name, STR_ARG(*text));
	}
}

void load_deadlines(struct load *l)
{
	const struct schema_group *root = schema_root(l->s),
				  *g = schema_group(root, "deadlines");
	const struct config_deadlines *written = &l->c->deadlines_file;
	struct clock_rules *rules = &l->c->clocks;

	*rules = clock_rules_usual;
	periods_read(l, g ? g : root, "deadlines", written, rules);
	rules->remind_percent = (int)written->remind_percent;
	if (!calendar_read_clock(written->quiet_from, &rules->quiet_from) ||
	    !calendar_read_clock(written->quiet_to, &rules->quiet_to))
		schema_fault(l->s, g ? g : root, "quiet_from",
			     "deadlines.quiet_from, deadlines.quiet_to: two times like "
			     "21.00 and 07.00");
}

void load_department_deadlines(struct load *l, const struct schema_group *g,
			       struct config_department *d)
{
	const struct schema_group *own = schema_group(g, "deadlines");

	d->clocks = l->c->clocks;
	if (d->answer_days >= 0)
		d->clocks.answer =
			(struct clock_period){ (int)d->answer_days, CLOCK_WORKING };
	if (own)
		periods_read(l, own, "departments.deadlines", &d->deadlines, &d->clocks);
}
