/* SPDX-License-Identifier: MIT */
/*
 * People: officers with their numbers and PINs, and what citizens and officers are told
 * in which language.
 */
#include "config/inside.h"

#include "base/crypto.h"
#include "model/msisdn.h"
#include "model/ticketno.h"

/* ---- officers ---- */

static int officer_department(struct load *l, const struct schema_group *g,
			      struct str code)
{
	int department = code.n ? config_department(l->c, code) : -1;

	if (code.n && department < 0)
		schema_fault(l->s, g, "department",
			     "officers.department: there is no department \"%.*s\"",
			     STR_ARG(code));
	return department;
}

static void officer_check(struct load *l, const struct schema_group *g,
			  const struct config_officer *o, bool named, size_t before)
{
	if (!o->desk && !named && o->level < LIFE_LEVEL_SEKDA)
		schema_fault(l->s, g, NULL,
			     "officers: department, desk = true, or a rank of \"sekda\" "
			     "or \"regent\"");
	if (o->pin.n && !crypto_pin_is_hash(o->pin) && !l->without_secrets)
		schema_fault(l->s, g, "pin",
			     "officers.pin: make it with \"kentongan pin\", the digits "
			     "themselves must not stand here");
	for (size_t k = 0; k < before; k++)
		if (str_eq(l->c->officers[k].phone, o->phone))
			schema_fault(l->s, g, "phone",
				     "officers.phone: this number stands there twice");
}

static void read_duty(struct load *l, const struct schema_group *g, struct str_list from,
		      struct config_officer *o)
{
	const char *why;

	o->duty = ARENA_NEW(l->c->arena, struct roster_span, from.n + 1);
	for (size_t i = 0; o->duty && i < from.n; i++) {
		if (roster_read(from.items[i], &o->duty[o->n_duty], &why))
			o->n_duty++;
		else
			schema_item_fault(l->s, g, "duty", i,
					  "officers.duty: \"%.*s\": %s",
					  STR_ARG(from.items[i]), why);
	}
}

static void read_officer(struct load *l, const struct schema_group *g,
			 struct config_officer *o)
{
	struct config_officer_file f = { 0 };
	struct str phone = { NULL, 0 };

	schema_read(l->s, g, "officers", config_officer_keys, NULL, &f);
	if (sender_normalise(f.phone, l->c->gateway.country_code, l->c->arena, &phone) !=
	    SENDER_MOBILE)
		schema_fault(l->s, g, "phone",
			     "officers.phone: a mobile number, please: \"0812…\"");
	*o = (struct config_officer){
		.phone = phone,
		.name = f.name,
		.department = officer_department(l, g, f.department),
		.desk = f.desk,
		.level = (enum life_level)f.rank,
		.pin = str_trim(f.pin),
		.news = f.news,
	};
	read_duty(l, g, f.duty, o);
	officer_check(l, g, o, f.department.n > 0, l->c->n_officers);
}

/* A way to phones needs one. */
static void check_sms_ways(struct load *l)
{
	for (size_t d = 0; d < l->c->n_departments; d++) {
		const struct config_department *department = &l->c->departments[d];
		bool sms = false, some = false;

		for (size_t i = 0; i < department->n_ways; i++)
			sms = sms || department->ways[i].by == WAY_SMS;
		for (size_t i = 0; l->c->officers && i < l->c->n_officers; i++)
			some = some || (l->c->officers[i].department == (int)d &&
					!l->c->officers[i].desk);
		if (sms && !some)
			load_complain(l, department->place,
				      arena_printf(l->c->arena,
						   "departments.%.*s.ways: by = \"sms\" "
						   "needs an officer of it in `officers`",
						   STR_ARG(department->code))
					      .p);
	}
}

void load_officers(struct load *l)
{
	const struct schema_group *root = schema_root(l->s);
	size_t n = schema_list_count(root, "officers");

	l->c->officers = ARENA_NEW(l->c->arena, struct config_officer, n + 1);
	for (size_t i = 0; l->c->officers && i < n; i++) {
		const struct schema_group *g = schema_list_item(root, "officers", i);

		if (!g) {
			schema_fault(l->s, root, "officers",
				     "officers: groups in { }, please");
			continue;
		}
		read_officer(l, g, &l->c->officers[l->c->n_officers]);
		l->c->n_officers++;
	}
	check_sms_ways(l);
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

/* One language; NULL and faults said, or not there (main: that is a fault). */
static struct reply_texts *language_load(struct load *l, struct str code, bool main)
{
	const struct schema_group *root = schema_root(l->s);
	struct str name = arena_printf(l->c->arena, "texts_%.*s", STR_ARG(code));
	const struct schema_group *language = name.p ? schema_group(root, name.p) : NULL;
	const struct reply_lint lint = {
		.longest_opd = longest_code(l->c),
		.no_digits = (unsigned)l->c->gateway.number_width + TICKETNO_BESIDE,
		.citizens_only = !main,
	};
	struct key_texts file = { NULL, 0 };
	size_t before = l->faults->n;

	if (!language) {
		if (main)
			schema_fault(
				l->s, root, NULL,
				"texts_%.*s is missing: is texts/%.*s.conf included?",
				STR_ARG(code), STR_ARG(code));
		return NULL;
	}
	l->otherwise = schema_place(l->s, root, name.p);
	schema_texts(l->s, root, name.p, &file);
	if (l->faults->n > before && file.n == 0)
		return NULL; /* no group at all: one fault is enough */
	return reply_texts_build(&file, &lint, load_complain, l, l->c->arena);
}

void load_texts(struct load *l)
{
	l->c->texts = language_load(l, l->c->gateway.language, true);
	for (int k = LANGUAGE_INDONESIA; k < LANGUAGE_COUNT; k++) {
		struct str code = str_of(command_language_code((enum command_language)k));

		l->c->texts_in[k] = str_eq(code, l->c->gateway.language)
					    ? l->c->texts
					    : language_load(l, code, false);
	}
}
