/* SPDX-License-Identifier: MIT */
/*
 * The barest receiver of mail: one thread around epoll, as much of SMTP as a client
 * needs.
 *
 *   bare_smtpd COUNT [FILE]     takes COUNT different mails (by the delivery in our
 *                               Message-IDs; without one each is another), says how fast
 *                               they came, how many twice and over how many connections,
 *                               and ends. FILE gets the last mail, for whoever wants to
 *                               send the like.
 *
 * Its port is the first line it prints. Knows nothing of the daemon.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 64, ROOM = 256 << 10, IDS = 1 << 22 };

struct peer {
	int fd;
	size_t n;
	bool in_data;
	char in[ROOM];
};

static struct {
	long count, distinct, twice, connections;
	double first, last;
	const char *file;
	unsigned char seen[IDS / 8];
} run;

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void save(const char *mail, size_t n)
{
	FILE *f = run.file ? fopen(run.file, "we") : NULL;

	if (!f)
		return;
	fwrite(mail, 1, n, f);
	fclose(f);
}

/* "<ktg.25004176.17." names delivery 17. */
static void note(const char *mail, size_t n)
{
	const char *id = strstr(mail, "\nMessage-Id: <ktg.");
	long delivery;

	run.last = seconds_now();
	if (run.distinct == 0)
		run.first = run.last;
	if (!run.file && id) {
		id = strchr(id + strlen("\nMessage-Id: <ktg."), '.');
		delivery = id ? strtol(id + 1, NULL, 10) % IDS : 0;
		if (run.seen[delivery / 8] & 1u << delivery % 8) {
			run.twice++;
			return;
		}
		run.seen[delivery / 8] |= (unsigned char)(1u << delivery % 8);
	}
	run.distinct++;
	if (run.distinct == run.count)
		save(mail, n);
}

static bool say(const struct peer *p, const char *words)
{
	return write(p->fd, words, strlen(words)) > 0;
}

static bool command(struct peer *p)
{
	if (strncasecmp(p->in, "EHLO", 4) == 0)
		return say(p, "250-bare\r\n250-8BITMIME\r\n250 SIZE 0\r\n");
	if (strncasecmp(p->in, "DATA", 4) == 0) {
		p->in_data = true;
		return say(p, "354 go\r\n");
	}
	if (strncasecmp(p->in, "QUIT", 4) == 0) {
		say(p, "221 bye\r\n");
		return false;
	}
	return say(p, "250 ok\r\n");
}

/* What there is of whole lines and mails. False: the connection is over. */
static bool eat(struct peer *p)
{
	for (;;) {
		const char *stop = p->in_data ? "\r\n.\r\n" : "\n", *end;
		size_t used;

		p->in[p->n] = '\0';
		end = memmem(p->in, p->n, stop, strlen(stop));
		if (!end)
			return p->n < ROOM - 1;
		used = (size_t)(end - p->in) + strlen(stop);
		if (p->in_data) {
			note(p->in, used - 3);
			p->in_data = false;
			if (!say(p, "250 ok\r\n"))
				return false;
		} else if (!command(p)) {
			return false;
		}
		memmove(p->in, p->in + used, p->n - used);
		p->n -= used;
	}
}

static bool serve(struct peer *p)
{
	ssize_t n = read(p->fd, p->in + p->n, ROOM - 1 - p->n);

	if (n <= 0)
		return false;
	p->n += (size_t)n;
	return eat(p);
}

static int listen_on(int *port)
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

static void greet(int epoll, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC), on = 1;
	struct peer *p = fd < 0 ? NULL : malloc(sizeof(*p));
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = p };

	if (!p)
		return;
	p->fd = fd;
	p->n = 0;
	p->in_data = false;
	run.connections++;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
	say(p, "220 bare\r\n");
}

static void show(void)
{
	double seconds = run.last - run.first;

	printf("{\"distinct\":%ld,\"twice\":%ld,\"connections\":%ld,\"seconds\":%.3f,"
	       "\"per_second\":%.1f}\n",
	       run.distinct, run.twice, run.connections, seconds,
	       seconds > 0 ? (double)(run.distinct - 1) / seconds : 0);
}

int main(int argc, char **argv)
{
	struct epoll_event ready[EVENTS], listening = { .events = EPOLLIN };
	int port = 0, listener = listen_on(&port), epoll = epoll_create1(EPOLL_CLOEXEC);

	if (argc < 2 || listener < 0 || epoll < 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &listening)) {
		fputs("Usage: bare_smtpd COUNT [FILE]\n", stderr);
		return 64;
	}
	run.count = strtol(argv[1], NULL, 10);
	run.file = argc > 2 ? argv[2] : NULL;
	printf("%d\n", port);
	fflush(stdout);
	while (run.distinct < run.count) {
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
