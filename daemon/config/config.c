/* SPDX-License-Identifier: MIT */
/*
 * From files to a checked config. Reading by tables comes first, then what tables cannot
 * say; every stage runs as far as it can, so that one look shows all faults. Main's
 * thread.
 */
#include "config/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/ca_file.h"
#include "config/config_keys.h"
#include "config/faults.h"
#include "config/network.h"
#include "config/schema.h"
#include "config/secret.h"

enum { CEILING = 64 << 20, MODEL_CEILING = 8 << 20, TICKET_CHECK_DIGITS = 3 };

/* A load in progress. */
struct load {
	struct config *c;
	struct schema *s;
	struct config_faults *faults;
	const char *file;   /* the main file */
	unsigned otherwise; /* place of complaints that name none */
	bool without_secrets;
};

/* The model's builders hand back the place that they were given as a line. */
static void complain(void *arg, unsigned place, const char *sentence)
{
	struct load *l = arg;

	if (place == 0)
		place = l->otherwise;
	faults_add(&l->faults->text, schema_place_file(l->s, place),
		   schema_place_line(place), sentence);
	l->faults->n++;
}

static const char *place_shown(struct load *l, unsigned place)
{
	struct str s = arena_printf(l->c->arena, "%s:%u", schema_place_file(l->s, place),
				    schema_place_line(place));

	return s.p ? s.p : "another place";
}

/* ---- the gateway ---- */

static bool only(struct str s, const char *range, size_t least)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr(range, s.p[i]) || s.p[i] == '\0')
			return false;
	return s.n >= least;
}

#define DIGITS	 "0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SMALL	 "abcdefghijklmnopqrstuvwxyz"

static void check_gateway(struct load *l)
{
	const struct config_gateway *gateway = &l->c->gateway;
	const struct schema_group *root = schema_root(l->s),
				  *g = schema_group(root, "gateway");

	if (!only(gateway->country_code, DIGITS, 1))
		schema_fault(l->s, g ? g : root, "country_code",
			     "gateway.country_code: digits only, without +");
	if (!only(gateway->rest_queue, CAPITALS DIGITS, 1))
		schema_fault(l->s, g ? g : root, "rest_queue",
			     "gateway.rest_queue: capital letters and digits only");
}

/* ---- providers ---- */

static void adapter_names(struct buf *out)
{
	for (size_t i = 0; sms_adapters[i]; i++)
		buf_printf(out, "%s\"%s\"", i ? ", " : "", sms_adapters[i]->info.name);
}

static const struct sms_adapter *find_adapter(struct load *l,
					      const struct schema_group *g)
{
	struct str name = schema_string(g, "adapter");
	const struct sms_adapter *a = name.p ? sms_adapter_find(name) : NULL;
	struct buf all = BUF_INIT(1000);

	if (name.p && !a) {
		adapter_names(&all);
		schema_fault(l->s, g, "adapter",
			     "providers.adapter: no adapter \"%s\"; there are %s", name.p,
			     all.p ? all.p : "none");
	}
	buf_free(&all);
	return a;
}

static void check_callbacks(struct load *l, const struct schema_group *g,
			    const struct config_provider *p)
{
	struct err err;

	if (p->path_secret.n && p->path_secret.n < 8 && !l->without_secrets)
		schema_fault(l->s, g, "path_secret",
			     "providers.path_secret: at least 8 characters, or it can be "
			     "guessed");
	for (size_t i = 0; i < p->path_secret.n; i++)
		if (p->path_secret.p[i] == '/' && !l->without_secrets)
			schema_fault(l->s, g, "path_secret",
				     "providers.path_secret: no '/' in it, please");
	for (size_t i = 0; i < p->allow_from.n; i++)
		if (network_check(p->allow_from.items[i], &err))
			schema_item_fault(l->s, g, "allow_from", i,
					  "providers.allow_from: %s", err.text);
	if (p->poll_idle_ms < p->poll_every_ms && schema_string(g, "poll_idle").p)
		schema_fault(l->s, g, "poll_idle",
			     "providers.poll_idle: shorter than poll_every");
}

