/* SPDX-License-Identifier: MIT */
/* The lowest layer: arenas, buffers, views, errors, JSON, forms, Unicode, log lines. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/http.h"
#include "base/json.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/utf8.h"

static struct arena *arena;

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

static void is_text(struct str got, const char *want)
{
	assert_non_null(got.p);
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

/* ---- arena, buf, str, err ---- */

static void arena_stops_at_its_ceiling(void **state)
{
	struct arena *small = arena_new("small", 1000);
	unsigned char *p;

	(void)state;
	p = arena_alloc(small, 600, 1);
	assert_non_null(p);
	for (size_t i = 0; i < 600; i++)
		assert_int_equal(p[i], 0);
	assert_null(arena_alloc(small, 600, 1));
	assert_non_null(arena_alloc(small, 300, 1)); /* what fits still fits */
	assert_null(arena_alloc(small, SIZE_MAX / 2, 3));
	arena_reset(small);
	assert_int_equal(arena_used(small), 0);
	assert_non_null(arena_alloc(small, 900, 1));
	assert_string_equal(arena_name(small), "small");
	arena_free(small);
	arena_free(NULL);
}

static void arena_gives_room_up_to_its_ceiling(void **state)
{
	struct arena *small = arena_new("small", 1000);
	char *p = arena_room(small, 100, 2);

	(void)state;
	assert_non_null(p);
	memset(p, 'x', 200);
	assert_null(arena_room(small, 1000, 1));
	assert_null(arena_room(small, SIZE_MAX / 2, 3));
	assert_int_equal((uintptr_t)arena_room(small, 1, 1) % 16, 0);
	arena_free(small);
}

/* What one thread took another may give back, and its lists end with it. */
static void *pool_other(void *arg)
{
	char **pieces = arg;

	for (size_t i = 0; i < 300; i++) {
		pool_give(pieces[i]);
		pieces[i] = pool_take(i * 7);
		memset(pieces[i], (int)i, i * 7);
	}
	for (size_t i = 0; i < 1000; i++)
		pool_give(pool_take(i));
	return NULL;
}

static void pool_pieces_are_whole(void **state)
{
	static char *pieces[300];
	pthread_t other;

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		pieces[i] = pool_take(i * 7);
		assert_int_equal((uintptr_t)pieces[i] % 16, 0);
		assert_true(pool_size(pieces[i]) >= i * 7);
		assert_int_equal(pool_size(pieces[i]), pool_rounded(i * 7));
		memset(pieces[i], 'a', i * 7);
	}
	assert_int_equal(pthread_create(&other, NULL, pool_other, pieces), 0);
	pthread_join(other, NULL);
	for (size_t i = 0; i < 300; i++) {
		pieces[i] = pool_resize(pieces[i], i * 9 + 1);
		for (size_t k = 0; k < i * 7; k++)
			assert_int_equal((unsigned char)pieces[i][k], i % 256);
		pool_give(pieces[i]);
	}
	pool_give(NULL);
	assert_null(pool_take(SIZE_MAX));
	pieces[0] = pool_resize(NULL, 100);
	assert_null(pool_resize(pieces[0], SIZE_MAX));
	pool_give(pieces[0]);
}

static void arena_copies_end_in_nul(void **state)
{
	struct str s = arena_str(arena, str_from("abcdef", 3));

	(void)state;
	assert_string_equal(s.p, "abc");
	assert_non_null(arena_str(arena, str_from(NULL, 0)).p);
	is_text(arena_printf(arena, "%d-%s", 7, "x"), "7-x");
	s = ARENA_JOIN(arena, STR("ab"), str_from(NULL, 0), STR("c"));
	is_text(s, "abc");
	assert_int_equal(s.p[3], '\0');
	assert_string_equal(arena_int(arena, STR("n="), 0).p, "n=0");
	assert_string_equal(arena_int(arena, STR(""), -70).p, "-70");
	is_text(arena_int(arena, STR(""), INT64_MIN), "-9223372036854775808");
	is_text(arena_int(arena, STR(""), INT64_MAX), "9223372036854775807");
	for (int i = 0; i < 100; i++)
		assert_int_equal((uintptr_t)arena_alloc(arena, 1, 777) % 16, 0);
}

