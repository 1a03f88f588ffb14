/* SPDX-License-Identifier: MIT */
/*
 * What one complaint costs in the store: the calls that the engine makes for a text that
 * opens a ticket and is answered, in batches, with the durability of production. The ends
 * of the sends are written in the next batch's transaction, as in the engine's turns;
 * with -r their delivery reports, too. -t so many complaints are there before, done and
 * reported; -f without fsync; -k keeps the store, for the next run to begin with; -m
 * makes the rows and their end only, without the guards' questions and counts; -s seals.
 *
 *	store_bench [-n COMPLAINTS] [-b BATCH] [-p PERSONS] [-t PRELOADED] [-r] [-f]
 *	            [-s] FOLDER
 *
 * One thread. Prints a line of JSON: rates, CPU and wall time of a complaint, commits.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "store/store.h"

struct bench {
	struct store *store;
	int64_t complaints, batch, persons, preload;
	bool fast, reports, keep, rows_only, sealed;
	uint64_t seed;
	int64_t now_ms, step_ms, serial, commits;
	int64_t *sent; /* of the last batch: their ends are to be written */
	int64_t n_sent;
};

static void stop(const char *doing, const struct err *err)
{
	fprintf(stderr, "store_bench: %s: %s\n", doing, err->text);
	exit(1);
}

static uint64_t random_next(struct bench *b)
{
	b->seed ^= b->seed << 13;
	b->seed ^= b->seed >> 7;
	b->seed ^= b->seed << 17;
	return b->seed;
}

static int64_t cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static __attribute__((format(printf, 3, 4))) struct str text_of(char *room, size_t size,
								const char *format, ...)
{
	va_list args;
	int used;

	va_start(args, format);
	used = vsnprintf(room, size, format, args);
	va_end(args);
	return str_from(room, (size_t)used);
}

static int complaint_in(struct bench *b, struct person *p, int64_t *in, struct err *err)
{
	char id[40], text[160];
	struct in_chain earlier = p->last_in;
	int same;
	struct message_in m = {
		.provider = STR("utama"),
		.external_id =
			text_of(id, sizeof(id), "at:%llu", (unsigned long long)b->serial),
		.recipient = STR("21708"),
		.text = text_of(text, sizeof(text),
				"Jalan berlubang di depan SDN Cikupa RT 03 RW 05 sudah "
				"%llu hari belum ditambal, tolong pak",
				(unsigned long long)b->serial),
		.digest = (int64_t)random_next(b),
		.sent_ms = b->now_ms - 1500,
		.received_ms = b->now_ms,
		.kind = STR("complaint"),
	};

	if (store_in_add(b->store, &m, p, in, err))
		return -1;
	if (b->rows_only)
		return 0;
	return store_in_same(b->store, earlier, m.digest, b->now_ms - 3600000, 2, &same,
			     err);
}

static int complaint_ticket(struct bench *b, struct person *p, int64_t in,
			    int64_t *ticket, struct err *err)
{
	char code[8];
	struct ticket t = {
		.message_id = in,
		.life.state = TICKET_DITERUSKAN,
		.department = text_of(code, sizeof(code), "DIN%02llu",
				      (unsigned long long)random_next(b) % 20),
		.kecamatan = STR("Cikupa"),
		.desa = STR(""),
		.score = 3.5,
		.opened_ms = b->now_ms,
		.changed_ms = b->now_ms,
		.answer_due_ms = b->now_ms + 432000000,
	};
	struct event e = {
		.at_ms = b->now_ms,
		.kind = STR("diteruskan"),
		.actor = STR("gateway"),
		.message_id = in,
		.note = STR("jalan berlubang 3.0, jalan 0.5; kecamatan Cikupa"),
	};

	if (b->rows_only)
		t.no = b->serial;
	else if (store_ticket_next(b->store, 2026, &t.no, err))
		return -1;
	t.no += 2600000000;
	if (store_ticket_add(b->store, &t, p, ticket, err))
		return -1;
	e.ticket_id = *ticket;
	return store_event_add(b->store, &e, err);
}

