/* SPDX-License-Identifier: MIT */
/*
 * kentongan-sim: an SMS provider to try the gateway against. Options, requests one by one
 * in the listener's thread, and the loop that does what is for later. See sim.h for the
 * parts.
 */
#include "sim.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/utf8.h"

enum sim_letter { SIM_POSTED = 1, SIM_NUDGE };

enum { TIMEOUT_FAULT_MS = 120000, TEXTS_MOST = 100000, LOAD_FIRST_ID = 55001 };

static volatile sig_atomic_t asked_to_stop, asked_for_summary;

static void on_signal(int signal)
{
	if (signal == SIGUSR1)
		asked_for_summary = 1;
	else
		asked_to_stop = 1;
}

/* ---- answering ---- */

void sim_answer(struct sim *sim, struct incoming *in, int status, const char *type,
		struct str body)
{
	const struct answer answer = {
		.status = status,
		.content_type = str_of(type),
		.body = body,
	};

	(void)sim;
	httpd_answer(in, &answer);
}

void sim_answer_json(struct sim *sim, struct incoming *in, int status,
		     const struct json *root)
{
	struct buf b = BUF_INIT(16 << 20);

	json_dump(root, &b);
	json_free((struct json *)(uintptr_t)root);
	sim_answer(sim, in, status, "application/json", buf_str(&b));
	buf_free(&b);
}

static struct later *later_add(struct sim *sim, int64_t ms)
{
	struct later *l = calloc(1, sizeof(*l)), **at = &sim->later;

	if (!l)
		return NULL;
	l->at_ms = clock_mono_ms() + ms;
	while (*at && (*at)->at_ms <= l->at_ms)
		at = &(*at)->next;
	l->next = *at;
	*at = l;
	if (!sim->nudged)
		mailbox_post(sim->mailbox, &sim->nudge);
	sim->nudged = true;
	return l;
}

void sim_answer_later(struct sim *sim, struct incoming *in, int status, const char *type,
		      struct str body, int64_t ms)
{
	struct later *l = ms > 0 ? later_add(sim, ms) : NULL;

	if (!l) {
		sim_answer(sim, in, status, type, body);
		return;
	}
	l->in = in;
	l->answer = (struct answer){ .status = status,
				     .content_type = str_of(type),
				     .body = body };
}

void sim_abort_later(struct sim *sim, struct incoming *in, int64_t ms)
{
	struct later *l = ms > 0 ? later_add(sim, ms) : NULL;

	if (!l) {
		httpd_abort(in);
		return;
	}
	l->in = in;
	l->abort = true;
}

void sim_post_later(struct sim *sim, struct str url, struct str form, int64_t ms)
{
	static struct str_pair type[] = {
		{ STR_INIT("Content-Type"),
		  STR_INIT("application/x-www-form-urlencoded") }
	};
	struct outgoing *out = outgoing_new(1 << 20);
	struct later *l = out ? later_add(sim, ms) : NULL;

	if (!l) {
		outgoing_free(out);
		return;
	}
	out->letter.kind = SIM_POSTED;
	out->lane = 0;
	out->lane_width = 8;
	out->exchange.method = HTTP_POST;
	out->exchange.url = arena_str(out->arena, url);
	out->exchange.body = arena_str(out->arena, form);
	out->exchange.headers = (struct str_pairs){ type, 1 };
	l->out = out;
}

static void later_do(struct sim *sim, struct later *l)
{
	if (l->out)
		httpc_post(sim->httpc, l->out);
	else if (l->abort)
		httpd_abort(l->in);
	else
		httpd_answer(l->in, &l->answer);
	free(l);
}

static void laters_do(struct sim *sim, int64_t until_ms)
{
	while (sim->later && sim->later->at_ms <= until_ms) {
		struct later *l = sim->later;

		sim->later = l->next;
		later_do(sim, l);
	}
}

struct str sim_field(struct incoming *in, struct str_pairs fields, const char *name)
{
	struct str s = pairs_get(fields, str_of(name));

	(void)in;
	return s.p ? s : STR("");
}

struct str_pairs sim_form(struct incoming *in)
{
	struct str_pairs form = { NULL, 0 };
	struct err err;

	if (form_parse(in->request.body, 64, in->arena, &form, &err))
		return (struct str_pairs){ NULL, 0 };
	return form;
}

void sim_took(struct sim *sim, struct str to, struct str text)
{
	struct world *w = &sim->world;
	uint32_t h = world_handset(w, to);

	w->counters.accepted++;
	if (h == UINT32_MAX)
		return;
	w->handsets[h].received++;
	if (sim->load && w->handsets[h].load_index >= 0) {
		load_replied(sim->load, &w->handsets[h], text);
		return; /* a million texts need no bubbles */
	}
	if (w->handsets[h].last && w->handsets[h].last->received &&
	    str_eq(w->handsets[h].last->text, text))
		w->counters.same_reply++;
	world_note(w, h, true, text);
}