static void buf_fails_as_a_whole(void **state)
{
	struct buf b = BUF_INIT(10);

	(void)state;
	buf_add(&b, STR("12345678"));
	buf_add(&b, STR("901"));
	assert_true(b.failed);
	buf_add(&b, STR("9"));
	is_text(buf_str(&b), "12345678");
	buf_clear(&b);
	buf_printf(&b, "%05d", 42);
	buf_add_url(&b, STR("a/"));
	assert_false(b.failed);
	is_text(buf_str(&b), "00042a%2F");
	buf_free(&b);
}

static void str_reads_numbers_and_durations(void **state)
{
	char digits[STR_INT_BYTES];
	int64_t v = -7;

	(void)state;
	assert_true(str_to_int(STR("-120"), &v) && v == -120);
	assert_true(str_to_int(STR("9223372036854775807"), &v) && v == INT64_MAX);
	assert_false(str_to_int(STR("9223372036854775808"), &v));
	assert_false(str_to_int(STR(""), &v));
	assert_false(str_to_int(STR("-"), &v));
	assert_false(str_to_int(STR("1 "), &v));
	is_text(str_int(0, digits), "0");
	is_text(str_int(-1205, digits), "-1205");
	is_text(str_int(INT64_MAX, digits), "9223372036854775807");
	is_text(str_int(INT64_MIN, digits), "-9223372036854775808");
	assert_true(str_to_ms(STR("5m"), &v) && v == 300000);
	assert_true(str_to_ms(STR("250ms"), &v) && v == 250);
	assert_false(str_to_ms(STR("5"), &v));
	assert_false(str_to_ms(STR("9223372036854775807d"), &v));
}

static void str_cuts_and_compares(void **state)
{
	struct str rest = STR("a,,b"), part;
	int n = 0;

	(void)state;
	while (str_split(&rest, ',', &part))
		n++;
	assert_int_equal(n, 3);
	is_text(str_trim(STR(" \t x y\r\n")), "x y");
	is_text(str_slice(STR("hello"), 1, 99), "ello");
	assert_int_equal(str_slice(STR("hello"), 4, 2).n, 0);
	assert_int_equal(str_find(STR("abcabc"), STR("ca")), 2);
	assert_int_equal(str_find(STR("abc"), STR("x")), 3);
	assert_true(str_eq_nocase(STR("Content-TYPE"), STR("content-type")));
	assert_true(str_cmp(STR("ab"), STR("abc")) < 0);
	assert_true(str_starts(STR("abc"), STR("ab")) && str_ends(STR("abc"), STR("bc")));
	assert_true(str_hash(STR("a")) != str_hash(STR("b")));
}

static void err_puts_context_in_front(void **state)
{
	struct err e = { .kind = ERR_NONE };

	(void)state;
	assert_int_equal(err_set(&e, ERR_LATER, "no %s", "route"), -1);
	assert_int_equal(err_add(&e, "poll %d", 3), -1);
	assert_string_equal(e.text, "poll 3: no route");
	assert_int_equal(e.kind, ERR_LATER);
	assert_string_equal(err_kind_name(ERR_LIMIT), "limit");
	assert_int_equal(err_set(NULL, ERR_BUG, "x"), -1);
}

/* ---- JSON ---- */

static void json_walks_paths(void **state)
{
	struct json *root = json_parse(
		STR("{\"a\":{\"b\":[10,{\"c\":\"x\\u0000y\"}]},\"n\":null,\"r\":0.1,"
		    "\"t\":true,\"s\":\"42\",\"big\":1e300}"),
		NULL);
	int64_t i = 0;
	bool b = false;

	(void)state;
	assert_non_null(root);
	assert_true(json_int(json_at(root, STR("a.b.0")), &i) && i == 10);
	assert_int_equal(json_str(json_at(root, STR("a.b.1.c"))).n, 3);
	assert_ptr_equal(json_at(root, STR("")), root);
	assert_null(json_at(root, STR("a.b.2")));
	assert_null(json_at(root, STR("a.b.-1")));
	assert_null(json_at(root, STR("a.b.x.y")));
	assert_null(json_at(NULL, STR("a")));
	assert_null(json_get(NULL, "a"));
	assert_null(json_str(json_get(root, "r")).p);
	assert_true(json_is_null(json_get(root, "n")) && json_is_null(NULL));
	assert_true(json_is_object(root) && json_is_array(json_at(root, STR("a.b"))));
	assert_int_equal(json_count(json_at(root, STR("a.b"))), 2);
	assert_int_equal(json_count(NULL), 0);
	assert_true(json_int(json_get(root, "s"), &i) && i == 42);
	assert_false(json_int(json_get(root, "r"), &i));
	assert_true(json_bool(json_get(root, "t"), &b) && b);
	assert_false(json_bool(json_get(root, "s"), &b));
	is_text(json_text(json_get(root, "r"), arena), "0.1");
	is_text(json_text(json_get(root, "big"), arena), "1e+300");
	is_text(json_text(json_get(root, "t"), arena), "true");
	is_text(json_text(json_at(root, STR("a.b.0")), arena), "10");
	assert_null(json_text(json_get(root, "n"), arena).p);
	json_free(root);
	json_free(NULL);
}

