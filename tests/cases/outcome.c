/* SPDX-License-Identifier: MIT */
/* Outcomes of stories. See outcome.h. */
#include "outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

void outcome_take(struct stage *s, struct outcome *o)
{
	struct arena *arena = arena_new("case", 64 << 20);
	struct ticket *list;

	memset(o->texts, 0, sizeof(o->texts));
	o->tickets = stage_tickets(s, &list, arena);
	for (size_t i = 0; i < o->tickets && i < 200; i++)
		snprintf(o->texts[i], sizeof(o->texts[i]), "%.*s|%.*s",
			 STR_ARG(list[i].department), STR_ARG(list[i].text));
	qsort(o->texts, o->tickets < 200 ? o->tickets : 200, sizeof(o->texts[0]),
	      by_text);
	o->n_sms = s->n_sms;
	o->sms = s->sms;
	s->sms = NULL;
	o->in_doubt = s->in_doubt;
	arena_free(arena);
}

static size_t count_of(const struct outcome *o, const struct stage_sms *sms)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n_sms; i++)
		n += strcmp(o->sms[i].to, sms->to) == 0 &&
		     strcmp(o->sms[i].text, sms->text) == 0;
	return n;
}

bool outcome_holds(const struct outcome *good, const struct outcome *now, char *why,
		   size_t size)
{
	if (now->tickets != good->tickets ||
	    memcmp(now->texts, good->texts, sizeof(good->texts)) != 0) {
		snprintf(why, size, "%zu tickets instead of %zu, or others", now->tickets,
			 good->tickets);
		return false;
	}
	for (size_t i = 0; i < good->n_sms; i++)
		if (count_of(now, &good->sms[i]) < count_of(good, &good->sms[i])) {
			snprintf(why, size, "this SMS never went: %.300s",
				 good->sms[i].text);
			return false;
		}
	if (now->n_sms > good->n_sms + now->in_doubt) {
		snprintf(why, size, "%zu SMS instead of %zu, %u in doubt", now->n_sms,
			 good->n_sms, now->in_doubt);
		return false;
	}
	return true;
}
