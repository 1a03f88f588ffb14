/* SPDX-License-Identifier: MIT */
/* Tokens: their form, what is kept of them, and how long they are good. */
#include "store_rows.h"

#include "base/crypto.h"
#include "store/token.h"

static unsigned char bytes[TOKEN_RANDOM_BYTES];

static void it_has_the_form_that_is_promised(void **state)
{
	struct str made;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 37 + 251);
	made = token_write(bytes, arena);
	assert_int_equal(made.n, TOKEN_LENGTH);
	/* As Python's base64.urlsafe_b64encode writes these bytes. */
	assert_memory_equal(made.p, "ktg_-yBFao-02f4jSG2St9wBJktwlbrfBClOc5i94gcsUXY",
			    47);
	assert_int_equal(token_form(made), TOKEN_WELL);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = 0xff;
	is_text(str_slice(token_write(bytes, arena), 4, 47),
		"__________________________________________8");
}

/* Every letter that is mistyped, left out, doubled or swapped. */
static void a_typing_error_is_seen(void **state)
{
	static char typed[TOKEN_LENGTH + 1];
	struct str made = token_write(bytes, arena);

	(void)state;
	for (size_t i = 4; i < made.n; i++) {
		memcpy(typed, made.p, made.n);
		typed[i] = typed[i] == 'x' ? 'y' : 'x';
		assert_int_equal(token_form(str_from(typed, made.n)), TOKEN_MISTYPED);
		memcpy(typed, made.p, made.n);
		if (i + 1 < made.n && typed[i] != typed[i + 1]) {
			typed[i] = made.p[i + 1];
			typed[i + 1] = made.p[i];
			assert_int_equal(token_form(str_from(typed, made.n)),
					 TOKEN_MISTYPED);
		}
		assert_int_equal(token_form(str_from(made.p, i)), TOKEN_MISTYPED);
	}
	assert_int_equal(token_form(STR("secret")), TOKEN_NONE);
	assert_int_equal(token_form(STR("")), TOKEN_NONE);
}

static void scopes_are_words(void **state)
{
	unsigned scopes;
	struct str odd;

	(void)state;
	assert_true(token_scopes_read(STR("read, answer  desk"), &scopes, &odd));
	assert_int_equal(scopes, TOKEN_READ | TOKEN_ANSWER | TOKEN_DESK);
	is_text(token_scopes_write(scopes, arena), "read answer desk");
	assert_true(token_scopes_read(STR(""), &scopes, &odd));
	assert_int_equal(scopes, 0);
	assert_false(token_scopes_read(STR("read,answers"), &scopes, &odd));
	is_text(odd, "answers");
	assert_true(token_scopes_read(str_of(token_scopes_all()), &scopes, &odd));
	assert_int_equal(scopes, 63);
}

static struct str add(int64_t expires_ms, int64_t *id)
{
	const struct token t = {
		.name = STR("SIPJALAN"),
		.department = STR("PUPR"),
		.scopes = TOKEN_READ | TOKEN_ANSWER,
		.created_ms = now,
		.created_by = STR("root"),
		.expires_ms = expires_ms,
	};
	struct str secret;

	OK(store_token_add(store, &t, arena, id, &secret, &err));
	return secret;
}

static void it_is_found_by_itself_only(void **state)
{
	int64_t id, other;
	struct str secret = add(0, &id), second = add(0, &other);
	struct token t;
	bool found;

	(void)state;
	assert_false(str_eq(secret, second));
	assert_int_equal(token_form(secret), TOKEN_WELL);
	OK(store_token_find(store, secret, arena, &t, &found, &err));
	assert_true(found);
	assert_int_equal(t.id, id);
	is_text(t.name, "SIPJALAN");
	is_text(t.department, "PUPR");
	assert_int_equal(t.scopes, TOKEN_READ | TOKEN_ANSWER);
	assert_int_equal(token_state(&t, now), TOKEN_GOOD);
	OK(store_token_find(store, token_write(bytes, arena), arena, &t, &found, &err));
	assert_false(found);
}

static void the_store_does_not_hold_it(void **state)
{
	char sql[300];
	int64_t id;
	struct str secret = add(0, &id);

	(void)state;
	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM token WHERE instr(hash, '%.*s') OR "
		 "instr(name || department || scopes || created_by, '%.*s')",
		 20, secret.p + 4, 20, secret.p + 4);
	assert_int_equal(ask(sql), 0);
	assert_int_equal(ask("SELECT min(length(hash)) FROM token"), CRYPTO_BLAKE_BYTES);
}

static struct token found_again(struct str secret)
{
	struct token t;
	bool found;

	OK(store_token_find(store, secret, arena, &t, &found, &err));
	assert_true(found);
	return t;
}

static void it_ends_by_time_or_word(void **state)
{
	int64_t id;
	struct str secret = add(now + DAY, &id);
	struct token t = found_again(secret);
	bool found;

	(void)state;
	assert_int_equal(token_state(&t, now + DAY - 1), TOKEN_GOOD);
	assert_int_equal(token_state(&t, now + DAY), TOKEN_EXPIRED);
	OK(store_token_revoke(store, id, now + HOUR, &found, &err));
	assert_true(found);
	OK(store_token_revoke(store, id, now + HOUR, &found, &err));
	assert_false(found);
	t = found_again(secret);
	assert_int_equal(token_state(&t, now), TOKEN_REVOKED);
	OK(store_token_revoke(store, 999, now, &found, &err));
	assert_false(found);
}

/* Used a thousand times an hour, it is written once. */
static void its_use_is_known_to_the_hour(void **state)
{
	int64_t id, calls;
	struct str secret = add(0, &id);
	struct token t = found_again(secret);

	(void)state;
	OK(store_token_used(store, &t, now + 5 * 60000, &err));
	t = found_again(secret);
	assert_int_equal(t.used_ms, now - now % HOUR);
	calls = store_calls(store);
	OK(store_token_used(store, &t, now + 9 * 60000, &err));
	assert_int_equal(store_calls(store), calls);
	OK(store_token_used(store, &t, now + HOUR, &err));
	assert_int_equal(found_again(secret).used_ms, now - now % HOUR + HOUR);
}

static void the_list_begins_with_the_newest(void **state)
{
	struct token *list;
	int64_t first, second;
	size_t n;

	(void)state;
	add(0, &first);
	add(now + DAY, &second);
	OK(store_tokens(store, arena, &list, &n, &err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, second);
	assert_int_equal(list[1].id, first);
}

#define IN_STORE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORE(it_has_the_form_that_is_promised),
		IN_STORE(a_typing_error_is_seen),
		IN_STORE(scopes_are_words),
		IN_STORE(it_is_found_by_itself_only),
		IN_STORE(the_store_does_not_hold_it),
		IN_STORE(it_ends_by_time_or_word),
		IN_STORE(its_use_is_known_to_the_hour),
		IN_STORE(the_list_begins_with_the_newest),
	};

	if (crypto_start(&err))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