/* Several at a time, freed in any order, also what was copied out of them. */
static void json_documents_do_not_mix(void **state)
{
	struct err e;
	struct buf long_text = BUF_INIT(1 << 20), out = BUF_INIT(1 << 20);
	struct json *a = json_parse(STR("{\"a\":[1,\"x\"]}"), &e), *b, *c, *copy;

	(void)state;
	buf_add(&long_text, STR("[\"\""));
	for (int i = 0; i < 5000; i++)
		buf_printf(&long_text, ",{\"n\":%d}", i);
	assert_null(json_parse(buf_str(&long_text), &e));
	buf_add_char(&long_text, ']');
	b = json_parse(buf_str(&long_text), &e);
	assert_int_equal(json_count(b), 5001);
	copy = json_clone(json_get(a, "a"));
	json_free(a);
	a = json_parse(STR("[7]"), &e);
	c = json_parse(buf_str(&long_text), &e);
	json_free(b);
	json_free(a);
	json_dump(json_item(c, 5000), &out);
	json_dump(copy, &out);
	is_text(buf_str(&out), "{\"n\":4999}[1,\"x\"]");
	json_free(c);
	json_free(copy);
	assert_null(json_parse(STR("[1,"), &e));
	a = json_parse(STR("true"), &e);
	assert_non_null(a);
	json_free(a);
	json_free(NULL);
	buf_free(&long_text);
	buf_free(&out);
}

/* It lives as long as the arena, beside other documents, and stops at its ceiling. */
static void json_lives_in_an_arena(void **state)
{
	struct str text = STR("{\"a\":[1,\"x\"]}"), half = STR("{\"a\":[1,");
	const struct json *in, *beside;
	struct json *other;
	size_t ceiling, small;
	struct err e;

	(void)state;
	in = json_parse_in(arena, text, &e);
	other = json_parse(STR("[7]"), &e);
	beside = json_parse_in(arena, STR("[8]"), &e);
	json_free(other);
	is_text(json_str(json_at(in, STR("a.1"))), "x");
	assert_int_equal(json_count(beside), 1);
	e = (struct err){ 0 };
	assert_null(json_parse_in(arena, half, &e));
	assert_int_equal(e.kind, ERR_NEVER);
	small = arena_used(arena) + 100;
	ceiling = arena_limit(arena, small);
	assert_null(json_parse_in(arena, text, &e));
	assert_int_equal(arena_limit(arena, ceiling), small);
	assert_non_null(json_parse_in(arena, text, &e));
	other = json_parse(text, &e); /* the heap's again */
	assert_non_null(other);
	json_free(other);
}

static void json_is_strict(void **state)
{
	static const char *const wrong[] = {
		"",
		"{",
		"{} x",
		"{\"a\":1,\"a\":2}",
		"[1,]",
		"{'a':1}",
		"[01]",
		"\"\xff\"",
		"[\"\xc0\xaf\"]",
		"[1e999]",
		"nul",
		"[9223372036854775808]",
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		e.kind = ERR_NONE;
		assert_null(json_parse(str_of(wrong[i]), &e));
		assert_int_equal(e.kind, ERR_NEVER);
	}
	assert_null(json_parse(str_from(NULL, 0), NULL));
}

static void json_refuses_depth(void **state)
{
	struct buf b = BUF_INIT(1 << 20);

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_add_char(&b, '[');
	assert_null(json_parse(buf_str(&b), NULL));
	buf_free(&b);
}

