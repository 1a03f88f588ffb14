/* SPDX-License-Identifier: MIT */
/*
 * From files to a checked config. Reading by tables comes first, then what tables cannot
 * say; every stage runs as far as it can, so that one look shows all faults. Main's
 * thread.
 */
#include "config/inside.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "base/vault.h"
#include "config/ca_file.h"
#include "config/network.h"
#include "config/paths.h"
#include "config/secret.h"

enum { CEILING = 64 << 20 };

void load_complain(void *arg, unsigned place, const char *sentence)
{
	struct load *l = arg;

	if (place == 0)
		place = l->otherwise;
	faults_add(&l->faults->text, schema_place_file(l->s, place),
		   schema_place_line(place), sentence);
	l->faults->n++;
}

const char *load_place(struct load *l, unsigned place)
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

/* ---- addresses ---- */

struct address {
	struct str host, port;
};

static struct address address_of(struct str s)
{
	size_t colon = s.n;

	while (colon && s.p[colon - 1] != ':')
		colon--;
	return (struct address){ str_slice(s, 0, colon ? colon - 1 : 0),
				 str_slice(s, colon, s.n) };
}

static bool is_every(struct str host)
{
	return str_eq(host, STR("0.0.0.0")) || str_eq(host, STR("[::]"));
}

static void check_listen(struct load *l)
{
	const struct config_listen *listen = &l->c->listen;
	struct address a = address_of(listen->callbacks), b = address_of(listen->admin);
	const struct schema_group *g = schema_group(schema_root(l->s), "listen");

	if (!g || a.port.n == 0 || str_eq(a.port, STR("0")) || !str_eq(a.port, b.port))
		return;
	if (str_eq(a.host, b.host) || is_every(a.host) || is_every(b.host))
		schema_fault(
			l->s, g, "callbacks",
			"listen.callbacks: port %.*s is that of listen.admin already",
			STR_ARG(a.port));
}

static void check_open311(struct load *l)
{
	const struct schema_group *g = schema_group(schema_root(l->s), "open311");

	if (g && l->c->open311.serve && l->c->listen.api.n == 0)
		schema_fault(l->s, g, "serve",
			     "open311.serve: on which address? set listen.api");
}

/* Below it an answer could come whose delivery is forgotten. */
static void check_retention(struct load *l)
{
	static const int64_t least_ms = 30 * INT64_C(86400000);
	const struct schema_group *g = schema_group(schema_root(l->s), "retention");
	int64_t ms = l->c->retention.delivery_ms;

	if (g && ms > 0 && ms < least_ms)
		schema_fault(l->s, g, "delivery",
			     "retention.delivery: at least \"30d\", or \"0s\" for ever");
}

/* ---- the store ---- */

static void check_key(struct load *l, const struct schema_group *g, const char *name,
		      struct str key)
{
	struct err err;

	if (key.n && !secret_is_unseen(key) && vault_key_check(key, &err))
		schema_fault(l->s, g, name, "store.%s: %s", name, err.text);
}

static void check_store(struct load *l)
{
	const struct config_store *store = &l->c->store;
	const struct schema_group *root = schema_root(l->s),
				  *g = schema_group(root, "store");

	if (!g || l->without_secrets)
		return;
	check_key(l, g, "key", store->key);
	check_key(l, g, "old_key", store->old_key);
	if (store->old_key.n && store->key.n == 0)
		schema_fault(l->s, g, "old_key",
			     "store.old_key: without store.key there is nothing to go "
			     "over to");
	else if (store->key.n && !secret_is_unseen(store->key) &&
		 crypto_equal(store->key, store->old_key))
		schema_fault(l->s, g, "old_key",
			     "store.old_key: it is the same as store.key");
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
	bool seen = !secret_is_unseen(p->path_secret);

	if (p->path_secret.n && p->path_secret.n < 8 && seen)
		schema_fault(l->s, g, "path_secret",
			     "providers.path_secret: at least 8 characters, or it can be "
			     "guessed");
	for (size_t i = 0; i < p->path_secret.n; i++)
		if (p->path_secret.p[i] == '/' && seen)
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
					load_place(l, l->c->providers[k].place));
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
	static const struct key inner[] = { { .name = "ways" }, { 0 } };

	d->place = schema_place(l->s, g, NULL);
	schema_read(l->s, g, "departments", config_department_keys, inner, d);
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
				     load_place(l, l->c->departments[k].place));
	load_department_deadlines(l, g, d);
	load_ways(l, g, d);
}

