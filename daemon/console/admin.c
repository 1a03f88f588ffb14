/* SPDX-License-Identifier: MIT */
/*
 * /readyz and /metrics. The metrics are Prometheus text format 0.0.4: one prefix, base
 * units, HELP and TYPE for each family, no label that grows with traffic.
 */
#include "console/desk.h"

#include <dirent.h>
#include <time.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

enum { METRICS_CEILING = 1 << 20 };

bool desk_ready(struct engine *engine, struct incoming *in, struct answer *answer)
{
	const char *trouble = engine_trouble(engine);

	answer->content_type = STR("text/plain; charset=utf-8");
	answer->status = trouble ? 503 : 200;
	answer->body = trouble ? arena_printf(in->arena, "not ready: %s\n", trouble)
			       : STR("ready\n");
	return true;
}

/* ---- metrics ---- */

void desk_family(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_printf(b, "# HELP kentongan_%s %s\n# TYPE kentongan_%s %s\n", name, help,
		   name, type);
}

/* Label values: backslash, quote and newline escaped. */
void desk_label(struct buf *b, struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '\n') {
			buf_add(b, STR("\\n"));
			continue;
		}
		if (value.p[i] == '"' || value.p[i] == '\\')
			buf_add_char(b, '\\');
		buf_add_char(b, value.p[i]);
	}
}

static void sample(struct buf *b, const char *name, struct str provider, const char *key,
		   const char *value, double number)
{
	buf_printf(b, "kentongan_%s{provider=\"", name);
	desk_label(b, provider);
	if (key)
		buf_printf(b, "\",%s=\"%s\"} %.17g\n", key, value, number);
	else
		buf_printf(b, "\"} %.17g\n", number);
}

/* One counter family with a provider label and one more, from an array in provider_stats.
 */
struct counter_family {
	const char *name, *key, *help;
	size_t offset, n;
	const char *(*word)(int);
};

static const char *in_word(int i)
{
	return in_outcome_name((enum in_outcome)i);
}

static const char *poll_word(int i)
{
	return poll_outcome_name((enum poll_outcome)i);
}

static const char *send_word(int i)
{
	return send_outcome_name((enum send_outcome)i);
}

static const char *report_word(int i)
{
	return report_outcome_name((enum report_outcome)i);
}

static const struct counter_family families[] = {
	{ "messages_received_total", "outcome",
	  "Inbound messages by provider and outcome.",
	  offsetof(struct provider_stats, in), IN_OUTCOMES, in_word },
	{ "polls_total", "outcome", "Polls by provider and outcome.",
	  offsetof(struct provider_stats, polls), POLL_OUTCOMES, poll_word },
	{ "sends_total", "outcome", "Attempts to send a reply by provider and outcome.",
	  offsetof(struct provider_stats, sends), SEND_OUTCOMES, send_word },
	{ "delivery_reports_total", "outcome",
	  "Delivery reports by provider and outcome.",
	  offsetof(struct provider_stats, reports), REPORT_OUTCOMES, report_word },
};

static void provider_counters(struct buf *b, struct engine *engine)
{
	const struct config *c = engine_config(engine);
	const struct stats *s = engine_stats(engine);

	for (size_t f = 0; f < sizeof(families) / sizeof(*families); f++) {
		desk_family(b, families[f].name, "counter", families[f].help);
		for (size_t i = 0; i < c->n_providers; i++) {
			const uint64_t *values =
				(const uint64_t *)(const void *)((const char *)&s
									 ->providers[i] +
								 families[f].offset);

			for (size_t k = 0; k < families[f].n; k++)
				sample(b, families[f].name, c->providers[i].id,
				       families[f].key, families[f].word((int)k),
				       (double)values[k]);
		}
	}
	desk_family(b, "callbacks_total", "counter",
		    "Calls of providers that were taken.");
	for (size_t i = 0; i < c->n_providers; i++)
		sample(b, "callbacks_total", c->providers[i].id, NULL, NULL,
		       (double)s->providers[i].callbacks);
	desk_family(b, "segments_total", "counter",
		    "Segments of messages that were queued.");
	for (size_t i = 0; i < c->n_providers; i++)
		sample(b, "segments_total", c->providers[i].id, NULL, NULL,
		       (double)s->providers[i].segments);
	desk_family(b, "cost_total", "counter",
		    "What they cost, in the currency of the provider's price.");
	for (size_t i = 0; i < c->n_providers; i++)
		sample(b, "cost_total", c->providers[i].id, NULL, NULL,
		       s->providers[i].cost);
	desk_family(b, "callbacks_refused_total", "counter",
		    "Calls of providers that were refused.");
	for (size_t i = 0; i < c->n_providers; i++)
		sample(b, "callbacks_refused_total", c->providers[i].id, NULL, NULL,
		       (double)s->providers[i].callbacks_refused);
}

