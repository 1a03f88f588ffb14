/* SPDX-License-Identifier: MIT */
/*
 * The bound that the disk sets: SQLite alone, committing the rows that the daemon writes
 * for as many complaints, in batches of the same size, with the same pragmas and the same
 * durability. Prepared statements and nothing else: no routing, no arenas, no network.
 *
 * A complaint is a person, an inbound message, the ticket, its event, the reply, and what
 * came of them; the end of its send is written down with the batch that follows, as
 * happens in the daemon, and so do persons come into person_look: many thousands in the
 * order of their hashes, some with each batch. What the daemon seals has the length of a
 * sealed value here. The statements are copies of those in daemon/store/stmt.c, not
 * shared with it, so that a slow statement there cannot lower this bound unseen.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
	COUNT_MOST = 10000000,
	BATCH_DEFAULT = 100,
	DAY_NO = 20400,
	HOUR_MS = 3600000,
	TEXT_SIZE = 400,
	SEAL_BYTES = 42,
	LOOKS = 1 << 15, /* persons that come into person_look together … */
	LOOKS_STEP = 128 /* … so many with each batch, and twice as many as it has */
};

static const int64_t start_ms = 1763950000000;

enum which {
	BEGIN,
	COMMIT,
	PERSON_FIND,
	PERSON_ADD,
	LOOK_ADD,
	PERSON_SAVE,
	IN_ADD,
	COUNT_SET,
	TICKET_ADD,
	EVENT_ADD,
	OUT_ADD,
	IN_SETTLE,
	OUT_SETTLE,
	CURSOR_SET,
	WHICH
};

static const char *const texts[WHICH] = {
	[BEGIN] = "BEGIN",
	[COMMIT] = "COMMIT",
	[PERSON_FIND] = "SELECT id, kind, stopped, hour, hour_replies, day, day_replies, "
			"last_in, last_in_at, last_ticket, asked, language, chosen, "
			"hour_orders, address FROM person_look "
			"JOIN person ON id = person_id WHERE person_look.look = $1",
	[PERSON_ADD] = "INSERT INTO person (address, look, kind, created_at) "
		       "VALUES ($1, $2, $3, $4)",
	[LOOK_ADD] = "INSERT INTO person_look (look, person_id) SELECT look, id "
		     "FROM person WHERE id = $1 AND look <> 0 ON CONFLICT DO NOTHING",
	[PERSON_SAVE] = "UPDATE person SET stopped = $1, hour = $2, hour_replies = $3, "
			"day = $4, day_replies = $5, last_in = $6, last_in_at = $7, "
			"last_ticket = $8, asked = $9, language = $10, chosen = $11, "
			"hour_orders = $12 WHERE id = $13",
	[IN_ADD] = "INSERT INTO message_in (provider, external_id, person_id, recipient, "
		   "text, raw, digest, sent_at, received_at, kind, part_group, part_no, "
		   "ticket_id, note, before, before_at) VALUES ($1, $2, $3, $4, $5, $6, "
		   "$7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
		   "ON CONFLICT (provider, external_id) DO NOTHING",
	[COUNT_SET] = "INSERT INTO counter (name, day, n) VALUES ($1, $2, $3) "
		      "ON CONFLICT (name, day) DO UPDATE SET n = excluded.n",
	[TICKET_ADD] =
		"INSERT INTO ticket (no, person_id, message_id, state, "
		"department, urgent, sensitive, secret, kecamatan, desa, score, "
		"opened_at, changed_at, answer_due_at, before, kind, clocks, "
		"due_at, was, accused, incident_id, parent_id) VALUES ($1, $2, $3, "
		"$4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
		"$18, $19, $20, $21, $22)",
	[EVENT_ADD] = "INSERT INTO event (ticket_id, at, kind, actor, message_id, note) "
		      "VALUES ($1, $2, $3, $4, $5, $6)",
	[OUT_ADD] = "INSERT INTO message_out (provider, person_id, ticket_id, in_id, "
		    "key, text, "
		    "ucs2, segments, priority, state, open, attempts, due_at, "
		    "expires_at, created_at) "
		    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
		    "$14, $15)",
	[IN_SETTLE] = "UPDATE message_in SET kind = $1, ticket_id = $2, note = $3 "
		      "WHERE id = $4",
	[OUT_SETTLE] = "UPDATE message_out SET state = $1, open = $2, awaits = $3, "
		       "external_id = $4, reason = $5, due_at = $6, done_at = $7 "
		       "WHERE id = $8",
	[CURSOR_SET] = "INSERT INTO poll_cursor (provider, state, at) VALUES ($1, $2, "
		       "$3) ON CONFLICT (provider) DO UPDATE SET state = "
		       "excluded.state, at = excluded.at",
};

