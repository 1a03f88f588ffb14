/* SPDX-License-Identifier: MIT */
/*
 * What a listener has open, by deadlines: connections, requests at the engine, answers in
 * pieces. libmicrohttpd's own time-out counts silence only, so a thread of our own, the
 * sweeper, ends requests that come a byte at a time, answers 503 for the engine when it
 * is late, and wakes slow answers. Owns the lists; all under the listener's lock.
 */
#include "io/httpd_inside.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"

enum { STOP_MS = 1000 };

int64_t httpd_now_ms(void)
{
	return clock_mono_us() / 1000;
}

/* ---- the lists ---- */

void conn_in(struct httpd *d, struct conn *c)
{
	pthread_mutex_lock(&d->lock);
	if (!d->conns)
		pthread_cond_broadcast(&d->changed);
	c->next = d->conns;
	c->back = &d->conns;
	if (c->next)
		c->next->back = &c->next;
	d->conns = c;
	pthread_mutex_unlock(&d->lock);
}

/* libmicrohttpd closes the descriptor after this, so the sweeper never sees a stale one.
 */
void conn_out(struct httpd *d, struct conn *c)
{
	if (!c)
		return;
	pthread_mutex_lock(&d->lock);
	*c->back = c->next;
	if (c->next)
		c->next->back = c->back;
	pthread_mutex_unlock(&d->lock);
	free(c);
}

void waiting_in(struct httpd *d, struct inbound *x)
{
	x->next = NULL;
	x->back = d->waiting_tail;
	*d->waiting_tail = x;
	d->waiting_tail = &x->next;
}

void waiting_out(struct httpd *d, struct inbound *x, enum phase phase)
{
	*x->back = x->next;
	if (x->next)
		x->next->back = x->back;
	else
		d->waiting_tail = x->back;
	x->phase = phase;
	d->unwritten++;
}

void slow_in(struct httpd *d, struct inbound *x)
{
	x->next = d->slow;
	d->slow = x;
	pthread_cond_broadcast(&d->changed);
}

void inbound_written(struct httpd *d, const struct inbound *x)
{
	pthread_mutex_lock(&d->lock);
	if (x->phase != PHASE_READING && --d->unwritten == 0 && d->letting_out)
		pthread_cond_broadcast(&d->changed);
	pthread_mutex_unlock(&d->lock);
}

/* ---- the sweeper ---- */

/* With the lock; gives it up meanwhile. */
static void resume_all(struct httpd *d, struct inbound *list)
{
	struct inbound *next;

	pthread_mutex_unlock(&d->lock);
	for (; list; list = next) {
		next = list->next;
		inbound_resume(list);
	}
	pthread_mutex_lock(&d->lock);
}

/* Requests wait in the order of their deadlines. */
static struct inbound *take_expired(struct httpd *d, int64_t now)
{
	struct inbound *expired = NULL, *x;

	while ((x = d->waiting) != NULL && x->answer_by_ms <= now) {
		waiting_out(d, x, PHASE_EXPIRED);
		if (!x->suspended)
			continue; /* its own thread is at it and will see */
		x->next = expired;
		expired = x;
	}
	return expired;
}

static struct inbound *take_due(struct httpd *d, int64_t now, int64_t *wake)
{
	struct inbound *due = NULL, **at = &d->slow, *x;

	while ((x = *at) != NULL) {
		if (x->next_ms > now) {
			*wake = x->next_ms < *wake ? x->next_ms : *wake;
			at = &x->next;
			continue;
		}
		*at = x->next;
		x->next = due;
		due = x;
	}
	return due;
}

/* libmicrohttpd sees the end of the stream and closes. */
static void shut_overdue(struct httpd *d, int64_t now)
{
	for (struct conn *c = d->conns; c; c = c->next) {
		if (atomic_load(&c->deadline_ms) > now)
			continue;
		atomic_store(&c->deadline_ms, INT64_MAX);
		shutdown(c->fd, SHUT_RDWR);
	}
}

static void wait_changed(struct httpd *d, int64_t until_ms)
{
	struct timespec t = { .tv_sec = (time_t)(until_ms / 1000),
			      .tv_nsec = (long)(until_ms % 1000) * 1000000 };

	pthread_cond_timedwait(&d->changed, &d->lock, &t);
}

static void *sweep(void *arg)
{
	struct httpd *d = arg;

	pthread_mutex_lock(&d->lock);
	while (!d->stopping) {
		int64_t now = httpd_now_ms(), wake = now + d->tick_ms;
		struct inbound *expired = take_expired(d, now);
		struct inbound *due = take_due(d, now, &wake);

		shut_overdue(d, now);
		if (expired)
			resume_all(d, expired);
		if (due)
			resume_all(d, due);
		if (d->stopping || expired || due)
			continue;
		if (d->conns)
			wait_changed(d, wake);
		else
			pthread_cond_wait(&d->changed, &d->lock);
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

/* ---- its beginning and end ---- */

int sweep_start(struct httpd *d)
{
	d->sweeping = pthread_create(&d->sweeper, NULL, sweep, d) == 0;
	return d->sweeping ? 0 : -1;
}

void sweep_stop(struct httpd *d)
{
	if (!d->sweeping)
		return;
	pthread_mutex_lock(&d->lock);
	d->stopping = true;
	pthread_cond_broadcast(&d->changed);
	pthread_mutex_unlock(&d->lock);
	pthread_join(d->sweeper, NULL);
}

void sweep_resume_slow(struct httpd *d)
{
	pthread_mutex_lock(&d->lock);
	resume_all(d, d->slow);
	d->slow = NULL;
	pthread_mutex_unlock(&d->lock);
}

void sweep_let_out(struct httpd *d)
{
	int64_t until = httpd_now_ms() + STOP_MS;
	struct inbound *expired;

	pthread_mutex_lock(&d->lock);
	d->letting_out = true;
	expired = take_expired(d, INT64_MAX);
	if (expired)
		resume_all(d, expired);
	while (d->unwritten && httpd_now_ms() < until)
		wait_changed(d, until);
	pthread_mutex_unlock(&d->lock);
}