static void provider_gauges(struct buf *b, struct engine *engine)
{
	const struct config *c = engine_config(engine);
	const struct stats *s = engine_stats(engine);

	desk_family(
		b, "last_good_poll_timestamp_seconds", "gauge",
		"When a provider's last good answer came, Unix time; 0: not since the "
		"start.");
	for (size_t i = 0; i < c->n_providers; i++)
		sample(b, "last_good_poll_timestamp_seconds", c->providers[i].id, NULL,
		       NULL, (double)s->providers[i].last_good_poll_ms / 1000);
	desk_family(b, "provider_paused", "gauge",
		    "1 while the operator has paused the provider.");
	for (size_t i = 0; i < c->n_providers; i++)
		sample(b, "provider_paused", c->providers[i].id, NULL, NULL,
		       engine_provider(engine, i).paused);
	desk_family(b, "poll_failures_in_a_row", "gauge",
		    "Polls that failed since the last good one.");
	for (size_t i = 0; i < c->n_providers; i++)
		sample(b, "poll_failures_in_a_row", c->providers[i].id, NULL, NULL,
		       engine_provider(engine, i).failures);
	desk_family(b, "sends_in_flight", "gauge",
		    "Replies handed to the carrier, end not yet known.");
	for (size_t i = 0; i < c->n_providers; i++)
		sample(b, "sends_in_flight", c->providers[i].id, NULL, NULL,
		       engine_provider(engine, i).in_flight);
}

static void queue_gauges(struct buf *b, struct engine *engine, struct incoming *in)
{
	int64_t now = clock_wall_ms();
	struct count_row *rows;
	struct err err;
	size_t n;

	if (store_count_out(engine_store(engine), in->arena, &rows, &n, &err))
		return;
	desk_family(b, "replies_waiting", "gauge",
		    "Replies not at their end, by provider and state.");
	for (size_t i = 0; i < n; i++) {
		struct str state = arena_str(in->arena, rows[i].b);

		sample(b, "replies_waiting", rows[i].a, "state", state.p ? state.p : "",
		       (double)rows[i].n);
	}
	desk_family(
		b, "replies_waiting_age_seconds", "gauge",
		"Age of the oldest reply not at its end, by provider and state; 0 while "
		"it is held back, in quiet hours.");
	for (size_t i = 0; i < n; i++) {
		struct str state = arena_str(in->arena, rows[i].b);
		int64_t age = now > rows[i].oldest_ms ? now - rows[i].oldest_ms : 0;

		sample(b, "replies_waiting_age_seconds", rows[i].a, "state",
		       state.p ? state.p : "", (double)age / 1000);
	}
}