static const char *const complaints[] = {
	"jalan berlubang parah di kp cibogo ds citasuk kec padarincang",
	"lampu jalan mati sdh 2 minggu kp cikupa",
	"sampah numpuk di pinggir jln kragilan bau bgt",
	"air pdam ga ngalir 3 hari di perum ciruas",
};

struct bound {
	sqlite3 *db;
	sqlite3_stmt *stmts[WHICH];
	long count, batch;
	double *commits; /* seconds each */
	long n_commits;
	int64_t *sent; /* replies of the batch before, ends not yet written down */
	long n_sent;
	struct look {
		int64_t look, id;
	} looks[LOOKS]; /* those that are not in person_look, or on their way */
	int n_looks, moved;
};

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void give_up(struct bound *b, const char *doing)
{
	fprintf(stderr, "bare_sqlite: %s: %s\n", doing,
		b->db ? sqlite3_errmsg(b->db) : "no memory");
	exit(1);
}

/* ---- statements: arguments one after the other, then run ---- */

struct args {
	sqlite3_stmt *q;
	int n;
};

static void add_int(struct args *a, int64_t i)
{
	sqlite3_bind_int64(a->q, ++a->n, i);
}

static void add_text(struct args *a, const char *s)
{
	sqlite3_bind_text(a->q, ++a->n, s, (int)strlen(s), SQLITE_STATIC);
}

/* As long as it is when it is sealed. */
static void add_sealed(struct args *a, const char *s)
{
	char bytes[TEXT_SIZE + SEAL_BYTES];
	size_t n = strlen(s);

	memset(bytes, 0xc1, SEAL_BYTES);
	memcpy(bytes + SEAL_BYTES, s, n);
	sqlite3_bind_blob(a->q, ++a->n, bytes, (int)n + SEAL_BYTES, SQLITE_TRANSIENT);
}

static struct args args_for(struct bound *b, enum which which)
{
	return (struct args){ b->stmts[which], 0 };
}

/* The first column of the first row; 0 without one. */
static int64_t run(struct bound *b, struct args *a)
{
	int64_t first = 0;
	int rc = sqlite3_step(a->q);

	if (rc == SQLITE_ROW)
		first = sqlite3_column_int64(a->q, 0);
	while (rc == SQLITE_ROW)
		rc = sqlite3_step(a->q);
	if (rc != SQLITE_DONE)
		give_up(b, sqlite3_sql(a->q));
	sqlite3_reset(a->q);
	return first;
}

/* An INSERT: the new row's number. (RETURNING would cost as much as the row.) */
static int64_t run_insert(struct bound *b, struct args *a)
{
	run(b, a);
	return sqlite3_last_insert_rowid(b->db);
}

static void run_plain(struct bound *b, enum which which)
{
	struct args a = args_for(b, which);

	run(b, &a);
}

/* ---- the rows of one complaint ---- */

static int by_look(const void *a, const void *b)
{
	int64_t x = ((const struct look *)a)->look, y = ((const struct look *)b)->look;

	return (x > y) - (x < y);
}

/* Those of a full list go over, a part with each batch; who comes meanwhile is left out.
 */