static void json_builds_in_order(void **state)
{
	struct json *root = json_new_object(), *list = json_new_array(), *copy;
	struct buf b = BUF_INIT(4096);

	(void)state;
	json_set(root, "z", json_new_int(1));
	json_set(root, "a", json_new_str(str_from("ok\xff\"", 4)));
	json_add(list, json_new_bool(false));
	json_add(list, json_new_null());
	json_add(list, json_new_real(0.5));
	json_add(list, NULL);
	json_set(root, "list", list);
	json_set(root, "none", json_new_str(str_from(NULL, 0)));
	copy = json_clone(root);
	json_free(root);
	json_dump(copy, &b);
	is_text(buf_str(&b),
		"{\"z\":1,\"a\":\"ok\xef\xbf\xbd\\\"\",\"list\":[false,null,0.5],"
		"\"none\":\"\"}");
	buf_clear(&b);
	b.ceiling = 10;
	json_dump_pretty(copy, &b);
	assert_true(b.failed);
	json_free(copy);
	buf_free(&b);
}

/* ---- HTTP as data ---- */

static void form_goes_there_and_back(void **state)
{
	struct str_pairs p, q;

	(void)state;
	assert_int_equal(
		form_parse(STR("a=1+2&&b=%zz%4&c&=x&d=%41%00%"), 10, arena, &p, NULL), 0);
	assert_int_equal(p.n, 5);
	is_text(pairs_get(p, STR("a")), "1 2");
	is_text(pairs_get(p, STR("b")), "%zz%4");
	is_text(pairs_get(p, STR("c")), "");
	is_text(pairs_get(p, STR("")), "x");
	assert_int_equal(pairs_get(p, STR("d")).n, 3);
	assert_memory_equal(pairs_get(p, STR("d")).p, "A\0%", 3);
	assert_null(pairs_get(p, STR("e")).p);
	assert_int_equal(form_parse(form_encode(p, arena), 10, arena, &q, NULL), 0);
	assert_int_equal(q.n, p.n);
	for (size_t i = 0; i < p.n; i++) {
		assert_true(str_eq(p.items[i].name, q.items[i].name));
		assert_true(str_eq(p.items[i].value, q.items[i].value));
	}
	is_text(form_encode((struct str_pairs){ p.items, 1 }, arena), "a=1+2");
}

