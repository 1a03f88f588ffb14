/* SPDX-License-Identifier: MIT */
/*
 * Listening sockets: from the written address to a descriptor that listens. Used while
 * starting, in the starting thread; owns nothing afterwards.
 */
#include "io/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *remedy(int why, struct str address)
{
	bool file = str_starts(address, STR("/"));

	return why == EADDRINUSE      ? "; another program has it, ss -ltnp tells which"
	       : why == EADDRNOTAVAIL ? "; this machine has no such address"
	       : why != EACCES	      ? ""
	       : file ? "; the daemon's user must be able to write its folder"
		      : "; ports below 1024 are root's, take another";
}

static int close_and_fail(int fd, struct err *err, const char *what, struct str address)
{
	int why = errno;

	if (fd >= 0)
		close(fd);
	return err_set(err, ERR_CONFIG, "%s %.*s: %s%s", what, STR_ARG(address),
		       strerror(why), remedy(why, address));
}

/* Somebody answers at that path. */
static bool is_served(const struct sockaddr_un *a)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool served;

	if (fd < 0)
		return true;
	served = connect(fd, (const struct sockaddr *)a, sizeof(*a)) == 0 ||
		 errno != ECONNREFUSED;
	close(fd);
	return served;
}

static int clear_stale(const struct sockaddr_un *a, struct err *err)
{
	struct stat st;

	if (lstat(a->sun_path, &st))
		return 0; /* bind says what is wrong, if anything */
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, ERR_CONFIG, "%s is there and no socket", a->sun_path);
	if (is_served(a))
		return err_set(err, ERR_CONFIG, "%s is served by another process",
			       a->sun_path);
	unlink(a->sun_path);
	return 0;
}

static int open_unix(struct str path, mode_t mode, int *out, struct err *err)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd;

	if (path.n >= sizeof(a.sun_path))
		return err_set(err, ERR_CONFIG, "the path %.*s is longer than %zu bytes",
			       STR_ARG(path), sizeof(a.sun_path) - 1);
	memcpy(a.sun_path, path.p, path.n);
	if (clear_stale(&a, err))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Nobody can connect before listen, so the rights are right in time. */
	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof(a)) ||
	    chmod(a.sun_path, mode) || listen(fd, SOMAXCONN))
		return close_and_fail(fd, err, "cannot listen on", path);
	*out = fd;
	return 0;
}

static int open_one(const struct addrinfo *a)
{
	const int yes = 1;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int why;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	why = errno;
	close(fd);
	errno = why;
	return -1;
}

static struct str bound_address(int fd, struct arena *arena)
{
	struct sockaddr_storage a = { 0 };
	socklen_t n = sizeof(a);
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (getsockname(fd, (struct sockaddr *)&a, &n) ||
	    getnameinfo((struct sockaddr *)&a, n, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV))
		return str_from(NULL, 0);
	return arena_printf(arena, a.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host,
			    port);
}

/* Host and port as C strings; an empty host means all addresses. */
static int cut_address(struct str address, struct arena *arena, struct str *host,
		       struct str *port)
{
	size_t colon = address.n;

	while (colon && address.p[colon - 1] != ':')
		colon--;
	if (colon == 0 || colon == address.n)
		return -1;
	*host = str_slice(address, 0, colon - 1);
	if (host->n >= 2 && host->p[0] == '[' && host->p[host->n - 1] == ']')
		*host = str_slice(*host, 1, host->n - 1);
	*host = arena_str(arena, *host);
	*port = arena_str(arena, str_slice(address, colon, address.n));
	return host->p && port->p ? 0 : -1;
}

static int open_tcp(struct str address, struct arena *arena, int *out, struct err *err)
{
	const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
					.ai_socktype = SOCK_STREAM };
	struct addrinfo *found;
	struct str host, port;
	int fd = -1, failed;

	if (cut_address(address, arena, &host, &port))
		return err_set(err, ERR_CONFIG, "%.*s is no HOST:PORT", STR_ARG(address));
	failed = getaddrinfo(host.n ? host.p : NULL, port.p, &hints, &found);
	if (failed)
		return err_set(err, ERR_CONFIG, "cannot listen on %.*s: %s",
			       STR_ARG(address), gai_strerror(failed));
	for (const struct addrinfo *a = found; a && fd < 0; a = a->ai_next)
		fd = open_one(a);
	failed = errno;
	freeaddrinfo(found);
	errno = failed;
	if (fd < 0)
		return close_and_fail(fd, err, "cannot listen on", address);
	*out = fd;
	return 0;
}

int listen_open(struct str address, mode_t mode, struct arena *arena, int *fd,
		struct str *bound, struct err *err)
{
	bool local = str_starts(address, STR("/"));

	if (local ? open_unix(address, mode, fd, err) : open_tcp(address, arena, fd, err))
		return -1;
	*bound = local ? arena_str(arena, address) : bound_address(*fd, arena);
	if (!bound->p) {
		close(*fd);
		return err_set(err, ERR_LATER, "no memory for an address");
	}
	return 0;
}