static void looks_move(struct bound *b)
{
	if (b->n_looks < LOOKS)
		return;
	if (b->moved == 0)
		qsort(b->looks, LOOKS, sizeof(*b->looks), by_look);
	for (long n = LOOKS_STEP + 2 * b->batch; n > 0 && b->moved < LOOKS; n--) {
		struct args a = args_for(b, LOOK_ADD);

		add_int(&a, b->looks[b->moved++].id);
		run(b, &a);
	}
	if (b->moved == LOOKS)
		b->n_looks = b->moved = 0;
}

static int64_t person(struct bound *b, long i, int64_t now)
{
	struct args find = args_for(b, PERSON_FIND), add = args_for(b, PERSON_ADD);
	char address[32];
	int64_t id, look = (int64_t)((uint64_t)(i + 1) * 0x9e3779b97f4a7c15U);

	snprintf(address, sizeof(address), "+62812%08ld", 10000000 + i);
	add_int(&find, look);
	id = run(b, &find);
	if (id)
		return id;
	add_sealed(&add, address);
	add_int(&add, look);
	add_int(&add, 0);
	add_int(&add, now);
	id = run_insert(b, &add);
	if (b->n_looks < LOOKS)
		b->looks[b->n_looks++] = (struct look){ look, id };
	return id;
}

static int64_t inbound(struct bound *b, long i, int64_t who, int64_t digest, int64_t now)
{
	struct args a = args_for(b, IN_ADD);
	char external[32];

	snprintf(external, sizeof(external), "poll:%ld", i + 1);
	add_text(&a, "utama");
	add_text(&a, external);
	add_int(&a, who);
	add_text(&a, "21708");
	add_sealed(&a,
		   complaints[(size_t)i % (sizeof(complaints) / sizeof(*complaints))]);
	sqlite3_bind_null(a.q, ++a.n);
	add_int(&a, digest);
	add_int(&a, now);
	add_int(&a, now);
	add_text(&a, "");
	sqlite3_bind_null(a.q, ++a.n);
	add_int(&a, 0);
	sqlite3_bind_null(a.q, ++a.n);
	sqlite3_bind_null(a.q, ++a.n);
	add_int(&a, 0);
	add_int(&a, 0);
	return run_insert(b, &a);
}

static int64_t ticket(struct bound *b, int64_t no, int64_t who, int64_t message,
		      int64_t now)
{
	struct args a = args_for(b, TICKET_ADD);

	add_int(&a, no);
	add_int(&a, who);
	add_int(&a, message);
	add_text(&a, "diteruskan");
	add_text(&a, "PUPR");
	add_int(&a, 0);
	add_int(&a, 0);
	add_int(&a, 0);
	add_text(&a, "Padarincang");
	add_text(&a, "Citasuk");
	sqlite3_bind_double(a.q, ++a.n, 3.5);
	add_int(&a, now);
	add_int(&a, now);
	add_int(&a, now + 3 * 24 * (int64_t)HOUR_MS);
	add_int(&a, 0);
	add_text(&a, "pengaduan");
	add_text(&a, "verify+answer+settle+statute=1763950000000");
	add_int(&a, now + 2 * 24 * (int64_t)HOUR_MS);
	add_text(&a, "baru");
	add_int(&a, 0);
	sqlite3_bind_null(a.q, ++a.n);
	sqlite3_bind_null(a.q, ++a.n);
	return run_insert(b, &a);
}

static void event(struct bound *b, int64_t ticket_id, int64_t message, int64_t now,
		  const char *note)
{
	struct args a = args_for(b, EVENT_ADD);

	add_int(&a, ticket_id);
	add_int(&a, now);
	add_text(&a, "diteruskan");
	add_text(&a, "gateway");
	add_int(&a, message);
	add_sealed(&a, note);
	run(b, &a);
}