bool sim_play(struct sim *sim, struct incoming *in, enum fault fault, int status,
	      struct str body)
{
	static struct str_pair after[] = { { STR_INIT("Retry-After"), STR_INIT("1") } };
	struct answer answer = { .status = status,
				 .content_type = STR("application/json") };

	if (fault == FAULT_NONE || fault == FAULT_REDELIVERY ||
	    fault == FAULT_REORDERED || fault == FAULT_REFUSED || fault == FAULT_COUNT)
		return false;
	sim->world.counters.faults++;
	if (fault == FAULT_RESET || fault == FAULT_TIMEOUT) {
		sim_abort_later(sim, in, fault == FAULT_TIMEOUT ? TIMEOUT_FAULT_MS : 0);
		return true;
	}
	if (fault == FAULT_DRIP) {
		answer.body = body;
		httpd_answer_slowly(in, &answer, 64, 20);
		return true;
	}
	if (fault == FAULT_TRUNCATED) {
		answer.body = str_slice(body, 0, body.n / 2);
	} else if (fault == FAULT_GARBAGE) {
		answer.content_type = STR("text/html");
		answer.body = STR("<html><body><h1>It works!</h1></body></html>\n");
		answer.status = 200;
	} else {
		answer.status = fault == FAULT_429 ? 429 : 500;
		answer.body = STR("{\"error\":\"simulated\"}");
		if (fault == FAULT_429)
			answer.headers = (struct str_pairs){ after, 1 };
	}
	httpd_answer(in, &answer);
	return true;
}

/* ---- the loop ---- */

static bool is_down(const struct sim *sim)
{
	return clock_mono_ms() < sim->faults.down_until_ms;
}

/* In the listener's thread. */
static void request(void *arg, struct incoming *in)
{
	struct sim *sim = arg;
	bool human = str_starts(in->request.path, STR("/sim/")) ||
		     str_eq(in->request.path, STR("/"));

	pthread_mutex_lock(&sim->lock);
	if (!human && is_down(sim))
		sim_answer(sim, in, 503, "text/plain", STR("down\n"));
	else if (!at_request(sim, in) && !generic_request(sim, in) &&
		 !human_request(sim, in))
		sim_answer(sim, in, 404, "text/plain", STR("nothing here\n"));
	pthread_mutex_unlock(&sim->lock);
}

static void posted(struct sim *sim, struct outgoing *out)
{
	bool good = out->transport == TRANSPORT_DONE && out->response.status / 100 == 2;

	sim->world.counters.reports += good;
	sim->world.counters.reports_failed += !good;
	outgoing_free(out);
}

static void letters(struct sim *sim)
{
	struct letter *next;

	for (struct letter *l = mailbox_take(sim->mailbox); l; l = next) {
		next = l->next;
		if (l->kind == SIM_NUDGE)
			sim->nudged = false;
		else
			posted(sim, (struct outgoing *)l);
	}
}

static void print_summary(const struct sim *sim)
{
	struct buf b = BUF_INIT(65536);

	if (sim->load)
		load_summary(sim->load, &sim->world, &b);
	fwrite(b.p, 1, b.n, stdout);
	fflush(stdout);
	buf_free(&b);
}

static void loop(struct sim *sim)
{
	pthread_mutex_lock(&sim->lock);
	while (!asked_to_stop && !(sim->load && load_done(sim->load))) {
		int64_t now = clock_mono_ms();
		int64_t until = now + (sim->load ? 2 : 200);

		if (sim->later && sim->later->at_ms < until)
			until = sim->later->at_ms;
		pthread_mutex_unlock(&sim->lock);
		mailbox_wait(sim->mailbox, until);
		pthread_mutex_lock(&sim->lock);
		letters(sim);
		laters_do(sim, clock_mono_ms());
		if (sim->load)
			load_advance(sim->load, &sim->world);
		if (asked_for_summary) {
			asked_for_summary = 0;
			print_summary(sim);
		}
	}
	pthread_mutex_unlock(&sim->lock);
}

/* ---- options ---- */

struct options {
	const char *listen, *texts;
	struct load_settings load;
	bool loading;
	struct str faults;
	int64_t seed, first_id; /* first_id 0: as it suits */
};

