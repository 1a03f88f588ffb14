/* SPDX-License-Identifier: MIT */
/* The scripted provider of the stage. */
#ifndef CASES_PROVIDER_H
#define CASES_PROVIDER_H

#include "stage.h"

/* Answers what the gateway asks. */
void provider_play(struct stage *stage, struct outgoing *out);

#endif
