/* SPDX-License-Identifier: MIT */
/*
 * The bound that the network sets: the barest sensible libcurl loop. One thread, one
 * multi handle, CONNECTIONS easy handles that are used again and again over connections
 * kept alive, each posting what a reply through Africa's Talking looks like. No queue, no
 * store, no parsing; an answer counts when its status is 2xx. What the daemon reaches is
 * measured against this. With BODYFILE it posts that, as JSON, instead. Knows nothing of
 * the daemon.
 */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { CONNECTIONS_MOST = 1000, FORM_SIZE = 1024, WAIT_MS = 1000, BODY_MOST = 256 << 10 };

struct wire {
	CURL *easy;
	char form[FORM_SIZE];
};

struct run {
	CURLM *multi;
	struct curl_slist *headers;
	struct wire *wires;
	const char *url, *username;
	char *body; /* of BODYFILE */
	size_t body_n;
	long count, connections;
	long started, ended, failed;
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

static size_t swallow(char *data, size_t size, size_t n, void *arg)
{
	(void)data;
	(void)arg;
	return size * n;
}

/* The next reply goes out on this wire. */
static int post(struct run *r, struct wire *w)
{
	long i = r->started++;
	int n = r->body ? 0
			: snprintf(w->form, sizeof(w->form),
				   "username=%s&to=%%2B62812%08ld&message=Laporan+No+%"
				   "08ld+diterima"
				   "%%2C+diteruskan+ke+PUPR.+Jawaban+paling+lambat+28%%"
				   "2F11.+Cek%%"
				   "3A+ketik+CEK+%08ld.&from=21708",
				   r->username, 10000000 + i, 25000018 + i, 25000018 + i);

	if (n < 0 || (size_t)n >= sizeof(w->form))
		return -1;
	curl_easy_setopt(w->easy, CURLOPT_POSTFIELDS, r->body ? r->body : w->form);
	curl_easy_setopt(w->easy, CURLOPT_POSTFIELDSIZE,
			 r->body ? (long)r->body_n : (long)n);
	return curl_multi_add_handle(r->multi, w->easy) == CURLM_OK ? 0 : -1;
}

static int wire_open(struct run *r, struct wire *w)
{
	w->easy = curl_easy_init();
	if (!w->easy)
		return -1;
	curl_easy_setopt(w->easy, CURLOPT_URL, r->url);
	curl_easy_setopt(w->easy, CURLOPT_HTTPHEADER, r->headers);
	curl_easy_setopt(w->easy, CURLOPT_WRITEFUNCTION, swallow);
	curl_easy_setopt(w->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(w->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(w->easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(w->easy, CURLOPT_PRIVATE, w);
	return 0;
}

/* An exchange is over: counts it and starts the next one. */
static int settle(struct run *r, CURL *easy, CURLcode code)
{
	char *wire = NULL;
	long status = 0;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &wire);
	curl_multi_remove_handle(r->multi, easy);
	r->ended++;
	r->failed += code != CURLE_OK || status / 100 != 2;
	return r->started < r->count ? post(r, (struct wire *)(void *)wire) : 0;
}

static int turn(struct run *r)
{
	const CURLMsg *m;
	int running, left;

	if (curl_multi_perform(r->multi, &running) != CURLM_OK)
		return -1;
	while ((m = curl_multi_info_read(r->multi, &left)))
		if (m->msg == CURLMSG_DONE && settle(r, m->easy_handle, m->data.result))
			return -1;
	if (r->ended == r->count)
		return 0;
	return curl_multi_poll(r->multi, NULL, 0, WAIT_MS, NULL) == CURLM_OK ? 0 : -1;
}

static int start(struct run *r, const char *key)
{
	char line[200];

	snprintf(line, sizeof(line), "apiKey: %s", key);
	r->headers = curl_slist_append(NULL, line);
	r->headers = curl_slist_append(r->headers, "Accept: application/json");
	if (r->body)
		r->headers =
			curl_slist_append(r->headers, "Content-Type: application/json");
	r->multi = curl_multi_init();
	r->wires = calloc((size_t)r->connections, sizeof(*r->wires));
	if (!r->headers || !r->multi || !r->wires)
		return -1;
	curl_multi_setopt(r->multi, CURLMOPT_MAXCONNECTS, r->connections);
	for (long i = 0; i < r->connections && r->started < r->count; i++)
		if (wire_open(r, &r->wires[i]) || post(r, &r->wires[i]))
			return -1;
	return 0;
}

static void finish(struct run *r)
{
	for (long i = 0; r->wires && i < r->connections; i++) {
		if (r->wires[i].easy)
			curl_multi_remove_handle(r->multi, r->wires[i].easy);
		curl_easy_cleanup(r->wires[i].easy);
	}
	curl_multi_cleanup(r->multi);
	curl_slist_free_all(r->headers);
	free(r->wires);
	free(r->body);
}

static bool body_read(struct run *r, const char *file)
{
	FILE *f = fopen(file, "re");

	r->body = f ? malloc(BODY_MOST) : NULL;
	if (r->body)
		r->body_n = fread(r->body, 1, BODY_MOST, f);
	if (f)
		fclose(f);
	return r->body_n > 0;
}

static void show(const struct run *r, double seconds, double cpu)
{
	printf("{\"requests\":%ld,\"failed\":%ld,\"seconds\":%.3f,\"per_second\":%.1f,"
	       "\"cpu_us_each\":%.2f}\n",
	       r->ended, r->failed, seconds, (double)r->ended / seconds,
	       cpu * 1e6 / (double)r->ended);
}

static bool counted(const char *text, long most, long *n)
{
	char *end;

	*n = strtol(text, &end, 10);
	return end != text && *end == '\0' && *n > 0 && *n <= most;
}

int main(int argc, char **argv)
{
	struct run r = { .username = argc > 5 ? argv[5] : "bench" };
	double began, cpu;
	int bad;

	if (argc < 4 || !counted(argv[2], 100000000, &r.count) ||
	    !counted(argv[3], CONNECTIONS_MOST, &r.connections) ||
	    (argc > 6 && !body_read(&r, argv[6]))) {
		fputs("Usage: bare_curl URL COUNT CONNECTIONS [KEY [USERNAME "
		      "[BODYFILE]]]\n",
		      stderr);
		return 64;
	}
	r.url = argv[1];
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return 1;
	began = seconds_now();
	cpu = cpu_seconds();
	bad = start(&r, argc > 4 ? argv[4] : "bench");
	while (!bad && r.ended < r.count)
		bad = turn(&r);
	if (!bad)
		show(&r, seconds_now() - began, cpu_seconds() - cpu);
	finish(&r);
	curl_global_cleanup();
	if (bad || r.failed)
		fprintf(stderr, "bare_curl: %ld of %ld answers were not 2xx\n",
			bad ? r.count - r.ended : r.failed, r.count);
	return bad || r.failed ? 1 : 0;
}