static void form_counts_fields(void **state)
{
	struct str_pairs p = { NULL, 99 };
	struct err e;

	(void)state;
	assert_int_equal(form_parse(STR("a&b&c"), 2, arena, &p, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_int_equal(p.n, 99); /* untouched */
	assert_int_equal(form_parse(str_from(NULL, 0), 2, arena, &p, &e), 0);
	assert_int_equal(p.n, 0);
}

static int64_t retry_after(const char *value)
{
	struct str_pair header = { STR("retry-after"), str_of(value) };
	struct response r = { .headers = { &header, 1 } };

	/* 1994-11-06 08:49:30, seven seconds before RFC 9110's example */
	return http_retry_after_ms(&r, 784111770000);
}

static void retry_after_in_all_forms(void **state)
{
	struct response none = { .status = 503 };

	(void)state;
	assert_int_equal(retry_after("120"), 120000);
	assert_int_equal(retry_after("Sun, 06 Nov 1994 08:49:37 GMT"), 7000);
	assert_int_equal(retry_after("Sunday, 06-Nov-94 08:49:37 GMT"), 7000);
	assert_int_equal(retry_after("Sun Nov  6 08:49:37 1994"), 7000);
	assert_int_equal(retry_after("Sun, 06 Nov 1994 08:49:00 GMT"), 0);
	assert_int_equal(retry_after("-5"), 0);
	assert_int_equal(retry_after("9223372036854775807"), 0);
	assert_int_equal(retry_after("soon"), 0);
	assert_int_equal(http_retry_after_ms(&none, 0), 0);
	assert_string_equal(http_method_name(HTTP_PATCH), "PATCH");
}

/* ---- Unicode ---- */

static void utf8_reads_and_repairs(void **state)
{
	struct str bad = str_from("a\0\xff\xed\xa0\x80z", 7), good = STR("jalan é 🌧");
	size_t at = 0;
	int n = 0;

	(void)state;
	assert_true(utf8_valid(good));
	assert_false(utf8_valid(STR("\xc0\x80")));
	assert_false(utf8_valid(STR("\xf4\x90\x80\x80")));
	assert_ptr_equal(utf8_repair(good, arena).p, good.p);
	is_text(utf8_repair(bad, arena), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf"
					 "\xbd\xef\xbf\xbdz");
	assert_true(utf8_valid(STR("\xef\xbf\xbd"))); /* a U+FFFD that was sent */
	while (utf8_next(good, &at) >= 0)
		n++;
	assert_int_equal(n, 9);
	assert_int_equal(at, good.n);
}

static void utf8_cleans_for_people(void **state)
{
	struct str plain = STR("satu\n\tdua");

	(void)state;
	assert_ptr_equal(utf8_clean(plain, arena).p, plain.p);
	is_text(utf8_clean(STR("a\x1b[31mb\xe2\x80\xae"
			       "c\xe2\x80\x8b"
			       "d\xef\xbb\xbf\r\x7f\xc2\x85"),
			   arena),
		"a[31mbcd");
	is_text(utf8_clean(STR("x\xff"), arena), "x\xef\xbf\xbd");
}

static void utf8_folds_for_matching(void **state)
{
	(void)state;
	is_text(utf8_fold(STR("LAPOR Jalan"), arena), "lapor jalan");
	is_text(utf8_fold(STR("CAFÉ cafe\xcc\x81"), arena), "cafe cafe");
	is_text(utf8_fold(STR("ＬＡＰＯＲ　１２"), arena), "lapor 12");
	is_text(utf8_fold(STR("𝐉𝐚𝐥𝐚𝐧 ﬁ"), arena), "jalan fi");
	is_text(utf8_fold(STR("İ"), arena), "i");
	/* Aksara Jawa: the marks are vowels. */
	is_text(utf8_fold(STR("ꦏꦶ"), arena), "ꦏꦶ");
	is_text(utf8_fold(STR(""), arena), "");
	assert_true(utf8_is_letter('x') && utf8_is_letter(0xE9) && !utf8_is_letter('5'));
	assert_true(utf8_is_digit('5') && utf8_is_digit(0x0665) && !utf8_is_digit('x'));
}

/* ---- crypto ---- */

static void crypto_compares_and_draws(void **state)
{
	struct str a, b;

	(void)state;
	assert_int_equal(crypto_start(NULL), 0);
	a = crypto_token(arena, 16);
	b = crypto_token(arena, 16);
	assert_int_equal(a.n, 32);
	assert_false(crypto_equal(a, b));
	assert_true(crypto_equal(a, a));
	assert_false(crypto_equal(a, str_slice(a, 0, 31)));
	assert_true(crypto_equal(STR(""), str_from(NULL, 0)));
	for (int i = 0; i < 1000; i++)
		assert_true(crypto_random_below(7) < 7);
}

/* ---- log lines ---- */

static char line[128 << 10];

/* What one call of log_event writes. */
static const char *logged(enum log_format format, const struct log_field *fields,
			  size_t n_fields)
{
	int ends[2];
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	log_setup(format, LOG_LEVEL_INFO);
	log_to_fd(ends[1]);
	log_fields(LOG_LEVEL_WARNING, "tested", fields, n_fields);
	log_fields(LOG_LEVEL_DEBUG, "unwanted", NULL, 0);
	log_to_fd(-1);
	log_fields(LOG_LEVEL_ERROR, "silenced", NULL, 0);
	close(ends[1]);
	n = read(ends[0], line, sizeof(line) - 1); /* one write, so one read */
	close(ends[0]);
	assert_true(n > 0);
	line[n] = '\0';
	assert_ptr_equal(strchr(line, '\n'), line + n - 1);
	log_to_fd(2);
	return line;
}

static int64_t some_wall_ms(void)
{
	return 1764000000123;
}

static void log_lines_in_each_format(void **state)
{
	const struct clock_source fake = { some_wall_ms, some_wall_ms };
	const struct log_field f[] = { LOG_I("n", 25004176), LOG_Z("word", "x"),
				       LOG_Z("words", "a \"b\"\n"), LOG_Z("empty", "") };

	(void)state;
	clock_replace(&fake);
	assert_string_equal(logged(LOG_FORMAT_JOURNAL, f, 4),
			    "<4>tested n=25004176 word=x words=\"a \\\"b\\\"\\n\" "
			    "empty=\"\"\n");
	assert_string_equal(logged(LOG_FORMAT_PLAIN, f, 1),
			    "2025-11-24T16:00:00.123Z warning tested n=25004176\n");
	assert_string_equal(
		logged(LOG_FORMAT_JSON, f, 4),
		"{\"time\":\"2025-11-24T16:00:00.123Z\",\"level\":\"warning\","
		"\"event\":\"tested\",\"n\":25004176,\"word\":\"x\","
		"\"words\":\"a \\\"b\\\"\\n\",\"empty\":\"\"}\n");
	clock_replace(NULL);
}

static void log_masks_in_all_formats(void **state)
{
	static const enum log_format formats[] = { LOG_FORMAT_PLAIN, LOG_FORMAT_JOURNAL,
						   LOG_FORMAT_JSON };
	const struct log_field f[] = {
		LOG_Z("from", "+6281234567890"),
		LOG_Z("why", "no route to 081234567834, code 1234567, at 2025-11-24"),
		LOG_TEXT("text", str_of("jalan rusak di 08111")),
		LOG_Z("bidi", "a\xe2\x80\xae"
			      "b\x1b[2J\xff"),
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const char *s = logged(formats[i], f, 4);

		assert_non_null(strstr(s, "+6281*******90"));
		assert_non_null(strstr(s, "0812******34, code 1234567, at 2025-11-24"));
		assert_null(strstr(s, "jalan"));
		assert_non_null(strstr(s, "20"));
		assert_null(strstr(s, "\xe2\x80\xae"));
		assert_null(strchr(s, 0x1b));
		assert_null(strchr(s, '\xff'));
		assert_non_null(strstr(s, "a\\u202eb\\u001b[2J"));
	}
}

static void log_stays_json_whatever_comes(void **state)
{
	char noise[5000];
	struct log_field f[] = { LOG_S("noise", str_from(noise, sizeof(noise))) };
	struct json *root;

	(void)state;
	for (unsigned seed = 1; seed < 50; seed++) {
		srand(seed);
		for (size_t i = 0; i < sizeof(noise); i++)
			noise[i] = (char)(seed < 3 ? 1 : rand());
		logged(LOG_FORMAT_JSON, f, 1);
		root = json_parse(str_of(line), NULL);
		assert_non_null(root);
		json_free(root);
	}
}

static void log_gives_up_fields_not_lines(void **state)
{
	static char ones[2000];
	struct log_field f[20];

	(void)state;
	memset(ones, 1, sizeof(ones));
	for (size_t i = 0; i < 20; i++)
		f[i] = LOG_S("k", str_from(ones, sizeof(ones)));
	assert_non_null(strstr(logged(LOG_FORMAT_JSON, f, 20), "\"tested\"}"));
}

static void log_mask_shows_front_and_back(void **state)
{
	char out[32];

	(void)state;
	assert_int_equal(log_mask(STR("0812345634"), out), 10);
	assert_memory_equal(out, "0812****34", 10);
	assert_int_equal(log_mask(STR("1234567"), out), 7);
	assert_memory_equal(out, "1234567", 7);
	assert_int_equal(log_mask(STR("12345678"), out), 8);
	assert_memory_equal(out, "1234**78", 8);
	assert_int_equal(log_mask(STR(""), out), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_stops_at_its_ceiling),
		cmocka_unit_test(arena_gives_room_up_to_its_ceiling),
		cmocka_unit_test(pool_pieces_are_whole),
		cmocka_unit_test_setup_teardown(arena_copies_end_in_nul, setup, teardown),
		cmocka_unit_test(buf_fails_as_a_whole),
		cmocka_unit_test(str_reads_numbers_and_durations),
		cmocka_unit_test(str_cuts_and_compares),
		cmocka_unit_test(err_puts_context_in_front),
		cmocka_unit_test_setup_teardown(json_walks_paths, setup, teardown),
		cmocka_unit_test_setup_teardown(json_documents_do_not_mix, setup,
						teardown),
		cmocka_unit_test_setup_teardown(json_lives_in_an_arena, setup, teardown),
		cmocka_unit_test(json_is_strict),
		cmocka_unit_test(json_refuses_depth),
		cmocka_unit_test(json_builds_in_order),
		cmocka_unit_test_setup_teardown(form_goes_there_and_back, setup,
						teardown),
		cmocka_unit_test_setup_teardown(form_counts_fields, setup, teardown),
		cmocka_unit_test(retry_after_in_all_forms),
		cmocka_unit_test_setup_teardown(utf8_reads_and_repairs, setup, teardown),
		cmocka_unit_test_setup_teardown(utf8_cleans_for_people, setup, teardown),
		cmocka_unit_test_setup_teardown(utf8_folds_for_matching, setup, teardown),
		cmocka_unit_test_setup_teardown(crypto_compares_and_draws, setup,
						teardown),
		cmocka_unit_test(log_lines_in_each_format),
		cmocka_unit_test(log_masks_in_all_formats),
		cmocka_unit_test(log_stays_json_whatever_comes),
		cmocka_unit_test(log_gives_up_fields_not_lines),
		cmocka_unit_test(log_mask_shows_front_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
