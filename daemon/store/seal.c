/* SPDX-License-Identifier: MIT */
/*
 * Values on their way into the store and out of it. The only file of the store that seals
 * and opens them; which keys there are is keys.c. Engine's thread; its rooms belong to
 * the store and grow to the largest value of a call. Contract in store.h.
 */
#include "store/inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/utf8.h"

enum { ROOM_KEPT = 65536 };

/* Where each is. `name` is part of the proof: a value opens in its column only. Never
 * rename. */
static const struct {
	const char *name, *table, *word;
} columns[SEALED_COUNT] = {
	[SEALED_ADDRESS] = { "person.address", "person", "number" },
	[SEALED_IN_TEXT] = { "message_in.text", "message_in", "text" },
	[SEALED_IN_RAW] = { "message_in.raw", "message_in", "raw bytes" },
	[SEALED_IN_NOTE] = { "message_in.note", "message_in", "note" },
	[SEALED_OUT_TEXT] = { "message_out.text", "message_out", "text" },
	[SEALED_RAW_BODY] = { "raw.body", "raw", "body" },
	[SEALED_ALIKE_WORDS] = { "alike.words", "alike", "words" },
	[SEALED_EVENT_NOTE] = { "event.note", "event", "note" },
	[SEALED_MAIL_RAW] = { "mail_in.raw", "mail_raw", "raw bytes" },
	[SEALED_MAIL_SENDER] = { "mail_in.sender", "mail_in", "sender" },
	[SEALED_MAIL_NOTE] = { "mail_in.note", "mail_in", "note" },
	[SEALED_ATTACHMENT_NAME] = { "attachment.name", "attachment", "name" },
	[SEALED_ATTACHMENT_BODY] = { "attachment.body", "attachment", "body" },
	[SEALED_MAIL_OUT_TO] = { "mail_out.recipient", "mail_out", "recipient" },
	[SEALED_MAIL_OUT_SUBJECT] = { "mail_out.subject", "mail_out", "subject" },
	[SEALED_MAIL_OUT_TEXT] = { "mail_out.text", "mail_out", "text" },
	[SEALED_KEPT_BODY] = { "idempotency.body", "idempotency", "body" },
};

/* NULL without memory. Gives back what a large value took. */
static char *room_for(struct room *room, size_t n)
{
	char *p;

	if (room->p && room->size >= n && (room->size <= ROOM_KEPT || n > ROOM_KEPT))
		return room->p;
	n = n < 1024 ? 1024 : n;
	p = realloc(room->p, n);
	if (p)
		*room = (struct room){ p, n };
	return p;
}

void store_rooms_free(struct store *s)
{
	for (int i = 0; i < SEALED_COUNT; i++)
		free(s->sealed[i].p);
	free(s->opened.p);
}

int store_seal(struct store *s, enum sealed what, struct str plain, struct db_value *out,
	       struct err *err)
{
	char *room = room_for(&s->sealed[what], plain.n + VAULT_OVERHEAD);

	if (!room)
		return err_set(err, ERR_LIMIT, "no memory to seal %zu bytes", plain.n);
	*out = DB_B(vault_seal(s->vault, columns[what].name, plain, room));
	return 0;
}

/* ---- opening ---- */

static int cannot_open(enum vault_opened how, enum sealed what, int64_t id,
		       struct str value, struct err *err)
{
	const char *table = columns[what].table, *word = columns[what].word;

	switch (how) {
	case VAULT_NO_KEY:
		return err_set(err, ERR_CONFIG,
			       "%s %lld: its %s is sealed with key number %u, which is "
			       "not here: set store.old_key to that key",
			       table, (long long)id, word, vault_number_of(value));
	case VAULT_BARE:
		return err_set(err, ERR_CONFIG,
			       "%s %lld: its %s is not sealed, though this store has a "
			       "key: it was not written by kentongand; restore a backup",
			       table, (long long)id, word);
	case VAULT_BROKEN:
	case VAULT_GOOD:
		break;
	}
	return err_set(err, ERR_CONFIG,
		       "%s %lld: its %s does not open: the database was changed or is "
		       "damaged; restore a backup",
		       table, (long long)id, word);
}

static int open_into(struct store *s, enum sealed what, int64_t id,
		     const struct db_value *value, char *room, struct str *out,
		     struct err *err)
{
	enum vault_opened how;

	if (!room)
		return err_set(err, ERR_LIMIT, "no room for a %s of %zu bytes",
			       columns[what].word, value->s.n);
	how = vault_open(s->vault, columns[what].name, value->s, room, out);
	return how == VAULT_GOOD ? 0 : cannot_open(how, what, id, value->s, err);
}

int store_unseal(struct store *s, enum sealed what, int64_t id,
		 const struct db_value *value, struct arena *arena, struct str *out,
		 struct err *err)
{
	char *room = arena_room(arena, value->s.n + 1, 1); /* may be ten megabytes */
	struct str plain = STR("");

	if (value->type != DB_NULL && open_into(s, what, id, value, room, &plain, err))
		return -1;
	if (!room)
		return err_set(err, ERR_LIMIT, "no room for an empty text");
	if (plain.p != room)
		memcpy(room, plain.p, plain.n);
	room[plain.n] = '\0';
	*out = str_from(room, plain.n);
	return 0;
}

int store_unseal_here(struct store *s, enum sealed what, int64_t id,
		      const struct db_value *value, struct str *out, struct err *err)
{
	if (value->type == DB_NULL) {
		*out = STR("");
		return 0;
	}
	return open_into(s, what, id, value, room_for(&s->opened, value->s.n), out, err);
}

void store_unreadable_note(struct store *s, const struct err *why)
{
	s->unreadable++;
	s->unreadable_told = false;
	snprintf(s->unreadable_why, sizeof(s->unreadable_why), "%s", why->text);
}

const char *store_unreadable(struct store *s)
{
	if (s->unreadable == 0 || s->unreadable_told)
		return NULL;
	s->unreadable_told = true;
	return s->unreadable_why;
}

/* ---- hashes, masks ---- */

struct str store_masked(struct store *s, struct str words)
{
	char *room = room_for(&s->opened, words.n);

	return room ? str_from(room, log_mask(words, room)) : STR("");
}

struct digest store_digest(const struct store *store, struct str s)
{
	return (struct digest){
		.now = vault_digest(store->vault, VAULT_NOW, s),
		.before = vault_has_before(store->vault)
				  ? vault_digest(store->vault, VAULT_BEFORE, s)
				  : 0,
	};
}

struct digest store_text_digest(const struct store *s, struct str text,
				struct arena *scratch)
{
	struct str folded = utf8_fold(str_trim(text), scratch);

	return store_digest(s, folded.p ? folded : text);
}

/* Crockford's base 32. Forty bits: among a million persons two may share a name, that one
 * shares his with somebody is one chance in a million. */
struct str store_person_token(const struct store *s, int64_t person_id,
			      struct arena *arena)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint64_t hash = vault_token(s->vault, person_id);
	char token[8];

	for (size_t i = 0; i < sizeof(token); i++, hash >>= 5)
		token[i] = digits[hash & 31];
	return arena_str(arena, str_from(token, sizeof(token)));
}