static void check_ca_file(struct load *l, const struct schema_group *g,
			  const struct config_provider *p)
{
	struct err err;

	if (p->ca_file.n && !l->without_secrets && ca_file_check(p->ca_file.p, &err))
		schema_fault(l->s, g, "ca_file", "providers.ca_file: %s", err.text);
}

/* What could bring messages in must have a way to do so. */
static void check_ways(struct load *l, const struct schema_group *g,
		       const struct config_provider *p)
{
	bool callbacks = l->c->listen.callbacks.n > 0;

	if (!(p->caps & SMS_PUSH) || (p->poll && (p->caps & SMS_FETCH)))
		return;
	if (!callbacks || p->path_secret.n == 0)
		schema_fault(l->s, g, NULL,
			     "providers.%.*s: it is not polled and cannot call: %s is "
			     "not set",
			     STR_ARG(p->id),
			     callbacks ? "path_secret" : "listen.callbacks");
}

static void read_adapter(struct load *l, const struct schema_group *g,
			 struct config_provider *p)
{
	const struct adapter_info *info = &p->adapter->info;
	size_t before = l->faults->n;
	struct err err;

	p->settings = arena_alloc(l->c->arena, 1,
				  info->settings_size ? info->settings_size : 1);
	if (!p->settings)
		return;
	schema_read(l->s, g, "providers", info->keys, schema_any, p->settings);
	if (l->faults->n == before && info->check &&
	    info->check(p->settings, l->c->arena, &err))
		schema_fault(l->s, g, NULL, "providers.%.*s: %s", STR_ARG(p->id),
			     err.text);
	p->caps = p->adapter->caps;
	if (l->faults->n == before && p->adapter->caps_of)
		p->caps &= p->adapter->caps_of(p->settings);
	/* IDEMPOTENT and READ_ONCE say how, the rest what: only the latter must be there.
	 */
	if (l->faults->n == before && !(p->caps & (SMS_FETCH | SMS_PUSH | SMS_SEND)))
		schema_fault(l->s, g, NULL,
			     "providers.%.*s: it neither receives nor sends",
			     STR_ARG(p->id));
}

static void read_provider(struct load *l, const struct schema_group *g,
			  struct config_provider *p)
{
	size_t before = l->faults->n;

	p->place = schema_place(l->s, g, NULL);
	p->adapter = find_adapter(l, g);
	if (p->adapter) {
		schema_read(l->s, g, "providers", config_provider_keys,
			    p->adapter->info.keys, p);
		read_adapter(l, g, p);
	} else {
		schema_read(l->s, g, "providers", config_provider_keys, schema_any, p);
	}
	if (p->id.n && !only(p->id, SMALL DIGITS "-", 1))
		schema_fault(l->s, g, "id",
			     "providers.id: small letters, digits and dashes only, it is "
			     "part of URLs");
	if (p->poll_idle_ms < p->poll_every_ms && !schema_string(g, "poll_idle").p)
		p->poll_idle_ms = p->poll_every_ms;
	check_callbacks(l, g, p);
	check_ca_file(l, g, p);
	if (l->faults->n == before)
		check_ways(l, g, p);
}

static void read_providers(struct load *l)
{
	const struct schema_group *root = schema_root(l->s);
	size_t n = schema_list_count(root, "providers");

	l->c->providers = ARENA_NEW(l->c->arena, struct config_provider, n + 1);
	for (size_t i = 0; l->c->providers && i < n; i++) {
		const struct schema_group *g = schema_list_item(root, "providers", i);
		struct config_provider *p = &l->c->providers[l->c->n_providers];

		if (!g) {
			schema_fault(l->s, root, "providers",
				     "providers: groups in { }, please");
			continue;
		}
		read_provider(l, g, p);
		for (size_t k = 0; k < l->c->n_providers; k++)
			if (str_eq(l->c->providers[k].id, p->id))
				schema_fault(
					l->s, g, "id",
					"providers.id: \"%.*s\" stands at %s already",
					STR_ARG(p->id),
					place_shown(l, l->c->providers[k].place));
		l->c->n_providers++;
	}
	if (n == 0 && !l->without_secrets)
		schema_fault(l->s, root, "providers",
			     "providers: at least one, providers = ( { id = \"utama\"; … "
			     "} );");
}

