/* SPDX-License-Identifier: MIT */
/* Whoever has stolen the store's files and looks for a number or a word in them. */
#ifndef CASES_THIEF_H
#define CASES_THIEF_H

#include "stage.h"

/*
 * Looks for the senders' digits and the words in the database, its log and a backup made
 * for this: plain, reversed, in UTF-16, in hex; digits also as semi-octets (two a byte,
 * both ways) and as a number of six to eight bytes. True with *where filled: he has found
 * one, or could not look.
 */
bool thief_visits(const struct stage *stage, char *words, char *where, size_t size);

#endif
