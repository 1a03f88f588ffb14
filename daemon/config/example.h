/* SPDX-License-Identifier: MIT */
/*
 * The examples inside the program (conf/examples): the providers part of a configuration
 * as an operator would copy it, with his own values put into it. Main's thread.
 */
#ifndef CONFIG_EXAMPLE_H
#define CONFIG_EXAMPLE_H

#include "config/compose.h"

/* The text of conf/examples/NAME.conf; n 0: there is none. */
struct str example_find(const char *name);
/* "kannel, playsms, …" */
void example_names(struct buf *out);
/* Whether its provider is polled; others must be able to call us. */
bool example_polls(struct str example);
/*
 * Into c->out. What was given replaces what stands there, or is added to its group; the
 * content of "file:ID.NAME" is asked for as NAME, but the secret of our own address,
 * which is made. Given values that are no setting stay unused.
 */
void compose_example(struct compose *c, struct str example);

#endif
