/* SPDX-License-Identifier: MIT */
/*
 * Mails in the store: each once, by its bytes and by its Message-ID; what is attached;
 * what leaves; and that all of it is sealed, goes over to the next key, and is wiped with
 * its ticket.
 */
#include "retain_rows.h"
#include "store_sealed.h"

#include "store/mail.h"

#define MAIL_WORDS   "tapirsuratdinas"
#define FILE_WORDS   "badakfotojalan"
#define SENDER_WORDS "pupr@serangkab.example"

static int64_t taken(const char *raw, int64_t uid)
{
	int64_t id;

	OK(store_begin(store, &err));
	OK(store_mail_add(store, str_of(raw), STR("inbox"), uid, now, &id, &err));
	OK(store_commit(store, &err));
	return id;
}

static int64_t named(int64_t id, const char *message_id)
{
	int64_t before;

	OK(store_mail_name(store, id, str_of(message_id), STR(SENDER_WORDS), &before,
			   &err));
	return before;
}

/* One with all that is sealed in it. */
static int64_t answered(int64_t ticket)
{
	int64_t id = taken("From: x\n\n" MAIL_WORDS, 7);
	const struct attachment_row kept = { .name = STR(FILE_WORDS ".jpg"),
					     .type = STR("image/jpeg"),
					     .size = 14,
					     .body = STR(FILE_WORDS) };
	const struct attachment_row listed = { .name = STR("besar.zip"),
					       .type = STR("application/zip"),
					       .size = 99999 };
	const struct mail_out out = { .mail_id = id,
				      .to = STR(SENDER_WORDS),
				      .subject = STR("Re: " MAIL_WORDS),
				      .text = STR(MAIL_WORDS "\n") };

	assert_int_equal(named(id, "a@b"), 0);
	OK(store_attachment_add(store, id, &kept, &err));
	OK(store_attachment_add(store, id, &listed, &err));
	OK(store_mail_out_add(store, &out, now, &err));
	OK(store_mail_settle(store, id, "done", "answer", ticket, STR(MAIL_WORDS), true,
			     &err));
	return id;
}

static void reads_well(int64_t id)
{
	struct attachment_row *list, one;
	struct mail_row m;
	size_t n;

	OK(store_mail_get(store, id, arena, &m, &err));
	is_text(m.raw, "From: x\n\n" MAIL_WORDS);
	is_text(m.sender, SENDER_WORDS);
	is_text(m.note, MAIL_WORDS);
	is_text(m.message_id, "a@b");
	is_text(m.state, "done");
	OK(store_attachments(store, id, arena, &list, &n, &err));
	assert_int_equal(n, 2);
	is_text(list[0].name, FILE_WORDS ".jpg");
	assert_true(list[0].kept && !list[1].kept);
	assert_int_equal(list[1].size, 99999);
	OK(store_attachment_get(store, id, list[0].id, arena, &one, &err));
	is_text(one.body, FILE_WORDS);
}

static void each_mail_is_there_once(void **state)
{
	int64_t a, b;

	(void)state;
	a = taken("From: a\n\none", 0);
	assert_true(a > 0);
	assert_int_equal(taken("From: a\n\none", 9), 0);
	/* … but is to be marked in the mailbox, where it came again. */
	assert_int_equal(ask("SELECT uid FROM mail_in"), 9);
	b = taken("Received: by x\nFrom: a\n\none", 0);
	assert_true(b > a);
	assert_int_equal(named(a, "1@x"), 0);
	assert_int_equal(named(b, "1@x"), a);
	/* No id is no reason to be the same. */
	assert_int_equal(named(a, ""), 0);
	assert_int_equal(named(b, ""), 0);
}

