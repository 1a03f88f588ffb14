/* SPDX-License-Identifier: MIT */
/*
 * What people see: the admin listener (/readyz, /metrics; /healthz is the listener's own)
 * and the control socket of the operator's command. Called by the engine in its thread,
 * inside a turn's transaction; answers are allocated from in->arena.
 */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include "flow/engine.h"

bool console_answer(struct engine *engine, struct incoming *in, struct answer *answer);

#endif