static int complaint_reply(struct bench *b, struct person *p, int64_t in, int64_t ticket,
			   struct err *err)
{
	int64_t replies, id;
	struct message_out m = {
		.provider = STR("utama"),
		.person_id = p->id,
		.ticket_id = ticket,
		.in_id = in,
		.key = STR("receipt"),
		.text = STR("Terima kasih. Laporan Anda no 26004176 kami teruskan ke "
			    "Dinas PUPR. Jawaban paling lambat 1 Des. Balas CEK "
			    "26004176 untuk melihat."),
		.segments = 1,
		.priority = 1,
		.state = STR("sending"),
		.attempts = 1,
		.due_ms = b->now_ms,
		.expires_ms = b->now_ms + 86400000,
		.created_ms = b->now_ms,
	};

	p->day_replies++;
	if (!b->rows_only &&
	    store_count_add(b->store, "replies", 20400, 1, &replies, err))
		return -1;
	if (store_person_save(b->store, p, err) || store_out_add(b->store, &m, &id, err))
		return -1;
	b->sent[b->n_sent++] = id;
	return 0;
}

static int complaint(struct bench *b, struct err *err)
{
	char address[24];
	struct person p;
	int64_t in, ticket;

	b->serial++;
	if (store_person(b->store,
			 text_of(address, sizeof(address), "+62812%08llu",
				 (unsigned long long)random_next(b) %
					 (unsigned long long)b->persons),
			 0, b->now_ms, &p, err))
		return -1;
	if (complaint_in(b, &p, &in, err) || complaint_ticket(b, &p, in, &ticket, err) ||
	    complaint_reply(b, &p, in, ticket, err))
		return -1;
	if (b->rows_only)
		return 0;
	return store_in_settle(b->store, in, STR("complaint"), ticket,
			       STR("jalan berlubang 3.0, jalan 0.5"), err);
}

static int ends(struct bench *b, struct err *err)
{
	char room[48];

	for (int64_t i = 0; i < b->n_sent; i++) {
		int64_t message;
		struct str id =
			text_of(room, sizeof(room), "ATXid_%016llx5e1d0c3ab2f49687",
				(unsigned long long)random_next(b));

		if (store_out_settle(b->store, b->sent[i], "accepted", id, STR("Success"),
				     b->now_ms, b->now_ms + 20, err))
			return -1;
		if (b->reports &&
		    store_out_report(b->store, STR("utama"), id, STR("delivered"),
				     STR(""), b->now_ms, &message, err))
			return -1;
	}
	b->n_sent = 0;
	return 0;
}

static void batch(struct bench *b, int64_t n)
{
	struct err err;

	if (store_begin(b->store, &err) || ends(b, &err))
		stop("ends", &err);
	for (int64_t i = 0; i < n; i++) {
		b->now_ms += b->step_ms;
		if (complaint(b, &err))
			stop("complaint", &err);
	}
	if (store_commit(b->store, &err))
		stop("commit", &err);
	b->commits++;
}

static void run(struct bench *b, int64_t n, int64_t size)
{
	for (int64_t done = 0; done < n; done += size)
		batch(b, n - done < size ? n - done : size);
}

static void open_store(struct bench *b, const char *path, bool fast)
{
	struct err err;
	const struct store_settings settings = {
		.driver = STR("sqlite"),
		.path = str_of(path),
		.fast = fast,
		.version = STR("bench"),
		.key = b->sealed ? STR("A5uV1Hq4nM0vYy2kB8pQzq3lS6dW9eR7tUjKfGhLxZo=")
				 : STR(""),
	};

	store_close(b->store);
	b->store = NULL;
	if (store_open(&settings, &b->store, &err))
		stop(path, &err);
}