static int64_t outbound(struct bound *b, int64_t who, int64_t ticket_id, int64_t message,
			int64_t no, int64_t now)
{
	struct args a = args_for(b, OUT_ADD);
	char text[TEXT_SIZE];

	snprintf(text, sizeof(text),
		 "Laporan No %lld diterima, diteruskan ke PUPR. Jawaban paling lambat "
		 "28/11. Cek: ketik CEK %lld. Gratis.",
		 (long long)no, (long long)no);
	add_text(&a, "utama");
	add_int(&a, who);
	add_int(&a, ticket_id);
	add_int(&a, message);
	add_text(&a, "ack_rute");
	add_sealed(&a, text);
	add_int(&a, 0);
	add_int(&a, 1);
	add_int(&a, 1);
	add_text(&a, "sending");
	add_int(&a, 1);
	add_int(&a, 1);
	add_int(&a, now);
	add_int(&a, now + 24 * (int64_t)HOUR_MS);
	add_int(&a, now);
	return run_insert(b, &a);
}

static void in_settle(struct bound *b, int64_t message, int64_t ticket_id,
		      const char *note)
{
	struct args a = args_for(b, IN_SETTLE);

	add_text(&a, "complaint");
	add_int(&a, ticket_id);
	add_sealed(&a, note);
	add_int(&a, message);
	run(b, &a);
}

static void person_save(struct bound *b, int64_t who, int64_t message, int64_t ticket_id,
			int64_t now)
{
	struct args a = args_for(b, PERSON_SAVE);

	add_int(&a, 0);
	add_int(&a, now / HOUR_MS);
	add_int(&a, 1);
	add_int(&a, DAY_NO);
	add_int(&a, 1);
	add_int(&a, message);
	add_int(&a, now);
	add_int(&a, ticket_id);
	add_int(&a, 0);
	add_int(&a, 1);
	add_int(&a, 0);
	add_int(&a, 0);
	add_int(&a, who);
	run(b, &a);
}

static int64_t complaint(struct bound *b, long i)
{
	static const char note[] = "jalan berlubang, Citasuk, Padarincang";
	int64_t now = start_ms + i;
	int64_t digest = (int64_t)((uint64_t)i * 0x9e3779b97f4a7c15U);
	int64_t no = 2500000000 + i, who, message, ticket_id, reply;

	who = person(b, i, now);
	message = inbound(b, i, who, digest, now);
	ticket_id = ticket(b, no, who, message, now);
	event(b, ticket_id, message, now, note);
	reply = outbound(b, who, ticket_id, message, no, now);
	in_settle(b, message, ticket_id, note);
	person_save(b, who, message, ticket_id, now);
	return reply;
}

/* The end of a send. */
static void out_settle(struct bound *b, int64_t reply)
{
	struct args a = args_for(b, OUT_SETTLE);
	char id[32];

	snprintf(id, sizeof(id), "ATXid_%lld", (long long)reply);
	add_text(&a, "accepted");
	add_int(&a, 0);
	add_int(&a, 1);
	add_text(&a, id);
	add_text(&a, "");
	add_int(&a, 0);
	add_int(&a, start_ms + reply);
	add_int(&a, reply);
	run(b, &a);
}

/* Numbers that count up: one row a batch. */
static void count_set(struct bound *b, long i)
{
	struct args a = args_for(b, COUNT_SET);

	add_text(&a, "ticket");
	add_int(&a, 2025);
	add_int(&a, i);
	run(b, &a);
}

static void cursor_set(struct bound *b, long i)
{
	struct args a = args_for(b, CURSOR_SET);
	char state[32];

	snprintf(state, sizeof(state), "%ld", i);
	add_text(&a, "utama");
	add_text(&a, state);
	add_int(&a, start_ms + i);
	run(b, &a);
}

static void commit(struct bound *b)
{
	double began = seconds_now();

	run_plain(b, COMMIT);
	b->commits[b->n_commits++] = seconds_now() - began;
}