static const char help[] =
	"Usage: kentongan-sim [OPTIONS]\n"
	"Plays an SMS provider: Africa's Talking's polling, sending and reports, a page "
	"with\n"
	"handsets at /, and trouble on demand.\n"
	"\n"
	"  --listen ADDR:PORT    where (default 127.0.0.1:8090; port 0: any free one)\n"
	"  --key KEY             demand this apiKey header\n"
	"  --username NAME       demand this username\n"
	"  --number NUMBER       the gateway's number (default 21708)\n"
	"  --page-size N         messages a poll gets at most (default 100)\n"
	"  --report-url URL      post delivery reports there\n"
	"  --push-url URL        post inbound texts there, too\n"
	"  --first-id N          of the first text (default: the time in milliseconds, "
	"so "
	"that\n"
	"                        a restart goes on above what was polled; with --load "
	"55001)\n"
	"  --read-once           the generic inbox gives each message once\n"
	"  --faults LIST         poll.500=20,send.reset=5,… per mille; hold=150ms; "
	"down=10s.\n"
	"                        Faults: 500 429 timeout reset truncated garbage "
	"taken500\n"
	"                        refused redelivery reordered drip\n"
	"  --seed N              of the faults\n"
	"  --load COUNT          make COUNT complaints available, end when all are "
	"answered,\n"
	"                        print what became of them as JSON\n"
	"  --rate R              … so many a second (default: all at once)\n"
	"  --senders N           … from N numbers (default: one each)\n"
	"  --texts FILE          … with these texts, one a line\n"
	"  --load-timeout TIME   … at most so long (default 10m)\n"
	"  --version, --help\n"
	"\n"
	"USR1 prints the summary of the load so far; TERM ends.\n";

enum option_id {
	O_LISTEN = 1000,
	O_KEY,
	O_USERNAME,
	O_NUMBER,
	O_PAGE,
	O_REPORT,
	O_PUSH,
	O_ONCE,
	O_FAULTS,
	O_SEED,
	O_LOAD,
	O_RATE,
	O_SENDERS,
	O_TEXTS,
	O_TIMEOUT,
	O_FIRST,
};

static bool number_of(const char *text, int64_t *n)
{
	return str_to_int(str_of(text), n) && *n >= 0;
}

/* False for a value that makes no sense. */
static bool option_set(struct sim *sim, struct options *o, int id, const char *value)
{
	int64_t n = 0;

	switch (id) {
	case O_LISTEN:
		o->listen = value;
		return true;
	case O_KEY:
		sim->key = str_of(value);
		return true;
	case O_USERNAME:
		sim->username = str_of(value);
		return true;
	case O_NUMBER:
		sim->number = str_of(value);
		return true;
	case O_PAGE:
		if (!number_of(value, &n) || n < 1 || n > 10000)
			return false;
		sim->page_size = (size_t)n;
		return true;
	case O_REPORT:
		sim->report_url = str_of(value);
		return true;
	case O_PUSH:
		sim->push_url = str_of(value);
		return true;
	case O_ONCE:
		sim->read_once = true;
		return true;
	case O_FAULTS:
		o->faults = str_of(value);
		return true;
	case O_FIRST:
		return number_of(value, &o->first_id) && o->first_id > 0;
	case O_SEED:
		return number_of(value, &o->seed);
	case O_LOAD:
		o->loading = number_of(value, &n) && n > 0 && n <= 10000000;
		o->load.count = (uint32_t)n;
		return o->loading;
	case O_RATE:
		o->load.rate = strtod(value, NULL);
		return o->load.rate > 0;
	case O_SENDERS:
		o->load.senders = number_of(value, &n) ? (uint32_t)n : 0;
		return o->load.senders > 0;
	case O_TEXTS:
		o->texts = value;
		return true;
	case O_TIMEOUT:
		return str_to_ms(str_of(value), &o->load.timeout_ms);
	default:
		return false;
	}
}

