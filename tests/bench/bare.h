/* SPDX-License-Identifier: MIT */
/*
 * What the barest receivers share: a port on loopback, one thread around epoll, which of
 * the things that come came before, and how fast they came. Knows neither protocol nor
 * the daemon. Included once by a program.
 */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

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

enum { BARE_EVENTS = 64, BARE_IDS = 1 << 22 };

/* A connection: what was read and not used up yet, with a NUL behind it. */
struct peer {
	int fd;
	bool in_data; /* the receiver's own */
	size_t n, room;
	char in[];
};

static struct {
	long count, distinct, twice, connections;
	double first, last;
	const char *file; /* gets the last thing; NULL: nowhere */
	unsigned char seen[BARE_IDS / 8];
} run;

/* What came has no number of its own. */
enum { BARE_NAMELESS = -1 };

/* One more; false: it came before. */
static bool bare_note(long id)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	run.last = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
	if (run.distinct == 0)
		run.first = run.last;
	if (id >= 0) {
		id %= BARE_IDS;
		if (run.seen[id / 8] & 1u << id % 8) {
			run.twice++;
			return false;
		}
		run.seen[id / 8] |= (unsigned char)(1u << id % 8);
	}
	run.distinct++;
	return true;
}

static void bare_save(const char *bytes, size_t n)
{
	FILE *f = run.file ? fopen(run.file, "we") : NULL;

	if (!f)
		return;
	fwrite(bytes, 1, n, f);
	fclose(f);
}

static void bare_used(struct peer *p, size_t n)
{
	memmove(p->in, p->in + n, p->n - n);
	p->n -= n;
}

static int bare_listen(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 512) ||
	    getsockname(fd, (struct sockaddr *)&at, &size))
		return -1;
	*port = ntohs(at.sin_port);
	return fd;
}

static void bare_greet(int epoll, int listener, size_t room, const char *greeting)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC), on = 1;
	struct peer *p = fd < 0 ? NULL : malloc(sizeof(*p) + room);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = p };

	if (!p)
		return;
	*p = (struct peer){ .fd = fd, .room = room };
	run.connections++;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) ||
	    (*greeting && write(fd, greeting, strlen(greeting)) < 0)) {
		close(fd);
		free(p);
	}
}

/* False: the connection is over. */
static bool bare_read(struct peer *p, bool (*eat)(struct peer *))
{
	ssize_t n = read(p->fd, p->in + p->n, p->room - 1 - p->n);

	if (n <= 0)
		return false;
	p->n += (size_t)n;
	p->in[p->n] = '\0';
	return eat(p);
}

/*
 * Says its port, then has `eat` look at what each connection holds whenever more came,
 * until run.count different things did (0: for ever). False: it cannot listen.
 */
static bool bare_serve(size_t room, const char *greeting, bool (*eat)(struct peer *))
{
	struct epoll_event ready[BARE_EVENTS], listening = { .events = EPOLLIN };
	int port = 0, listener = bare_listen(&port), epoll = epoll_create1(EPOLL_CLOEXEC);

	if (listener < 0 || epoll < 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &listening))
		return false;
	printf("%d\n", port);
	fflush(stdout);
	while (run.count == 0 || run.distinct < run.count) {
		int n = epoll_wait(epoll, ready, BARE_EVENTS, -1);

		for (int i = 0; i < n; i++) {
			struct peer *p = ready[i].data.ptr;

			if (!p) {
				bare_greet(epoll, listener, room, greeting);
			} else if (!bare_read(p, eat)) {
				close(p->fd);
				free(p);
			}
		}
	}
	return true;
}

static void bare_show(void)
{
	double seconds = run.last - run.first;

	printf("{\"distinct\":%ld,\"twice\":%ld,\"connections\":%ld,\"seconds\":%.3f,"
	       "\"per_second\":%.1f}\n",
	       run.distinct, run.twice, run.connections, seconds,
	       seconds > 0 ? (double)(run.distinct - 1) / seconds : 0);
	fflush(stdout);
}

#endif