static void all(struct bound *b)
{
	for (long i = 0; i < b->count;) {
		long end = i + b->batch < b->count ? i + b->batch : b->count;

		run_plain(b, BEGIN);
		for (long k = 0; k < b->n_sent; k++)
			out_settle(b, b->sent[k]);
		b->n_sent = 0;
		for (; i < end; i++)
			b->sent[b->n_sent++] = complaint(b, i);
		count_set(b, i);
		cursor_set(b, i);
		looks_move(b);
		commit(b);
	}
	run_plain(b, BEGIN);
	for (long k = 0; k < b->n_sent; k++)
		out_settle(b, b->sent[k]);
	commit(b);
}

/* ---- opening, showing ---- */

static void script(struct bound *b, const char *sql)
{
	if (sqlite3_exec(b->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		give_up(b, "script");
}

static char *read_all(const char *file)
{
	FILE *f = fopen(file, "re");
	char *text = NULL;
	size_t room = 0;

	if (f && getdelim(&text, &room, '\0', f) < 0) {
		free(text);
		text = NULL;
	}
	if (f)
		fclose(f);
	return text;
}

static void open_new(struct bound *b, const char *schema_file, const char *file)
{
	char *schema = read_all(schema_file);

	if (!schema) {
		fprintf(stderr, "bare_sqlite: cannot read %s\n", schema_file);
		exit(66);
	}
	if (access(file, F_OK) == 0) {
		fprintf(stderr, "bare_sqlite: %s is there already\n", file);
		exit(73);
	}
	if (sqlite3_open_v2(file, &b->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
				    SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		give_up(b, file);
	script(b, "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;"
		  "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;"
		  "PRAGMA wal_autocheckpoint = 4000;"
		  "PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = ON;"
		  "PRAGMA synchronous = FULL");
	script(b, schema);
	script(b, "INSERT INTO counter (name, day, n) VALUES ('ticket', 2025, 0)");
	free(schema);
	for (int i = 0; i < WHICH; i++)
		if (sqlite3_prepare_v3(b->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
				       &b->stmts[i], NULL) != SQLITE_OK)
			give_up(b, texts[i]);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double at_share(const struct bound *b, double share)
{
	long i = (long)(share * (double)b->n_commits);

	return b->commits[i < b->n_commits ? i : b->n_commits - 1] * 1e3;
}

static void show(struct bound *b, double seconds, double cpu)
{
	qsort(b->commits, (size_t)b->n_commits, sizeof(*b->commits), by_value);
	printf("{\"complaints\":%ld,\"batch\":%ld,\"seconds\":%.3f,\"per_second\":%.1f,"
	       "\"cpu_us_each\":%.2f,\"commit_ms_p50\":%.3f,\"commit_ms_p99\":%.3f}\n",
	       b->count, b->batch, seconds, (double)b->count / seconds,
	       cpu * 1e6 / (double)b->count, at_share(b, 0.5), at_share(b, 0.99));
}

static bool counted(const char *text, long *n)
{
	char *end;

	*n = strtol(text, &end, 10);
	return end != text && *end == '\0' && *n > 0 && *n <= COUNT_MOST;
}

int main(int argc, char **argv)
{
	static struct bound b = { .batch = BATCH_DEFAULT };
	double began, cpu;

	if (argc < 4 || !counted(argv[3], &b.count) ||
	    (argc > 4 && !counted(argv[4], &b.batch))) {
		fputs("Usage: bare_sqlite SCHEMA_FILE NEW_DB_FILE COUNT [BATCH]\n",
		      stderr);
		return 64;
	}
	b.commits = calloc((size_t)(b.count / b.batch + 2), sizeof(*b.commits));
	b.sent = calloc((size_t)b.batch, sizeof(*b.sent));
	if (!b.commits || !b.sent)
		give_up(&b, "starting");
	open_new(&b, argv[1], argv[2]);
	began = seconds_now();
	cpu = cpu_seconds();
	all(&b);
	show(&b, seconds_now() - began, cpu_seconds() - cpu);
	for (int i = 0; i < WHICH; i++)
		sqlite3_finalize(b.stmts[i]);
	sqlite3_close(b.db);
	free(b.commits);
	free(b.sent);
	return 0;
}