/* ---- departments ---- */

static void read_department(struct load *l, const struct schema_group *g,
			    struct config_department *d)
{
	d->place = schema_place(l->s, g, NULL);
	schema_read(l->s, g, "departments", config_department_keys, NULL, d);
	if (d->code.n && !only(d->code, CAPITALS DIGITS, 1))
		schema_fault(l->s, g, "code",
			     "departments.code: capital letters and digits only");
	if (str_eq(d->code, l->c->gateway.rest_queue))
		schema_fault(l->s, g, "code",
			     "departments.code: \"%.*s\" is the rest queue",
			     STR_ARG(d->code));
	for (size_t k = 0; k < l->c->n_departments; k++)
		if (d->code.n && str_eq(l->c->departments[k].code, d->code))
			schema_fault(l->s, g, "code",
				     "departments.code: \"%.*s\" stands at %s already",
				     STR_ARG(d->code),
				     place_shown(l, l->c->departments[k].place));
}

static void read_departments(struct load *l)
{
	const struct schema_group *root = schema_root(l->s);
	size_t n = schema_list_count(root, "departments");

	l->c->departments = ARENA_NEW(l->c->arena, struct config_department, n + 1);
	for (size_t i = 0; l->c->departments && i < n; i++) {
		const struct schema_group *g = schema_list_item(root, "departments", i);

		if (!g) {
			schema_fault(l->s, root, "departments",
				     "departments: groups in { }, please");
			continue;
		}
		read_department(l, g, &l->c->departments[l->c->n_departments]);
		l->c->n_departments++;
	}
	if (n == 0)
		schema_fault(l->s, root, "departments",
			     "departments: at least one; is departments.conf included?");
}

/* ---- the calendar ---- */

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

static bool zone_read(struct str name, int32_t *zone_s)
{
	int64_t h, m;

	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++)
		if (str_eq(name, zones[i].name)) {
			*zone_s = zones[i].zone_s;
			return true;
		}
	if (name.n != 6 || (name.p[0] != '+' && name.p[0] != '-') || name.p[3] != ':' ||
	    !only(str_slice(name, 1, 3), DIGITS, 2) ||
	    !only(str_slice(name, 4, 6), DIGITS, 2) ||
	    !str_to_int(str_slice(name, 1, 3), &h) ||
	    !str_to_int(str_slice(name, 4, 6), &m) || h > 14 || m > 59)
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

static void build_calendar(struct load *l)
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

/* ---- texts ---- */

static struct str longest_code(const struct config *c)
{
	struct str longest = STR("dinas terkait");

	for (size_t i = 0; i < c->n_departments; i++)
		if (c->departments[i].code.n > longest.n)
			longest = c->departments[i].code;
	return longest;
}

static void build_texts(struct load *l)
{
	const struct schema_group *root = schema_root(l->s),
				  *texts = schema_group(root, "texts");
	const struct schema_group *language =
		texts ? schema_group(texts, l->c->gateway.language.p) : NULL;
	const struct reply_lint lint = {
		.longest_opd = longest_code(l->c),
		.no_digits = (unsigned)l->c->gateway.number_width + TICKET_CHECK_DIGITS,
	};

	if (!language) {
		schema_fault(l->s, texts ? texts : root, NULL,
			     "texts.%.*s is missing: is texts/%.*s.conf included?",
			     STR_ARG(l->c->gateway.language),
			     STR_ARG(l->c->gateway.language));
		return;
	}
	l->otherwise = schema_place(l->s, texts, l->c->gateway.language.p);
	schema_texts(l->s, texts, l->c->gateway.language.p, &l->c->texts_file);
	l->c->texts =
		reply_texts_build(&l->c->texts_file, &lint, complain, l, l->c->arena);
}

/* ---- understanding ---- */

static struct str file_read(const char *path, size_t ceiling, struct arena *arena)
{
	FILE *f = fopen(path, "re");
	struct buf b = BUF_INIT(ceiling);
	struct str s = { NULL, 0 };
	char block[65536];
	size_t n;