/* A store that was kept: its complaints are the first ones. */
static void go_on(struct bench *b)
{
	struct arena *arena = arena_new("bench", 1 << 20);
	struct count_row *rows;
	struct err err;
	size_t n;

	if (!arena || store_count_tickets(b->store, arena, &rows, &n, &err))
		stop("counting", &err);
	for (size_t i = 0; i < n; i++)
		b->serial += rows[i].n;
	b->seed += (uint64_t)b->serial;
	b->now_ms += b->serial * 30000;
	arena_free(arena);
}

static void measure(struct bench *b)
{
	int64_t cpu = cpu_us(), wall = clock_mono_us();
	double n = (double)b->complaints;
	/* person saved, text, ticket, event, reply, its end */
	enum { ROWS = 6 };

	b->commits = 0;
	run(b, b->complaints, b->batch);
	batch(b, 0);
	cpu = cpu_us() - cpu;
	wall = clock_mono_us() - wall;
	printf("{\"complaints\":%lld,\"batch\":%lld,\"preloaded\":%lld,"
	       "\"complaints_s\":%.0f,\"rows_s\":%.0f,\"cpu_us\":%.1f,\"wall_us\":%.1f,"
	       "\"calls\":%.1f,\"commits\":%lld}\n",
	       (long long)b->complaints, (long long)b->batch, (long long)b->preload,
	       n * 1e6 / (double)wall, n * ROWS * 1e6 / (double)wall, (double)cpu / n,
	       (double)wall / n, (double)store_calls(b->store) / n,
	       (long long)b->commits);
}

static void options(struct bench *b, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:b:p:t:frkms")) != -1)
		switch (c) {
		case 'n':
			b->complaints = strtoll(optarg, NULL, 10);
			break;
		case 'b':
			b->batch = strtoll(optarg, NULL, 10);
			break;
		case 'p':
			b->persons = strtoll(optarg, NULL, 10);
			break;
		case 't':
			b->preload = strtoll(optarg, NULL, 10);
			break;
		case 'm':
			b->rows_only = true;
			break;
		case 's':
			b->sealed = true;
			break;
		case 'k':
			b->keep = true;
			break;
		case 'r':
			b->reports = true;
			break;
		case 'f':
			b->fast = true;
			break;
		default:
			exit(64);
		}
	if (optind != argc - 1 || b->batch < 1 || b->persons < 1)
		exit(64);
}

int main(int argc, char **argv)
{
	enum { PRELOAD_BATCH = 10000 };
	static const char *const files[] = { "", "-wal", "-shm", ".lock" };
	struct bench b = {
		.complaints = 20000,
		.batch = 100,
		.persons = 50000,
		.seed = 88172645463325252,
		.now_ms = 1795482000000,
	};
	char path[512], name[530];
	struct err err;
	bool reports;

	if (crypto_start(&err))
		stop("starting", &err);
	options(&b, argc, argv);
	reports = b.reports;
	snprintf(path, sizeof(path), "%s/store_bench.db", argv[optind]);
	b.sent = calloc((size_t)b.batch + PRELOAD_BATCH, sizeof(*b.sent));
	if (!b.sent)
		return 71;
	if (b.preload) {
		open_store(&b, path, true);
		go_on(&b);
		b.reports = true;
		b.step_ms = 30000; /* a year has a million of those */
		run(&b, b.preload, PRELOAD_BATCH);
		batch(&b, 0);
		store_close(b.store);
		b.store = NULL;
		sync();
	}
	b.reports = reports;
	b.step_ms = 1;
	open_store(&b, path, b.fast);
	if (b.serial == 0)
		go_on(&b);
	measure(&b);
	store_close(b.store);
	for (size_t i = 0; !b.keep && i < sizeof(files) / sizeof(*files); i++) {
		snprintf(name, sizeof(name), "%s%s", path, files[i]);
		unlink(name);
	}
	free(b.sent);
	return 0;
}