static void senders_are_counted(void **state)
{
	int64_t id, n;

	(void)state;
	for (int i = 0; i < 5; i++) {
		id = taken(arena_printf(arena, "From: a\n\n%d", i).p, 0);
		named(id, arena_printf(arena, "%d@x", i).p);
		OK(store_mail_settle(store, id, "desk", "lost", 0, STR(""), i < 2, &err));
	}
	OK(store_mail_from(store, STR(SENDER_WORDS), now - HOUR, MAILS_ALL, &n, &err));
	assert_int_equal(n, 5);
	OK(store_mail_from(store, STR(SENDER_WORDS), now - HOUR, MAILS_TOLD, &n, &err));
	assert_int_equal(n, 2);
	OK(store_mail_from(store, STR(SENDER_WORDS), now + 1, MAILS_ALL, &n, &err));
	assert_int_equal(n, 0);
	OK(store_mail_from(store, STR("other@x"), 0, MAILS_ALL, &n, &err));
	assert_int_equal(n, 0);
	OK(store_mail_waiting(store, &n, &err));
	assert_int_equal(n, 5);
}

static void ours_leave_once(void **state)
{
	struct mail_out *out;
	int64_t due, id = answered(0);
	size_t n;

	(void)state;
	OK(store_mail_out_next(store, &due, &err));
	assert_int_equal(due, now);
	OK(store_mail_out_claim(store, now, 5, arena, &out, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(out[0].mail_id, id);
	is_text(out[0].to, SENDER_WORDS);
	is_text(out[0].in_reply_to, "a@b");
	OK(store_mail_out_claim(store, now, 5, arena, &out, &n, &err));
	assert_int_equal(n, 0);
	OK(store_mail_out_recover(store, &err)); /* a crash meanwhile */
	OK(store_mail_out_claim(store, now, 5, arena, &out, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(out[0].attempts, 2);
	OK(store_mail_out_end(store, out[0].id, "queued", STR("451"), now + 5, &err));
	OK(store_mail_out_next(store, &due, &err));
	assert_int_equal(due, now + 5);
	OK(store_mails_move(store, -1000, &err)); /* the clock was put back */
	OK(store_mail_out_next(store, &due, &err));
	assert_int_equal(due, now - 995);
	OK(store_mail_out_end(store, out[0].id, "done", STR(""), now, &err));
	OK(store_mail_out_next(store, &due, &err));
	assert_true(due == INT64_MAX);
	/* Its words are gone: as if it were to leave again, there is nothing in it. */
	script("UPDATE mail_out SET state = 'queued', due_at = 1");
	OK(store_mail_out_claim(store, now, 5, arena, &out, &n, &err));
	assert_int_equal(out[0].to.n + out[0].subject.n + out[0].text.n, 0);
}

static void all_goes_over_to_the_next_key(void **state)
{
	int64_t id = answered(0);

	(void)state;
	reads_well(id);
	reopen_with(KEY_2, KEY_1);
	reads_well(id);
	assert_int_equal(taken("From: x\n\n" MAIL_WORDS, 0), 0); /* known all the same */
	go_over();
	reads_well(id);
	reopen_with(KEY_2, NULL);
	reads_well(id);
	assert_int_equal(ask("SELECT count(*) FROM mail_in m, mail_raw r, attachment a, "
			     "mail_out o WHERE substr(r.raw, 2, 1) = X'02' "
			     "AND substr(m.sender, 2, 1) = X'02' "
			     "AND substr(m.note, 2, 1) = X'02' "
			     "AND substr(a.name, 2, 1) = X'02' "
			     "AND substr(a.body, 2, 1) = X'02' "
			     "AND substr(o.recipient, 2, 1) = X'02' "
			     "AND substr(o.subject, 2, 1) = X'02' "
			     "AND substr(o.text, 2, 1) = X'02'"),
			 1);
}

static int64_t log_bytes(void)
{
	char name[200];
	struct stat st;

	snprintf(name, sizeof(name), "%s-wal", path);
	assert_int_equal(stat(name, &st), 0);
	return (int64_t)st.st_size;
}

/* What a mail was is written once, however large; what becomes of it costs a page or two.
 */
static void what_becomes_of_a_large_mail_is_cheap(void **state)
{
	enum { LARGE = 2 << 20 };
	char *raw = arena_alloc(arena, LARGE + 1, 1);
	int64_t id, written;

	(void)state;
	assert_non_null(raw);
	memset(raw, 'x', LARGE);
	id = taken(raw, 7);
	written = log_bytes();
	assert_true(written > LARGE);
	OK(store_begin(store, &err));
	assert_int_equal(named(id, "a@b"), 0);
	OK(store_mail_settle(store, id, "done", "answer", 0, STR("x"), true, &err));
	OK(store_mail_seen(store, 7, &err));
	OK(store_commit(store, &err));
	assert_true(log_bytes() - written < LARGE / 10);
}

/* From a store that kept the bytes in the mail's own row, in the midst of a change of
 * key. */
static void mails_of_the_schema_before_are_there(void **state)
{
	int64_t id = answered(0);

	(void)state;
	reopen_with(KEY_2, KEY_1);
	script("ALTER TABLE mail_in ADD COLUMN raw BLOB NOT NULL DEFAULT x''");
	script("UPDATE mail_in SET raw = (SELECT raw FROM mail_raw WHERE mail_id = id)");
	script("DROP TABLE mail_raw");
	script("DELETE FROM reseal WHERE name = 'mail_raw'");
	script("DELETE FROM schema_step WHERE n = 7");
	reopen_with(KEY_2, KEY_1);
	reads_well(id);
	go_over();
	reopen_with(KEY_2, NULL);
	reads_well(id);
	assert_int_equal(ask("SELECT count(*) FROM mail_raw"), 1);
}

static void nothing_lies_open(void **state)
{
	(void)state;
	answered(0);
	assert_false(in_files(MAIL_WORDS) || in_files(FILE_WORDS) ||
		     in_files(SENDER_WORDS));
}

static void is_wiped(int64_t id)
{
	struct mail_row m;

	OK(store_mail_get(store, id, arena, &m, &err));
	assert_true(m.wiped);
	is_text(m.raw, "(dihapus)");
	is_text(m.sender, "");
	is_text(m.note, "");
	assert_int_equal(ask("SELECT count(*) FROM attachment WHERE body IS NOT NULL"),
			 0);
	assert_int_equal(ask("SELECT look FROM mail_in"), 0);
}

/* With the words of its ticket; without one like any stray text. */
static void a_mail_goes_when_its_time_is_over(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	struct retention r = kept_for(now + days(40), 0, 30, 0, 0);
	int64_t id = answered(m.ticket);

	(void)state;
	assert_int_equal(pass(&r, 50).texts, 0);
	reads_well(id);
	ticket_close(m.ticket, now + DAY);
	assert_int_equal(pass(&r, 50).texts, 10); /* the ticket's nine, and this */
	is_wiped(id);
	assert_int_equal(pass(&r, 50).texts, 0);
}

static void a_stray_mail_goes_too(void **state)
{
	struct retention r = kept_for(now + days(40), 0, 0, 0, 30);
	int64_t id = answered(0);

	(void)state;
	assert_int_equal(pass(&r, 50).texts, 1);
	is_wiped(id);
}

static void hapus_takes_the_mails_along(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	int64_t id = answered(m.ticket);
	struct erased erased;

	(void)state;
	ticket_close(m.ticket, now + DAY);
	OK(store_begin(store, &err));
	OK(store_person_erase(store, m.who, now + days(2), STR("uji"), &erased, &err));
	OK(store_commit(store, &err));
	is_wiped(id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SEALED(each_mail_is_there_once),
		BARE(each_mail_is_there_once),
		SEALED(senders_are_counted),
		SEALED(ours_leave_once),
		SEALED(all_goes_over_to_the_next_key),
		SEALED(what_becomes_of_a_large_mail_is_cheap),
		SEALED(mails_of_the_schema_before_are_there),
		SEALED(nothing_lies_open),
		SEALED(a_mail_goes_when_its_time_is_over),
		BARE(a_mail_goes_when_its_time_is_over),
		SEALED(a_stray_mail_goes_too),
		SEALED(hapus_takes_the_mails_along),
	};

	if (crypto_start(&err))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
