/* SPDX-License-Identifier: MIT */
/* The scripted software of departments: what is POSTed to https://hook.test/NAME. */
#ifndef CASES_HOOKS_H
#define CASES_HOOKS_H

#include "stage.h"

/* Answers a delivery. */
void hook_play(struct stage *stage, struct outgoing *out);
/* NULL, or what does not hold: of a ticket what happened first is told first. */
const char *hooks_broken(const struct stage *stage, struct arena *arena);
/* How many different ones of a type ("ticket.new") a name has taken. */
size_t hooks_taken(const struct stage_hook *hooks, size_t n, const char *name,
		   const char *type);

#endif