static void outside_names(struct config *c)
{
	c->outside_names.items =
		ARENA_NEW(c->arena, struct str, 2 * c->n_departments + 1);
	if (!c->outside_names.items)
		return;
	for (size_t i = 0; i < c->n_departments; i++)
		if (c->departments[i].outside) {
			struct str *next = &c->outside_names.items[c->outside_names.n];

			next[0] = c->departments[i].code;
			next[1] = c->departments[i].name;
			c->outside_names.n += 2;
		}
}

static void read_departments(struct load *l)
{
	const struct schema_group *root = schema_root(l->s);
	size_t n = schema_list_count(root, "departments");

	l->c->departments = ARENA_NEW(l->c->arena, struct config_department, n + 1);
	if (!l->c->departments)
		return; /* config_load tells that memory was short */
	for (size_t i = 0; i < n; i++) {
		const struct schema_group *g = schema_list_item(root, "departments", i);

		if (!g) {
			schema_fault(l->s, root, "departments",
				     "departments: groups in { }, please");
			continue;
		}
		read_department(l, g, &l->c->departments[l->c->n_departments]);
		l->c->n_departments++;
	}
	l->c->department_codes.items =
		ARENA_NEW(l->c->arena, struct str, l->c->n_departments + 1);
	for (size_t i = 0; l->c->department_codes.items && i < l->c->n_departments; i++)
		l->c->department_codes.items[l->c->department_codes.n++] =
			l->c->departments[i].code;
	outside_names(l->c);
	if (n == 0)
		schema_fault(l->s, root, "departments",
			     "departments: at least one; is departments.conf included?");
}

/* ---- understanding ---- */

/* For the question where it is: a bare name is answer enough. */
static void name_places(struct load *l)
{
	const struct config_kecamatan *all = l->c->places.kecamatan.items;
	size_t n = l->c->places.kecamatan.n;
	struct str_list *names = &l->c->place_names;

	names->items = ARENA_NEW(l->c->arena, struct str, n + 1);
	for (size_t i = 0; names->items && i < n; i++)
		names->items[names->n++] = utf8_fold(all[i].name, l->c->arena);
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
	const struct schema_group *gateway = schema_group(schema_root(l->s), "gateway");
	struct str language = gateway ? schema_string(gateway, "language") : STR("");
	const struct key lists[] = {
		{ .name = "providers" },
		{ .name = "departments" },
		{ .name = "officers" },
		{ .name = "texts_id" },
		{ .name = "texts_su" },
		{ .name = "texts_jv" },
		{ .name = "texts_en" },
		{ .name = arena_printf(l->c->arena, "texts_%.*s",
				       STR_ARG(language.n ? language : STR("id")))
				  .p },
		{ 0 },
	};

	schema_read(l->s, schema_root(l->s), "", config_root_keys, lists, l->c);
	check_gateway(l);
	check_store(l);
	check_listen(l);
	check_open311(l);
	check_retention(l);
	load_calendar(l);
	load_deadlines(l);
	read_providers(l);
	load_mail(l);
	read_departments(l);
	load_officers(l);
	name_places(l);
	l->c->languages = languages_build(l->c->arena);
	load_router(l);
	load_texts(l);
	if (l->faults->n == 0 &&
	    (!l->c->router || !l->c->texts || !l->c->calendar || !l->c->languages)) {
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
	if (l.s) {
		schema_notes(l.s, faults->notes);
		read_all(&l);
	}
	l.c->secrets = l.s ? schema_secrets(l.s) : NULL;
	schema_close(l.s);
	malloc_trim(0); /* reading takes more than what stays of it */
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