	if (!f)
		return s;
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(&b, str_from(block, n));
	if (!ferror(f) && !b.failed)
		s = arena_str(arena, buf_str(&b));
	fclose(f);
	buf_free(&b);
	return s;
}

static struct router_department *router_departments(const struct config *c)
{
	struct router_department *out =
		ARENA_NEW(c->arena, struct router_department, c->n_departments + 1);

	for (size_t i = 0; out && i < c->n_departments; i++)
		out[i] = (struct router_department){
			.code = c->departments[i].code,
			.keywords = c->departments[i].keywords,
			.not_with = c->departments[i].not_with,
			.sensitive = c->departments[i].sensitive,
			.line = c->departments[i].place,
		};
	return out;
}

static struct router_kecamatan *router_kecamatans(const struct config *c)
{
	const struct config_kecamatan *from = c->places.kecamatan.items;
	size_t n = c->places.kecamatan.n;
	struct router_kecamatan *out =
		ARENA_NEW(c->arena, struct router_kecamatan, n + 1);

	for (size_t i = 0; out && i < n; i++)
		out[i] = (struct router_kecamatan){ from[i].name, from[i].also,
						    from[i].desa };
	return out;
}

static void build_router(struct load *l)
{
	struct config *c = l->c;
	struct router_spec spec = {
		.departments = router_departments(c),
		.n_departments = c->n_departments,
		.kecamatan = router_kecamatans(c),
		.n_kecamatan = c->places.kecamatan.n,
		.false_friends = c->places.false_friends,
		.neighbours = c->places.neighbours,
		.words = c->words,
		.number_width = (unsigned)c->gateway.number_width,
	};

	l->otherwise = schema_place(l->s, schema_root(l->s), "understanding");
	if (c->understanding.model.n) {
		spec.model = file_read(c->understanding.model.p, MODEL_CEILING, c->arena);
		if (!spec.model.p)
			schema_fault(l->s,
				     schema_group(schema_root(l->s), "understanding"),
				     "model", "understanding.model: %s: %s",
				     c->understanding.model.p, strerror(errno));
	}
	if (spec.departments && spec.kecamatan)
		c->router = router_build(&spec, complain, l, c->arena);
}

/* ---- loading ---- */

void config_free(struct config *c)
{
	if (!c)
		return;
	secret_wipe(c->secrets);
	arena_free(c->arena);
}

static void read_all(struct load *l)
{
	static const struct key lists[] = { { .name = "providers" },
					    { .name = "departments" },
					    { .name = "texts" },
					    { 0 } };

	schema_read(l->s, schema_root(l->s), "", config_root_keys, lists, l->c);
	check_gateway(l);
	read_providers(l);
	read_departments(l);
	build_router(l);
	build_calendar(l);
	build_texts(l);
	if (l->faults->n == 0 && (!l->c->router || !l->c->texts || !l->c->calendar)) {
		buf_printf(&l->faults->text, "%s:1: too large for %d MiB\n", l->file,
			   CEILING >> 20);
		l->faults->n++;
	}
}

struct config *config_load(const char *file, bool without_secrets,
			   struct config_faults *faults)
{
	struct arena *arena = arena_new("config", CEILING);
	struct load l = { .faults = faults,
			  .file = file,
			  .without_secrets = without_secrets };

	l.c = arena ? ARENA_NEW(arena, struct config, 1) : NULL;
	if (!l.c) {
		arena_free(arena);
		return NULL;
	}
	l.c->arena = arena;
	l.s = schema_open(file, without_secrets, arena, &faults->text, &faults->n);
	if (l.s)
		read_all(&l);
	l.c->secrets = l.s ? schema_secrets(l.s) : NULL;
	schema_close(l.s);
	if (faults->n == 0)
		return l.c;
	config_free(l.c);
	faults_sort(&faults->text, file);
	return NULL;
}

int config_department(const struct config *c, struct str code)
{
	for (size_t i = 0; i < c->n_departments; i++)
		if (str_eq(c->departments[i].code, code))
			return (int)i;
	return -1;
}

const struct config_provider *config_provider(const struct config *c, struct str id)
{
	for (size_t i = 0; i < c->n_providers; i++)
		if (str_eq(c->providers[i].id, id))
			return &c->providers[i];
	return NULL;
}
