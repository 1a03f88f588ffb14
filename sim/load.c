/* SPDX-License-Identifier: MIT */
/*
 * A load run: many complaints, each from a number of its own, made available at once or
 * at a rate; for each it is remembered when it became available, when its first reply was
 * taken, how many replies came and which ticket number they named. From that: what was
 * lost, doubled, or given somebody else's number.
 */
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

struct one {
	int64_t available_us, answered_us; /* 0: not yet */
	int64_t no;			   /* ticket number in the first reply */
	uint32_t replies;
};

struct load {
	struct load_settings settings;
	struct one *ones;
	uint32_t available, answered, extra_replies, other_number, without_number;
	int64_t started_us, last_us;
	struct str number; /* of the gateway */
};

static const struct str texts[] = {
	STR_INIT("jalan berlubang parah di kp cibogo ds citasuk kec padarincang"),
	STR_INIT("lampu jalan mati sdh 2 minggu kp cikupa"),
	STR_INIT("sampah numpuk di pinggir jln kragilan bau bgt"),
	STR_INIT("air pdam ga ngalir 3 hari di perum ciruas"),
	STR_INIT("bikin ktp udh 3 bulan blm jadi blanko kosong"),
	STR_INIT("pupuk langka di ds tirtayasa petani susah"),
	STR_INIT("puskesmas petir tutup jam 10 obat abis terus"),
	STR_INIT("irigasi jebol sawah kp sawah ga kebagian air"),
	STR_INIT("truk tanah lewat siang malam bojonegara debu macet"),
	STR_INIT("bansos blm cair dr bulan kemarin mohon dicek"),
};

struct load *load_new(struct world *w, const struct load_settings *s)
{
	struct load *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->settings = *s;
	l->started_us = clock_mono_us();
	l->ones = calloc(s->count ? s->count : 1, sizeof(*l->ones));
	if (!l->ones) {
		free(l);
		return NULL;
	}
	load_advance(l, w);
	return l;
}

void load_free(struct load *l)
{
	if (l)
		free(l->ones);
	free(l);
}

static uint32_t due_count(const struct load *l)
{
	double elapsed = (double)(clock_mono_us() - l->started_us) / 1e6;
	double due = l->settings.rate * elapsed;

	if (l->settings.rate <= 0 || due >= (double)l->settings.count)
		return l->settings.count;
	return (uint32_t)due;
}

static bool one_add(struct load *l, struct world *w)
{
	uint32_t i = l->available;
	uint32_t sender = l->settings.senders ? i % l->settings.senders : i;
	const struct str_list *given = &l->settings.texts;
	char number[24];
	uint32_t handset;
	int n = snprintf(number, sizeof(number), "+62812%08u", 10000000 + sender);

	handset = world_handset(w, str_from(number, (size_t)n));
	if (handset == UINT32_MAX ||
	    !world_text(w, handset, STR("21708"),
			given->n ? given->items[i % given->n]
				 : texts[i % (sizeof(texts) / sizeof(*texts))]))
		return false;
	w->handsets[handset].load_index = (int32_t)i;
	l->ones[i].available_us = clock_mono_us();
	l->available++;
	return true;
}

void load_advance(struct load *l, struct world *w)
{
	uint32_t due = due_count(l);

	while (l->available < due && one_add(l, w))
		;
}

/* The number behind "No " in a reply; 0: none. */
static int64_t ticket_in(struct str text)
{
	size_t at = str_find(text, STR("No "));
	size_t end;
	int64_t no;

	if (at == text.n) {
		at = str_find(text, STR("Laporan "));
		at = at == text.n ? at : at + 5;
	}
	if (at == text.n)
		return 0;
	at += 3;
	for (end = at; end < text.n && text.p[end] >= '0' && text.p[end] <= '9'; end++)
		;
	return str_to_int(str_slice(text, at, end), &no) ? no : 0;
}

void load_replied(struct load *l, const struct handset *h, struct str text)
{
	struct one *one;
	int64_t no = ticket_in(text);

	if (h->load_index < 0 || (uint32_t)h->load_index >= l->settings.count)
		return;
	one = &l->ones[h->load_index];
	l->last_us = clock_mono_us();
	if (one->replies++ == 0) {
		one->answered_us = l->last_us;
		one->no = no;
		l->answered++;
		l->without_number += no == 0;
	} else {
		l->extra_replies++;
		l->other_number += no != one->no;
	}
}

bool load_done(const struct load *l)
{
	int64_t ms = (clock_mono_us() - l->started_us) / 1000;
	uint32_t expected = l->settings.senders && l->settings.senders < l->settings.count
				    ? l->settings.senders
				    : l->settings.count;

	return l->answered >= expected || ms > l->settings.timeout_ms;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t shared_numbers(const struct load *l, int64_t *numbers)
{
	uint32_t n = 0, shared = 0;

	for (uint32_t i = 0; i < l->available; i++)
		if (l->ones[i].no)
			numbers[n++] = l->ones[i].no;
	qsort(numbers, n, sizeof(*numbers), by_value);
	for (uint32_t i = 1; i < n; i++)
		shared += numbers[i] == numbers[i - 1];
	return shared;
}

static double at_share(const int64_t *sorted, uint32_t n, double share)
{
	uint32_t i = (uint32_t)(share * n);

	return n ? (double)sorted[i < n ? i : n - 1] / 1000 : 0;
}

void load_summary(const struct load *l, const struct world *w, struct buf *out)
{
	int64_t *work = calloc(l->settings.count ? l->settings.count : 1, sizeof(*work));
	double seconds =
		(double)((l->last_us ? l->last_us : clock_mono_us()) - l->started_us) /
		1e6;
	uint32_t n = 0, shared;

	if (!work)
		return;
	shared = shared_numbers(l, work);
	for (uint32_t i = 0; i < l->available; i++)
		if (l->ones[i].answered_us)
			work[n++] = l->ones[i].answered_us - l->ones[i].available_us;
	qsort(work, n, sizeof(*work), by_value);
	buf_printf(
		out,
		"{\"messages\":%u,\"answered\":%u,\"lost\":%u,\"duplicate_replies\":%u,"
		"\"duplicate_tickets\":%u,\"shared_numbers\":%u,\"without_number\":%u,"
		"\"seconds\":%.3f,\"per_second\":%.1f,\"latency_ms\":{\"p50\":%.3f,"
		"\"p90\":%.3f,"
		"\"p99\":%.3f,\"max\":%.3f},\"polls\":%llu,\"sends\":%llu,\"faults\":%"
		"llu}\n",
		l->settings.count, l->answered, l->settings.count - l->answered,
		l->extra_replies, l->other_number, shared, l->without_number, seconds,
		seconds > 0 ? l->answered / seconds : 0, at_share(work, n, 0.5),
		at_share(work, n, 0.9), at_share(work, n, 0.99), at_share(work, n, 1),
		(unsigned long long)w->counters.polls,
		(unsigned long long)w->counters.sends,
		(unsigned long long)w->counters.faults);
	free(work);
}
