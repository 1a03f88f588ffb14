/* SPDX-License-Identifier: MIT */
/* A scripted Open311 server of a department: what is asked of https://geo.test/v2/… . */
#ifndef CASES_GEO_H
#define CASES_GEO_H

#include "stage.h"

/* Answers a delivery or a question; false: it is for another. */
bool geo_play(struct stage *stage, struct outgoing *out);

#endif
