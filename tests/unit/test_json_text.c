/* SPDX-License-Identifier: MIT */
/* JSON written straight into a buffer, and places in a list as text. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/json_text.h"
#include "model/cursor.h"

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

/* ---- cursors ---- */

static void a_place_comes_back(void **state)
{
	const struct cursor places[] = { { 't', 0, 0 },
					 { 't', 1795482000000, 1 },
					 { 't', INT64_C(0x0fffffffffffffff), 1000000 },
					 { 'e', 77, 0 } };
	struct cursor out;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct str s = cursor_write(places[i], arena);

		assert_true(cursor_read(s, places[i].kind, &out));
		assert_int_equal(out.a, places[i].a);
		assert_int_equal(out.b, places[i].b);
		assert_false(cursor_read(s, 'x', &out));
	}
}

static void a_place_that_was_changed_is_told(void **state)
{
	struct str s = cursor_write((struct cursor){ 't', 1795482000000, 4711 }, arena);
	struct cursor out = { 0 };
	char changed[64];

	(void)state;
	for (size_t i = 0; i < s.n; i++) {
		memcpy(changed, s.p, s.n);
		changed[i] = changed[i] == '0' ? '1' : '0';
		assert_false(cursor_read(str_from(changed, s.n), 't', &out));
		assert_false(cursor_read(str_from(s.p, i), 't', &out));
	}
	memcpy(changed, s.p, s.n);
	changed[s.n] = '0';
	assert_false(cursor_read(str_from(changed, s.n + 1), 't', &out));
	assert_false(cursor_read(STR("t-1.0.0000"), 't', &out));
	assert_int_equal(out.a, 0);
}

/* ---- JSON ---- */

static void what_is_written_is_read_again(void **state)
{
	static const char odd[] = "a\"b\\c\nd\r\t\x01\x1f</script>\xe2\x80\xae \xc3\xa9";
	struct buf buf = BUF_INIT(10000);
	struct json_text to = { &buf, false };
	struct json *root;
	struct err err;
	int64_t n;

	(void)state;
	json_text_open(&to, NULL, '{');
	json_text_open(&to, "list", '[');
	json_text_int(&to, NULL, -5);
	json_text_open(&to, NULL, '{');
	json_text_close(&to, '}');
	json_text_bool(&to, NULL, true);
	json_text_null(&to, NULL);
	json_text_close(&to, ']');
	json_text_z(&to, "odd", odd);
	json_text_str(&to, "bad", STR("x\xff\xc3y"));
	json_text_str(&to, "nul", str_from("a\0b", 3));
	json_text_str(&to, "none", str_from(NULL, 0));
	json_text_close(&to, '}');
	assert_false(buf.failed);
	root = json_parse(buf_str(&buf), &err);
	if (!root)
		fail_msg("%s: %s", err.text, buf.p);
	assert_int_equal(json_count(json_get(root, "list")), 4);
	assert_true(json_int(json_item(json_get(root, "list"), 0), &n) && n == -5);
	assert_string_equal(json_str(json_get(root, "odd")).p, odd);
	assert_string_equal(json_str(json_get(root, "bad")).p,
			    "x\xef\xbf\xbd\xef\xbf\xbdy");
	assert_true(json_is_null(json_get(root, "none")));
	json_free(root);
	buf_free(&buf);
}

/* Any byte, wherever it stands in a text of any length, is read back. */
static void text_of_any_byte_is_read_back(void **state)
{
	struct buf buf = BUF_INIT(1 << 10);
	char text[20];

	(void)state;
	for (size_t n = 1; n < sizeof(text); n++)
		for (unsigned i = 0; i < 256 * n; i++) {
			struct json_text to = { &buf, false };
			struct json *root;
			struct err err;
			struct str got;

			memset(text, 'a', n);
			text[i % n] = (char)(i / n);
			buf_clear(&buf);
			json_text_open(&to, NULL, '[');
			json_text_str(&to, NULL, str_from(text, n));
			json_text_close(&to, ']');
			root = json_parse(buf_str(&buf), &err);
			assert_non_null(root);
			got = json_str(json_item(root, 0));
			if (i / n < 0x80)
				assert_true(str_eq(got, str_from(text, n)));
			else
				assert_int_equal(got.n, n + 2); /* U+FFFD */
			json_free(root);
		}
	buf_free(&buf);
}

/* A field is there whole, or not at all, which shows. */
static void what_does_not_fit_shows(void **state)
{
	static const char whole[] = "{\"n\":12,\"text\":\"abc\",\"none\":null}";

	(void)state;
	for (size_t room = 0; room <= sizeof(whole); room++) {
		struct buf buf = BUF_INIT(room);
		struct json_text to = { &buf, false };

		json_text_open(&to, NULL, '{');
		json_text_int(&to, "n", 12);
		json_text_str(&to, "text", STR("abc"));
		json_text_str(&to, "none", str_from(NULL, 0));
		json_text_close(&to, '}');
		assert_int_equal(buf.failed, room < sizeof(whole) - 1);
		assert_true(buf.n <= 1 || strchr(",}", whole[buf.n]));
		assert_true(str_starts(str_of(whole), buf_str(&buf)));
		buf_free(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_place_comes_back),
		cmocka_unit_test(a_place_that_was_changed_is_told),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(text_of_any_byte_is_read_back),
		cmocka_unit_test(what_does_not_fit_shows),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
