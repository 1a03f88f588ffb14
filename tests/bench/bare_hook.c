/* SPDX-License-Identifier: MIT */
/*
 * The barest receiver of webhooks: one thread around epoll, HTTP/1.1 with keep-alive.
 *
 *   bare_hook COUNT [BODYFILE]   answers each POST with 204; after COUNT different ones
 * (by the number in "webhook-id") it says how fast they came, and how many came twice,
 * and ends bare_hook hole               takes connections and requests and never answers
 *
 * Its port is the first line it prints. BODYFILE gets the last body, for whoever wants to
 * post the like. Knows nothing of the daemon.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 64, ROOM = 64 << 10, IDS = 1 << 22 };

struct peer {
	int fd;
	size_t n;
	char in[ROOM];
};

static struct {
	long count, distinct, twice;
	double first, last;
	const char *body_file;
	unsigned char seen[IDS / 8];
} run;

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void save(const char *body, size_t n)
{
	FILE *f = run.body_file ? fopen(run.body_file, "we") : NULL;

	if (!f)
		return;
	fwrite(body, 1, n, f);
	fclose(f);
}

/* Requests without an id (a bare client's) are each another. */
static void note(const char *head)
{
	const char *id = strcasestr(head, "\nwebhook-id:");
	long n;

	run.last = seconds_now();
	if (run.distinct == 0)
		run.first = run.last;
	if (!id) {
		run.distinct++;
		return;
	}
	id += strcspn(id + 1, "0123456789\r") + 1;
	n = strtol(id, NULL, 10) % IDS;
	if (run.seen[n / 8] & 1u << n % 8) {
		run.twice++;
		return;
	}
	run.seen[n / 8] |= (unsigned char)(1u << n % 8);
	run.distinct++;
}

/* Bytes of the first whole request; 0: it is not whole yet. */
static size_t whole(struct peer *p)
{
	const char *end, *length;
	size_t head, body;

	p->in[p->n] = '\0';
	end = strstr(p->in, "\r\n\r\n");
	if (!end)
		return 0;
	head = (size_t)(end - p->in) + 4;
	length = strcasestr(p->in, "\ncontent-length:");
	body = length && length < end ? strtoul(length + 16, NULL, 10) : 0;
	if (p->n < head + body)
		return 0;
	note(p->in);
	if (run.distinct >= run.count)
		save(p->in + head, body);
	return head + body;
}

/* False: the connection is over. */
static bool serve(struct peer *p)
{
	static const char yes[] = "HTTP/1.1 204 No Content\r\n\r\n";
	ssize_t n = read(p->fd, p->in + p->n, ROOM - 1 - p->n);
	size_t used;

	if (n <= 0)
		return false;
	p->n += (size_t)n;
	if (run.count == 0) { /* the hole */
		p->n = 0;
		return true;
	}
	while ((used = whole(p))) {
		memmove(p->in, p->in + used, p->n - used);
		p->n -= used;
		if (write(p->fd, yes, sizeof(yes) - 1) < 0)
			return false;
	}
	return p->n < ROOM - 1;
}

static void show(void)
{
	double seconds = run.last - run.first;

	printf("{\"distinct\":%ld,\"twice\":%ld,\"seconds\":%.3f,\"per_second\":%.1f}\n",
	       run.distinct, run.twice, seconds,
	       seconds > 0 ? (double)(run.distinct - 1) / seconds : 0);
	fflush(stdout);
}

static int listen_on(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 512) ||
	    getsockname(fd, (struct sockaddr *)&at, &size))
		return -1;
	*port = ntohs(at.sin_port);
	return fd;
}

static void greet(int epoll, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC), on = 1;
	struct peer *p = fd < 0 ? NULL : malloc(sizeof(*p));
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = p };

	if (!p)
		return;
	p->fd = fd;
	p->n = 0;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int main(int argc, char **argv)
{
	struct epoll_event ready[EVENTS], listening = { .events = EPOLLIN };
	int port = 0, listener = listen_on(&port), epoll = epoll_create1(EPOLL_CLOEXEC);

	if (argc < 2 || listener < 0 || epoll < 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &listening)) {
		fputs("Usage: bare_hook COUNT [BODYFILE] | hole\n", stderr);
		return 64;
	}
	run.count = strcmp(argv[1], "hole") == 0 ? 0 : strtol(argv[1], NULL, 10);
	run.body_file = argc > 2 ? argv[2] : NULL;
	printf("%d\n", port);
	fflush(stdout);
	while (run.count == 0 || run.distinct < run.count) {
		int n = epoll_wait(epoll, ready, EVENTS, -1);

		for (int i = 0; i < n; i++) {
			struct peer *p = ready[i].data.ptr;

			if (!p) {
				greet(epoll, listener);
			} else if (!serve(p)) {
				close(p->fd);
				free(p);
			}
		}
	}
	show();
	return 0;
}