static void ticket_gauges(struct buf *b, struct engine *engine)
{
	const struct config *c = engine_config(engine);
	const struct stats *s = engine_stats(engine);

	desk_family(b, "tickets", "gauge", "Tickets by department and state.");
	for (size_t d = 0; d <= c->n_departments && d <= STATS_DEPARTMENTS; d++)
		for (int state = 0; state < TICKET_STATE_COUNT; state++) {
			if (s->tickets[d][state] == 0)
				continue;
			buf_add(b, STR("kentongan_tickets{department=\""));
			desk_label(b, d < c->n_departments ? c->departments[d].code
							   : c->gateway.rest_queue);
			buf_printf(b, "\",state=\"%s\"} %lld\n",
				   ticket_state_code((enum ticket_state)state),
				   (long long)s->tickets[d][state]);
		}
	for (size_t i = 0; i < STATS_STRAYS; i++)
		for (int state = 0; state < TICKET_STATE_COUNT; state++) {
			if (s->strays[i].tickets[state] == 0)
				continue;
			buf_add(b, STR("kentongan_tickets{department=\""));
			desk_label(b, str_of(s->strays[i].code));
			buf_printf(b, "\",state=\"%s\"} %lld\n",
				   ticket_state_code((enum ticket_state)state),
				   (long long)s->strays[i].tickets[state]);
		}
}

void desk_histogram(struct buf *b, const char *name, const char *labels,
		    const struct histogram *h, const double *bounds)
{
	const char *comma = *labels ? "," : "", *open = *labels ? "{" : "",
		   *close = *labels ? "}" : "";
	uint64_t below = 0;

	for (int i = 0; i < STATS_BUCKETS; i++) {
		below += h->counts[i];
		buf_printf(b, "kentongan_%s_bucket{%s%sle=\"%g\"} %llu\n", name, labels,
			   comma, bounds[i], (unsigned long long)below);
	}
	buf_printf(b, "kentongan_%s_bucket{%s%sle=\"+Inf\"} %llu\n", name, labels, comma,
		   (unsigned long long)h->n);
	buf_printf(b, "kentongan_%s_sum%s%s%s %.9g\n", name, open, labels, close, h->sum);
	buf_printf(b, "kentongan_%s_count%s%s%s %llu\n", name, open, labels, close,
		   (unsigned long long)h->n);
}

static void histogram(struct buf *b, const char *name, const char *help,
		      const struct histogram *h, const double *bounds)
{
	desk_family(b, name, "histogram", help);
	desk_histogram(b, name, "", h, bounds);
}

static void inbox_gauges(struct buf *b, struct engine *engine)
{
	const struct inbox_view v = engine_inbox(engine);

	if (v.address.n == 0)
		return;
	desk_family(b, "inbox_last_good_timestamp_seconds", "gauge",
		    "When the mailbox last answered well, Unix time; 0: not since the "
		    "start.");
	buf_printf(b, "kentongan_inbox_last_good_timestamp_seconds %.3f\n",
		   (double)v.last_good_ms / 1000);
	desk_family(b, "inbox_failures_in_a_row", "gauge",
		    "Looks into the mailbox that failed since the last good one.");
	buf_printf(b, "kentongan_inbox_failures_in_a_row %u\n", v.failures);
}

static void gateway_counters(struct buf *b, struct engine *engine)
{
	const struct stats *s = engine_stats(engine);

	desk_family(b, "texts_understood_total", "counter",
		    "Whole texts by what they were taken for.");
	for (int i = 0; i < KIND_COUNT; i++)
		buf_printf(b, "kentongan_texts_understood_total{kind=\"%s\"} %llu\n",
			   text_kind_name((enum text_kind)i),
			   (unsigned long long)s->kinds[i]);
	desk_family(b, "replies_withheld_total", "counter",
		    "Texts not answered, by the guard's reason.");
	for (int i = 0; i < SILENCE_COUNT; i++)
		buf_printf(b, "kentongan_replies_withheld_total{reason=\"%s\"} %llu\n",
			   silence_name((enum silence)i),
			   (unsigned long long)s->silences[i]);
	desk_family(b, "mails_total", "counter",
		    "Mails from departments, by what became of them.");
	for (int i = 0; i < MAIL_KINDS; i++)
		buf_printf(b, "kentongan_mails_total{kind=\"%s\"} %llu\n",
			   mail_kind_name((enum mail_kind)i),
			   (unsigned long long)s->mails[i]);
	desk_family(b, "replies_queued_total", "counter",
		    "Replies written to the store.");
	buf_printf(b, "kentongan_replies_queued_total %llu\n",
		   (unsigned long long)s->replies_queued);
	desk_family(b, "replies_expired_total", "counter",
		    "Messages that were out of date before they could be sent.");
	buf_printf(b, "kentongan_replies_expired_total %llu\n",
		   (unsigned long long)s->replies_expired);
	desk_family(b, "turns_failed_total", "counter",
		    "Transactions that the store did not take.");
	buf_printf(b, "kentongan_turns_failed_total %llu\n",
		   (unsigned long long)s->turns_failed);
	histogram(b, "commit_duration_seconds", "Time that a commit took.", &s->commit_s,
		  stats_seconds_bounds);
	histogram(b, "commit_batch_items", "Items that one commit held.", &s->batch,
		  stats_batch_bounds);
	histogram(b, "reply_latency_seconds",
		  "From a provider's answer to the reply handed to the carrier.",
		  &s->reply_s, stats_seconds_bounds);
}

