/* SPDX-License-Identifier: MIT */
/*
 * The barest receiver of mail: as much of SMTP as a client needs, on bare.h.
 *
 *   bare_smtpd COUNT [FILE]     takes COUNT different mails (by the delivery in our
 *                               Message-IDs; without one each is another), says how fast
 *                               they came, how many twice and over how many connections,
 *                               and ends. FILE gets the last mail, for whoever wants to
 *                               send the like.
 *
 * Its port is the first line it prints. Knows nothing of the daemon.
 */
#include "bare.h"

#include <strings.h>

enum { ROOM = 256 << 10 };

/* "<ktg.25004176.17." names delivery 17. */
static long id_of(const char *mail)
{
	static const char before[] = "\nMessage-Id: <ktg.";
	const char *id = run.file ? NULL : strstr(mail, before);

	if (!id)
		return BARE_NAMELESS;
	id = strchr(id + strlen(before), '.');
	return id ? strtol(id + 1, NULL, 10) : 0;
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

static bool taken(struct peer *p, size_t n)
{
	if (bare_note(id_of(p->in)) && run.distinct == run.count)
		bare_save(p->in, n);
	p->in_data = false;
	return say(p, "250 ok\r\n");
}

/* What there is of whole lines and mails. */
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
		if (p->in_data ? !taken(p, used - 3) : !command(p))
			return false;
		bare_used(p, used);
	}
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		run.count = strtol(argv[1], NULL, 10);
		run.file = argc > 2 ? argv[2] : NULL;
	}
	if (argc < 2 || !bare_serve(ROOM, "220 bare\r\n", eat)) {
		fputs("Usage: bare_smtpd COUNT [FILE]\n", stderr);
		return 64;
	}
	bare_show();
	return 0;
}
