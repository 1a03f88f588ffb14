/* SPDX-License-Identifier: MIT */
/*
 * The barest receiver of webhooks: HTTP/1.1 with keep-alive, on bare.h.
 *
 *   bare_hook COUNT [BODYFILE]   answers each POST with 204; after COUNT different ones
 *                                (by the number in "webhook-id") it says how fast they
 *                                came, and how many came twice, and ends
 *   bare_hook hole               takes connections and requests and never answers
 *
 * Its port is the first line it prints. BODYFILE gets the last body, for whoever wants to
 * post the like. Knows nothing of the daemon.
 */
#include "bare.h"

enum { ROOM = 64 << 10 };

/* Requests without an id (a bare client's) are each another. */
static long id_of(const char *head)
{
	const char *id = strcasestr(head, "\nwebhook-id:");

	return id ? strtol(id + strcspn(id + 1, "0123456789\r") + 1, NULL, 10)
		  : BARE_NAMELESS;
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
	bare_note(id_of(p->in));
	if (run.distinct >= run.count)
		bare_save(p->in + head, body);
	return head + body;
}

static bool eat(struct peer *p)
{
	static const char yes[] = "HTTP/1.1 204 No Content\r\n\r\n";
	size_t used;

	if (run.count == 0) { /* the hole */
		p->n = 0;
		return true;
	}
	while ((used = whole(p))) {
		bare_used(p, used);
		if (write(p->fd, yes, sizeof(yes) - 1) < 0)
			return false;
	}
	return p->n < ROOM - 1;
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		run.count = strcmp(argv[1], "hole") == 0 ? 0 : strtol(argv[1], NULL, 10);
		run.file = argc > 2 ? argv[2] : NULL;
	}
	if (argc < 2 || !bare_serve(ROOM, "", eat)) {
		fputs("Usage: bare_hook COUNT [BODYFILE] | hole\n", stderr);
		return 64;
	}
	bare_show();
	return 0;
}
