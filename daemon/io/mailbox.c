/* SPDX-License-Identifier: MIT */
/*
 * Letter-boxes: a singly linked chain behind a mutex, a condition variable on the
 * monotonic clock for the taker. The lock is held for a few instructions only; the bell
 * rings outside of it. Letters in the box belong to the box.
 */
#include "io/mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

struct mailbox {
	pthread_mutex_t lock;
	pthread_cond_t arrived;
	struct letter *first, **tail;
	size_t n;
	bool waiting; /* the taker sleeps in mailbox_wait */
	void (*ring)(void *arg);
	void *arg;
};

struct mailbox *mailbox_new(void (*ring)(void *arg), void *arg)
{
	struct mailbox *box = calloc(1, sizeof(*box));
	pthread_condattr_t attr;

	if (!box)
		return NULL;
	pthread_mutex_init(&box->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&box->arrived, &attr);
	pthread_condattr_destroy(&attr);
	box->tail = &box->first;
	box->ring = ring;
	box->arg = arg;
	return box;
}

void mailbox_free(struct mailbox *box)
{
	if (!box)
		return;
	pthread_cond_destroy(&box->arrived);
	pthread_mutex_destroy(&box->lock);
	free(box);
}

void mailbox_post(struct mailbox *box, struct letter *letter)
{
	letter->next = NULL;
	mailbox_post_all(box, letter);
}

void mailbox_post_all(struct mailbox *box, struct letter *first)
{
	struct letter *last = first;
	bool was_empty, wake;
	size_t n = 1;

	if (!first)
		return;
	for (; last->next; last = last->next)
		n++;
	pthread_mutex_lock(&box->lock);
	was_empty = box->first == NULL;
	wake = box->waiting;
	*box->tail = first;
	box->tail = &last->next;
	box->n += n;
	pthread_mutex_unlock(&box->lock);
	if (wake)
		pthread_cond_signal(&box->arrived);
	if (was_empty && box->ring)
		box->ring(box->arg);
}

struct letter *mailbox_take(struct mailbox *box)
{
	struct letter *all;

	pthread_mutex_lock(&box->lock);
	all = box->first;
	box->first = NULL;
	box->tail = &box->first;
	box->n = 0;
	pthread_mutex_unlock(&box->lock);
	return all;
}

/* The moment on the kernel's clock; ours may be a fake that tests move. */
static struct timespec kernel_time(int64_t until_mono_ms)
{
	int64_t left = until_mono_ms - clock_mono_ms();
	struct timespec t;

	if (left < 0)
		left = 0;
	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += left / 1000;
	t.tv_nsec += left % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_nsec -= 1000000000;
		t.tv_sec++;
	}
	return t;
}

void mailbox_wait(struct mailbox *box, int64_t until_mono_ms)
{
	struct timespec until = { 0 };
	int failed = 0;

	if (until_mono_ms >= 0)
		until = kernel_time(until_mono_ms);
	pthread_mutex_lock(&box->lock);
	box->waiting = true;
	while (!box->first && !failed) {
		if (until_mono_ms < 0)
			failed = pthread_cond_wait(&box->arrived, &box->lock);
		else
			failed =
				pthread_cond_timedwait(&box->arrived, &box->lock, &until);
	}
	box->waiting = false;
	pthread_mutex_unlock(&box->lock);
}

size_t mailbox_count(struct mailbox *box)
{
	size_t n;

	pthread_mutex_lock(&box->lock);
	n = box->n;
	pthread_mutex_unlock(&box->lock);
	return n;
}
