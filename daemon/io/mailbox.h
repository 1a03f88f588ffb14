/* SPDX-License-Identifier: MIT */
/*
 * A thread's letter-box: anybody posts, one thread takes all that waits, in order.
 * Letters are intrusive (struct letter first in the object), so posting cannot fail. An
 * object is owned by whoever holds it: the sender until post, the box, then the taker.
 */
#ifndef IO_MAILBOX_H
#define IO_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct letter {
	struct letter *next;
	int kind; /* meaning belongs to sender and taker */
};

struct mailbox;

/* `ring` (MAY be NULL) is called after a post into an empty box, from the posting thread.
 */
struct mailbox *mailbox_new(void (*ring)(void *arg), void *arg);
/* The box must be empty and no longer used. */
void mailbox_free(struct mailbox *box);
void mailbox_post(struct mailbox *box, struct letter *letter);
/* A chain of letters (NULL: none), in order, under one lock. */
void mailbox_post_all(struct mailbox *box, struct letter *first);
/* The chain of all waiting letters in order of posting, or NULL. */
struct letter *mailbox_take(struct mailbox *box);
/* Waits until a letter is there or mono_ms passes (monotonic clock, −1: no limit). */
void mailbox_wait(struct mailbox *box, int64_t until_mono_ms);
/* Letters waiting now. */
size_t mailbox_count(struct mailbox *box);

#endif