static int options_read(int argc, char **argv, struct sim *sim, struct options *o)
{
	static const struct option longs[] = {
		{ "listen", 1, NULL, O_LISTEN },
		{ "key", 1, NULL, O_KEY },
		{ "username", 1, NULL, O_USERNAME },
		{ "number", 1, NULL, O_NUMBER },
		{ "page-size", 1, NULL, O_PAGE },
		{ "report-url", 1, NULL, O_REPORT },
		{ "push-url", 1, NULL, O_PUSH },
		{ "read-once", 0, NULL, O_ONCE },
		{ "faults", 1, NULL, O_FAULTS },
		{ "seed", 1, NULL, O_SEED },
		{ "first-id", 1, NULL, O_FIRST },
		{ "load", 1, NULL, O_LOAD },
		{ "rate", 1, NULL, O_RATE },
		{ "senders", 1, NULL, O_SENDERS },
		{ "texts", 1, NULL, O_TEXTS },
		{ "load-timeout", 1, NULL, O_TIMEOUT },
		{ "version", 0, NULL, 'V' },
		{ "help", 0, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, index = 0;

	while ((c = getopt_long(argc, argv, "Vh", longs, &index)) != -1) {
		if (c == 'V') {
			puts("kentongan-sim " KENTONGAN_VERSION);
			return 0;
		}
		if (c == 'h') {
			fputs(help, stdout);
			return 0;
		}
		if (c == '?' || !option_set(sim, o, c, optarg)) {
			if (c != '?')
				fprintf(stderr, "kentongan-sim: --%s: not '%s'\n",
					longs[index].name, optarg ? optarg : "");
			fputs("Try 'kentongan-sim --help'.\n", stderr);
			return EX_USAGE;
		}
	}
	if (optind == argc)
		return -1;
	fprintf(stderr,
		"kentongan-sim: unexpected argument '%s'. Try 'kentongan-sim --help'.\n",
		argv[optind]);
	return EX_USAGE;
}

static bool texts_read(const char *file, struct str_list *texts)
{
	FILE *f = fopen(file, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (!f)
		return false;
	texts->items = calloc(TEXTS_MOST, sizeof(*texts->items));
	while (texts->items && texts->n < TEXTS_MOST &&
	       (n = getline(&line, &size, f)) > 0) {
		struct str text = str_trim(str_from(line, (size_t)n));

		if (text.n == 0 || !utf8_valid(text))
			continue;
		texts->items[texts->n++] = text;
		line = NULL; /* kept */
		size = 0;
	}
	free(line);
	fclose(f);
	return texts->n > 0;
}

/* A gateway asks for ids above the last that it saw, also of a simulator before this one.
 */
static int64_t first_id(const struct options *o)
{
	return o->first_id ? o->first_id : o->loading ? LOAD_FIRST_ID : clock_wall_ms();
}

static int start(struct sim *sim, const struct options *o, struct err *err)
{
	const struct httpd_listener listener = {
		.take = request,
		.take_arg = sim,
		.address = o->listen,
		.body_ceiling_bytes = 1 << 20,
		.connections = 2000,
		.request_ms = 30000,
		.answer_ms = TIMEOUT_FAULT_MS * 2,
	};
	const struct httpc_settings carrier = {
		.body_ceiling_bytes = 1 << 16,
		.connect_ms = 3000,
		.total_ms = 10000,
		.connections = 16,
		.user_agent = "kentongan-sim/" KENTONGAN_VERSION,
	};

	sim->mailbox = mailbox_new(NULL, NULL);
	if (!sim->mailbox || world_init(&sim->world, first_id(o)))
		return err_set(err, ERR_LIMIT, "no memory");
	if (o->loading && !(sim->load = load_new(&sim->world, &o->load)))
		return err_set(err, ERR_LIMIT, "no memory for the load");
	if (httpc_start(&carrier, sim->mailbox, &sim->httpc, err) ||
	    httpd_start(&listener, NULL, &sim->httpd, err))
		return -1;
	printf("listening on http://%s\n", httpd_address(sim->httpd));
	fflush(stdout);
	return 0;
}

static void stop(struct sim *sim)
{
	if (sim->httpd)
		httpd_close(sim->httpd);
	if (sim->httpc)
		httpc_stop(sim->httpc);
	pthread_mutex_lock(&sim->lock);
	laters_do(sim, INT64_MAX);
	if (sim->mailbox)
		letters(sim);
	pthread_mutex_unlock(&sim->lock);
	if (sim->httpd)
		httpd_stop(sim->httpd);
}

int main(int argc, char **argv)
{
	static struct sim sim;
	static struct options o = { .listen = "127.0.0.1:8090",
				    .load = { .timeout_ms = 600000 } };
	struct sigaction action = { .sa_handler = on_signal };
	struct err err;
	struct str bad;
	int code;

	pthread_mutex_init(&sim.lock, NULL);
	sim.nudge.kind = SIM_NUDGE;
	sim.page_size = 100;
	sim.number = STR("21708");
	code = options_read(argc, argv, &sim, &o);
	if (code >= 0)
		return code;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	log_setup(LOG_FORMAT_AUTO, LOG_LEVEL_WARNING);
	sim.faults.seed = (uint64_t)o.seed;
	if (o.texts && !texts_read(o.texts, &o.load.texts)) {
		fprintf(stderr, "kentongan-sim: %s: no texts there\n", o.texts);
		return EX_NOINPUT;
	}
	if (!faults_set(&sim.faults, o.faults, &bad)) {
		fprintf(stderr, "kentongan-sim: no such fault: %.*s\n", STR_ARG(bad));
		return EX_USAGE;
	}
	if (crypto_start(&err) || start(&sim, &o, &err)) {
		fprintf(stderr, "kentongan-sim: %s\n", err.text);
		return EX_UNAVAILABLE;
	}
	loop(&sim);
	print_summary(&sim);
	stop(&sim);
	code = sim.load && !load_done(sim.load) && !asked_to_stop ? 1 : 0;
	load_free(sim.load);
	world_free(&sim.world);
	return code;
}
