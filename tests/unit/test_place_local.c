/* SPDX-License-Identifier: MIT */
/* Names of hamlets, villages and estates that no list has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/place.h"

static struct arena *arena;

static void what_is_named(void **state)
{
	static const struct {
		const char *text, *hamlet, *village, *estate;
	} rows[] = {
		{ "jalan rusak di kp cibogo", "cibogo", "", "" },
		{ "Jln rsk KP. Cibogo RT 3", "cibogo", "", "" },
		{ "kampung baru ds ranjeng", "baru", "ranjeng", "" },
		{ "di desa sukamaju gelap", "", "sukamaju", "" },
		{ "lampu di perum griya asri", "", "", "griya" },
		{ "lembur kuring banjir", "", "", "" },
		{ "di kampung kami", "", "", "" },
		{ "kantor desa tutup terus", "", "", "" },
		{ "kp", "", "", "" },
		{ "kp kp cikupa", "cikupa", "", "" },
		{ "kp 03", "", "", "" },
		{ "", "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct place_locals p = place_locals(str_of(rows[i].text), arena);

		if (!str_eq(p.names[PLACE_HAMLET], str_of(rows[i].hamlet)) ||
		    !str_eq(p.names[PLACE_VILLAGE], str_of(rows[i].village)) ||
		    !str_eq(p.names[PLACE_ESTATE], str_of(rows[i].estate)))
			fail_msg("%s: %.*s, %.*s, %.*s", rows[i].text,
				 STR_ARG(p.names[0]), STR_ARG(p.names[1]),
				 STR_ARG(p.names[2]));
	}
}

static void what_differs(void **state)
{
	static const struct {
		const char *a, *b;
		bool differ;
	} rows[] = {
		{ "jalan rusak kp cibogo", "jalan rusak kp baru", true },
		{ "jalan rusak kp cibogo", "jalan rusak kp cibgo", false },
		{ "jalan rusak kp baru", "jalan rusak kp batu", true },
		{ "jalan rusak kp cibogo", "jalan rusak ds baru", false },
		{ "jalan rusak kp cibogo", "jalan rusak", false },
		{ "kp cibogo ds citasuk", "kp cibogo ds ranjeng", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct place_locals a = place_locals(str_of(rows[i].a), arena),
				    b = place_locals(str_of(rows[i].b), arena);

		if (place_locals_differ(&a, &b) != rows[i].differ)
			fail_msg("%s, %s", rows[i].a, rows[i].b);
	}
}

static void what_people_read(void **state)
{
	static const struct {
		const char *text, *place;
	} rows[] = {
		{ "jln di KP Cibogo RT 03/02 ds citasuk rsk", "kp cibogo RT 03/02" },
		{ "got mampet kp baru rt 4 rw 1 pak", "kp baru RT 4/1" },
		{ "lampu mati rt05 rw02 kampung baros", "kampung baros RT 05/02" },
		{ "perum taman ciruas rt 3 4 hari gelap", "perum taman RT 3" },
		{ "jalan rusak rt 12/3", "RT 12/3" },
		{ "rtlh belum dibangun", "" },
		{ "rt kami banjir", "" },
		{ "di kampung kami banjir", "" },
		{ "rt 1234/5 banjir", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str place = place_words(str_of(rows[i].text), arena);

		if (!str_eq(place, str_of(rows[i].place)))
			fail_msg("%s: \"%.*s\"", rows[i].text, STR_ARG(place));
	}
}

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 1 << 20);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_named),
		cmocka_unit_test(what_differs),
		cmocka_unit_test(what_people_read),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