/* ---- the process ---- */

static void process_memory(struct buf *b)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long long pages, resident;

	if (!f)
		return;
	if (fscanf(f, "%lld %lld", &pages, &resident) == 2) {
		buf_add(b,
			STR("# HELP process_resident_memory_bytes Resident memory size.\n"
			    "# TYPE process_resident_memory_bytes gauge\n"));
		buf_printf(b, "process_resident_memory_bytes %lld\n",
			   resident * sysconf(_SC_PAGESIZE));
	}
	fclose(f);
}

static void process_cpu(struct buf *b)
{
	struct timespec t;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t))
		return;
	buf_add(b, STR("# HELP process_cpu_seconds_total User and system time used.\n"
		       "# TYPE process_cpu_seconds_total counter\n"));
	buf_printf(b, "process_cpu_seconds_total %.6f\n",
		   (double)t.tv_sec + (double)t.tv_nsec / 1e9);
}

static void process_descriptors(struct buf *b)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = -3; /* ".", "..", the directory itself */

	if (!dir)
		return;
	while (readdir(dir))
		n++;
	closedir(dir);
	buf_add(b, STR("# HELP process_open_fds Open file descriptors.\n"
		       "# TYPE process_open_fds gauge\n"));
	buf_printf(b, "process_open_fds %d\n", n);
}

static void process_start(struct buf *b, struct engine *engine)
{
	buf_add(b, STR("# HELP process_start_time_seconds Start time, Unix time.\n"
		       "# TYPE process_start_time_seconds gauge\n"));
	buf_printf(b, "process_start_time_seconds %.3f\n",
		   (double)engine_started_ms(engine) / 1000);
	desk_family(b, "build_info", "gauge", "1, with the program's version.");
	buf_printf(b, "kentongan_build_info{version=\"%s\",schema=\"%d\"} 1\n",
		   KENTONGAN_VERSION, store_schema_version(engine_store(engine)));
	desk_family(b, "ready", "gauge", "1 while new work is taken.");
	buf_printf(b, "kentongan_ready %d\n", engine_trouble(engine) == NULL);
}

bool desk_metrics(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct buf b = BUF_INIT(METRICS_CEILING);

	provider_counters(&b, engine);
	provider_gauges(&b, engine);
	queue_gauges(&b, engine, in);
	ticket_gauges(&b, engine);
	desk_way_metrics(engine, in, &b);
	desk_call_metrics(engine, &b);
	gateway_counters(&b, engine);
	inbox_gauges(&b, engine);
	process_memory(&b);
	process_cpu(&b);
	process_descriptors(&b);
	process_start(&b, engine);
	answer->body =
		b.failed ? (struct str){ NULL, 0 } : arena_str(in->arena, buf_str(&b));
	buf_free(&b);
	answer->status = answer->body.p ? 200 : 500;
	answer->content_type = STR("text/plain; version=0.0.4; charset=utf-8");
	if (!answer->body.p)
		answer->body = STR("too many metrics\n");
	return true;
}
