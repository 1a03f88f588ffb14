/* SPDX-License-Identifier: MIT */
/*
 * Defaults are written in tables as they would be in files; they are ours, so a wrong one
 * is a bug (tests/unit/test_config.c looks at all of them). Pure.
 */
#include "config/defaults.h"

#include <stdlib.h>

void defaults_take(const struct key *key, char *to)
{
	struct str def = str_of(key->def);
	int64_t n = 0;

	switch (key->type) {
	case KEY_STR:
	case KEY_URL:
	case KEY_PATH:
	case KEY_SECRET:
	case KEY_ADDRESS:
		*(struct str *)(void *)to = def;
		break;
	case KEY_INT:
		str_to_int(def, (int64_t *)(void *)to);
		break;
	case KEY_REAL:
		*(double *)(void *)to = strtod(key->def, NULL);
		break;
	case KEY_BOOL:
		*(bool *)(void *)to = str_eq(def, STR("true"));
		break;
	case KEY_MS:
		if (str_to_ms(def, &n))
			*(int64_t *)(void *)to = n;
		break;
	case KEY_ENUM:
		for (int i = 0; key->names[i]; i++)
			if (str_eq(def, str_of(key->names[i])))
				*(int *)(void *)to = i;
		break;
	case KEY_GROUP:
		for (const struct key *k = key->sub; k->name; k++)
			if (k->def)
				defaults_take(k, to + k->offset);
		break;
	case KEY_STR_LIST:
	case KEY_MAP:
	case KEY_LIST:
	case KEY_TEXTS:
		break; /* zeroed: empty */
	}
}
