/* SPDX-License-Identifier: MIT */
/*
 * The settings that are taken once, at the start: a reload reads them and cannot follow
 * them, and the operator must know. Marks are kept instead of values, secrets among them.
 * Pure.
 */
#include "config/config.h"

#include <assert.h>

#include "config/config_keys.h"

/* Of the groups below what a reload does change. */
static const char *const followed[] = {
	"store.reserve_mb",  "store.keep_raw",	"store.keep_raw_for",
	"listen.public_url", "listen.api_rate", NULL,
};

static const struct {
	const char *group;
	const struct key *keys;
	size_t offset;
} groups[] = {
	{ "store", config_store_keys, offsetof(struct config, store) },
	{ "listen", config_listen_keys, offsetof(struct config, listen) },
	{ "log", config_log_keys, offsetof(struct config, log) },
};

enum { GROUPS = sizeof(groups) / sizeof(*groups) };

static bool is_followed(struct str name)
{
	for (const char *const *f = followed; *f; f++)
		if (str_eq(name, str_of(*f)))
			return true;
	return false;
}

static uint64_t mark_of(const struct key *key, const char *at)
{
	const void *value = at + key->offset;

	switch (key->type) {
	case KEY_STR:
	case KEY_URL:
	case KEY_PATH:
	case KEY_SECRET:
	case KEY_ADDRESS:
		return str_hash(*(const struct str *)value);
	case KEY_INT:
	case KEY_MS:
		return (uint64_t) * (const int64_t *)value;
	case KEY_ENUM:
		return (uint64_t) * (const int *)value;
	case KEY_BOOL:
		return *(const bool *)value;
	case KEY_REAL:
	case KEY_STR_LIST:
	case KEY_MAP:
	case KEY_GROUP:
	case KEY_LIST:
	case KEY_TEXTS:
		break; /* none of them is fixed */
	}
	assert(false && "a type that config_fixed.c does not know");
	return 0;
}

void config_fixed_take(const struct config *c, struct config_fixed *out)
{
	size_t n = 0;

	*out = (struct config_fixed){ { 0 } };
	for (size_t g = 0; g < GROUPS; g++)
		for (const struct key *k = groups[g].keys; k->name; k++) {
			assert(n < CONFIG_FIXED_MOST);
			out->marks[n++] = mark_of(k, (const char *)c + groups[g].offset);
		}
}

struct str_list config_fixed_changed(const struct config_fixed *started,
				     const struct config *c, struct arena *arena)
{
	struct str_list names = { .items = ARENA_NEW(arena, struct str,
						     CONFIG_FIXED_MOST) };
	struct config_fixed now;
	size_t n = 0;

	config_fixed_take(c, &now);
	for (size_t g = 0; names.items && g < GROUPS; g++)
		for (const struct key *k = groups[g].keys; k->name; k++, n++) {
			struct str name =
				arena_printf(arena, "%s.%s", groups[g].group, k->name);

			if (now.marks[n] != started->marks[n] && !is_followed(name))
				names.items[names.n++] = name;
		}
	return names;
}
