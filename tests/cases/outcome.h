/* SPDX-License-Identifier: MIT */
/* What a run of a story left behind, and whether another run of it kept the promises. */
#ifndef CASES_OUTCOME_H
#define CASES_OUTCOME_H

#include "stage.h"

struct outcome {
	int64_t steps, effects, calls; /* how far a sweep has to go */
	unsigned in_doubt;
	size_t tickets;
	size_t n_sms;
	struct stage_sms *sms;
	char texts[200][200]; /* texts of the tickets, sorted */
};

/* Takes the SMS over from the stage. */
void outcome_take(struct stage *stage, struct outcome *out);
/* True when `now` has what `good` has, and nothing twice that was not in doubt. */
bool outcome_holds(const struct outcome *good, const struct outcome *now, char *why,
		   size_t size);

#endif
