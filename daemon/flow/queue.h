/* SPDX-License-Identifier: MIT */
/* What the console sees of the departments' ways, and what an operator does with them;
 * within the turn that the desk is called in. */
#ifndef FLOW_QUEUE_H
#define FLOW_QUEUE_H

#include "flow/engine.h"
#include "store/delivery.h"

struct way_view {
	const struct config_department *department;
	const struct config_way *config;
	bool stopped, failing;
	int64_t queued, parked;
	unsigned in_flight, failures; /* in a row */
	int64_t paused_for_ms;
	int64_t oldest_ms;   /* wall: when the longest tried open one was made; 0: none */
	const char *trouble; /* the last; "" when all is well */
	const uint64_t *ends; /* by enum delivery_end */
	bool watches;	      /* it is asked how things stand there */
	int64_t watched_ms;   /* wall: with a good answer, last; 0: not since the start */
	const uint64_t *watch_ends; /* by enum watch_end */
};

/* All of the configuration, department by department. */
size_t engine_ways(const struct engine *engine);
struct way_view engine_way(struct engine *engine, size_t i);

enum queue_act { QUEUE_RETRY, QUEUE_PARK, QUEUE_DROP };

/*
 * retry: a parked one is queued anew; park: a queued one goes on by the next way; drop: a
 * queued or parked one is given up. *refusal: NULL, or why not.
 */
int engine_delivery_act(struct engine *engine, int64_t id, enum queue_act act,
			const char **refusal, struct err *err) MUST_CHECK;
/* Retry or drop of up to a thousand parked ones of a department; *n: how many. */
int engine_parked_act(struct engine *engine, struct str department, enum queue_act act,
		      int64_t *n, struct err *err) MUST_CHECK;
/* Sends a test by a way; of a way by SMS to all its officers, or to the one of that phone
 * (n 0: all). *n: how many; *refusal as above. */
int engine_way_test(struct engine *engine, struct str department, struct str way,
		    struct str phone, int64_t *n, const char **refusal,
		    struct err *err) MUST_CHECK;
/* Goes on at once, stopped or paused. */
int engine_way_resume(struct engine *engine, struct str department, struct str way,
		      const char **refusal, struct err *err) MUST_CHECK;

#endif
