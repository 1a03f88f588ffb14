/* SPDX-License-Identifier: MIT */
/*
 * The bound for mail: the barest libcurl loop that sends the same mail COUNT times, over
 * CONNECTIONS connections that are used again and again.
 *
 *   bare_smtp URL CONNECTIONS COUNT MAILFILE
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAIL_MOST = 1 << 20, WIRES_MOST = 64 };

static struct {
	CURLM *multi;
	char mail[MAIL_MOST];
	size_t n;
	long count, started, ended, failed;
} run;

struct wire {
	CURL *easy;
	size_t given;
};

static size_t give(char *p, size_t size, size_t n, void *arg)
{
	struct wire *w = arg;
	size_t left = run.n - w->given, take = left < size * n ? left : size * n;

	memcpy(p, run.mail + w->given, take);
	w->given += take;
	return take;
}

static void next(struct wire *w)
{
	run.started++;
	w->given = 0;
	curl_multi_add_handle(run.multi, w->easy);
}

static void wire_open(struct wire *w, const char *url, struct curl_slist *to)
{
	w->easy = curl_easy_init();
	curl_easy_setopt(w->easy, CURLOPT_URL, url);
	curl_easy_setopt(w->easy, CURLOPT_MAIL_FROM, "aduan@example.go.id");
	curl_easy_setopt(w->easy, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(w->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(w->easy, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(w->easy, CURLOPT_READDATA, w);
	curl_easy_setopt(w->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)run.n);
	curl_easy_setopt(w->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(w->easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(w->easy, CURLOPT_PRIVATE, w);
	next(w);
}

static void settle(void)
{
	const CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(run.multi, &left))) {
		CURL *easy = m->easy_handle;
		char *wire = NULL;

		if (m->msg != CURLMSG_DONE)
			continue;
		run.failed += m->data.result != CURLE_OK;
		run.ended++;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &wire);
		curl_multi_remove_handle(run.multi, easy);
		if (run.started < run.count)
			next((struct wire *)(void *)wire);
	}
}

int main(int argc, char **argv)
{
	static struct wire wires[WIRES_MOST];
	long connections = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	struct curl_slist *to = curl_slist_append(NULL, "pupr@example.go.id");
	FILE *f = argc == 5 ? fopen(argv[4], "re") : NULL;
	int running;

	run.n = f ? fread(run.mail, 1, sizeof(run.mail), f) : 0;
	if (run.n == 0 || connections < 1 || connections > WIRES_MOST) {
		fputs("Usage: bare_smtp URL CONNECTIONS COUNT MAILFILE\n", stderr);
		return 64;
	}
	run.count = strtol(argv[3], NULL, 10);
	run.multi = curl_multi_init();
	curl_multi_setopt(run.multi, CURLMOPT_MAXCONNECTS, connections);
	for (long i = 0; i < connections && run.started < run.count; i++)
		wire_open(&wires[i], argv[1], to);
	while (run.ended < run.count) {
		curl_multi_perform(run.multi, &running);
		settle();
		if (run.ended < run.count)
			curl_multi_poll(run.multi, NULL, 0, 1000, NULL);
	}
	for (long i = 0; i < connections; i++)
		curl_easy_cleanup(wires[i].easy);
	curl_multi_cleanup(run.multi);
	curl_slist_free_all(to);
	fclose(f);
	return run.failed ? 1 : 0;
}
