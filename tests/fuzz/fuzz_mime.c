/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a mail, a report of delivery, an answer: never a crash, what is given out
 * is clean UTF-8, and what is told has its ceiling. Seeds: tests/fixtures/mail.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/utf8.h"
#include "model/mail_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct mime_mail *m)
{
	assert(utf8_valid(m->text) && utf8_valid(m->subject) && utf8_valid(m->from));
	assert(m->n_attachments <= MIME_ATTACHMENTS_MOST &&
	       m->n_reports <= MIME_REPORTS_MOST &&
	       m->references.n <= MIME_REFERENCES_MOST);
	for (size_t i = 0; i < m->n_attachments; i++)
		assert(utf8_valid(m->attachments[i].name));
	for (size_t i = 0; i < m->n_reports; i++)
		assert(utf8_valid(m->reports[i].diagnostic));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct str codes[] = { STR_INIT("PUPR"), STR_INIT("DISHUB") };
	static const struct officer_rules rules = {
		.width = 5,
		.today = { 2025, 8, 4 },
		.departments = { codes, 2 },
	};
	static struct arena *arena;
	struct mail_answer answer;
	struct mime_mail mail;
	struct err err;

	if (!arena)
		arena = arena_new("fuzz", 2 * MIME_ARENA_BYTES);
	assert(arena);
	arena_reset(arena);
	if (mime_read(str_from((const char *)data, size), size ? data[size - 1] * 16u : 0,
		      arena, &mail, &err))
		return 0;
	look(&mail);
	mail_answer_read(mail.text, &rules, 25004176, arena, &answer);
	assert(utf8_valid(answer.words) && answer.words.n <= MAIL_WORDS_MOST + 64);
	assert(str_find_char(answer.words, '\n') == answer.words.n);
	assert(mail_author(&mail) <= MAIL_BOUNCE);
	assert(mail_subject_no(mail.subject, 5) >= 0);
	return 0;
}
