/* SPDX-License-Identifier: MIT */
/*
 * Seals a store that was filled with plain values, as the daemon would in its quiet
 * moments when a store gets its first key, but at once.
 *
 *	seal_store DB_FILE KEY_FILE
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/crypto.h"
#include "store/store.h"

enum { STEP = 20000 };

static int seal(const struct store_settings *settings, struct err *err)
{
	struct store *store;
	struct store_keys keys;
	int rc;

	if (store_open(settings, &store, err))
		return -1;
	do {
		rc = store_begin(store, err) || store_reseal(store, STEP, err) ||
		     store_commit(store, err);
		store_keys(store, &keys);
	} while (rc == 0 && keys.changing);
	if (rc == 0 && keys.unreadable)
		rc = err_set(err, ERR_BUG, "%s", store_unreadable(store));
	store_close(store);
	return rc ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct store_settings settings = { .driver = STR("sqlite"),
					   .fast = true,
					   .version = STR("bench") };
	char key[100] = "";
	struct err err;
	FILE *f = argc == 3 ? fopen(argv[2], "re") : NULL;

	if (!f || !fgets(key, sizeof(key), f)) {
		fputs("Usage: seal_store DB_FILE KEY_FILE\n", stderr);
		return EX_USAGE;
	}
	fclose(f);
	key[strcspn(key, "\n")] = '\0';
	settings.path = str_of(argv[1]);
	settings.key = str_of(key);
	if (crypto_start(&err) || seal(&settings, &err)) {
		fprintf(stderr, "seal_store: %s\n", err.text);
		return EX_SOFTWARE;
	}
	return 0;
}
