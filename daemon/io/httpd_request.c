/* SPDX-License-Identifier: MIT */
/*
 * A request's life: an arena of its own, the body as it comes in, the copy that the
 * engine reads. Arenas are used again. Made and filled in the listener's thread; let go
 * by whoever holds it last, that thread or the engine's.
 */
#include "io/httpd_inside.h"

enum {
	ARENA_EXTRA = 1 << 20,	 /* beyond the body: headers, and what the engine makes */
	INLINE_BODY = 4096,	 /* a body up to this size lives in the arena */
	DISCARD_BYTES = 1 << 20, /* read beyond the ceiling to be able to say 413 */
};

/* ---- making, holding, letting go ---- */

static struct arena *arena_get(struct httpd *d)
{
	struct arena *arena = NULL;
	size_t extra = d->listener.answer_ceiling_bytes;

	pthread_mutex_lock(&d->lock);
	if (d->n_spare)
		arena = d->spare[--d->n_spare];
	pthread_mutex_unlock(&d->lock);
	if (arena)
		return arena;
	return arena_new("incoming",
			 d->listener.body_ceiling_bytes + (extra ? extra : ARENA_EXTRA));
}

static void arena_put(struct httpd *d, struct arena *arena)
{
	arena_reset(arena);
	pthread_mutex_lock(&d->lock);
	if (d->n_spare < SPARE_ARENAS) {
		d->spare[d->n_spare++] = arena;
		arena = NULL;
	}
	pthread_mutex_unlock(&d->lock);
	arena_free(arena);
}

void inbound_unref(struct inbound *x)
{
	if (atomic_fetch_sub(&x->refs, 1) > 1)
		return;
	if (x->response)
		response_free(x->response);
	atomic_fetch_sub(&x->httpd->answer_bytes, x->answer_bytes);
	buf_free(&x->body);
	arena_put(x->httpd, x->in.arena); /* x itself lives there */
}

struct inbound *inbound_new(struct httpd *d, struct conn *conn,
			    struct MHD_Connection *connection)
{
	struct arena *arena = arena_get(d);
	struct inbound *x = arena ? ARENA_NEW(arena, struct inbound, 1) : NULL;

	if (!x) {
		arena_free(arena);
		return NULL;
	}
	x->in.letter.kind = d->listener.letter_kind;
	x->in.listener = d->listener.tag;
	x->in.arena = arena;
	x->httpd = d;
	x->conn = conn;
	x->connection = connection;
	x->body = (struct buf)BUF_INIT(d->listener.body_ceiling_bytes);
	atomic_init(&x->refs, 1);
	return x;
}

/* ---- the body ---- */

void inbound_expect(struct inbound *x, int64_t length)
{
	if (length <= 0 || length > INLINE_BODY)
		return;
	x->room = arena_alloc(x->in.arena, (size_t)length + 1, 1);
	x->room_bytes = x->room ? (size_t)length : 0;
}

/* Beyond the ceiling we read on for a while, so that the client gets to see the 413. */
bool inbound_take(struct inbound *x, struct str part)
{
	if (x->room && part.n <= x->room_bytes - x->used) {
		memcpy(x->room + x->used, part.p, part.n);
		x->used += part.n;
		return true;
	}
	if (!x->body.failed)
		buf_add(&x->body, part);
	if (x->body.failed)
		x->discarded += part.n;
	return x->discarded <= DISCARD_BYTES;
}

/* ---- the copy for the engine ---- */

void copier_measure(struct copier *c, size_t name_n, size_t value_n)
{
	c->room += name_n + value_n + 2;
	c->pairs.n++;
}

int copier_begin(struct copier *c, struct arena *arena)
{
	c->pairs.items = ARENA_NEW(arena, struct str_pair, c->pairs.n);
	c->p = arena_alloc(arena, c->room, 1);
	c->pairs.n = 0;
	return c->pairs.items && c->p ? 0 : -1;
}

static struct str put(struct copier *c, struct str from, bool lower)
{
	struct str s = str_from(c->p, from.n);

	for (size_t i = 0; i < from.n; i++)
		c->p[i] = lower && from.p[i] >= 'A' && from.p[i] <= 'Z'
				  ? (char)(from.p[i] + 32)
				  : from.p[i];
	c->p[from.n] = '\0';
	c->p += from.n + 1;
	return s;
}

void copier_copy(struct copier *c, struct str name, struct str value)
{
	struct str_pair *pair = &c->pairs.items[c->pairs.n++];

	pair->name = put(c, name, c->lower);
	pair->value = put(c, value, false);
}

int inbound_fill(struct inbound *x, const char *url)
{
	struct request *r = &x->in.request;

	r->path = arena_str(x->in.arena, str_of(url));
	r->peer = arena_str(x->in.arena, str_of(x->conn->peer));
	r->peer_uid = x->conn->uid;
	r->body = x->room ? str_from(x->room, x->used) : buf_str(&x->body);
	if (!r->body.p)
		r->body = STR("");
	return r->path.p && r->peer.p ? 0 : -1;
}
