/* SPDX-License-Identifier: MIT */
/*
 * What the files of the player share:
 *
 *   play.c        runs stories, sweeps, compares
 *   words.c       the words of a story about texts, provider and store
 *   words_life.c  those about tickets, officers, the desk and the calendar
 *   words_privacy.c  those about personal data
 *   truth.c       what must hold at any time (also used by the random walk)
 */
#ifndef CASES_PLAY_H
#define CASES_PLAY_H

#include "stage.h"

enum { LINES = 400, LINE = 6000, NAMES = 30 };

struct story {
	const char *file;
	char *lines[LINES];
	int n;
};

struct run {
	struct stage *stage;
	const struct story *story;
	int line;
	bool checking; /* single expectations count */
	char why[600];
	struct {
		char name[16];
		long long no;
	} names[NAMES];
	size_t n_names;
};

/* The first failure of a run counts. */
__attribute__((format(printf, 2, 3))) void fail(struct run *r, const char *format, ...);
/* Cuts the next word off *s. */
char *word(char **s);

struct story_word {
	const char *name;
	void (*run)(struct run *r, char *rest);
};

/* Ends with an empty one. */
extern const struct story_word words_of_life[], words_of_privacy[];
/* words.c */
void line_run(struct run *r, const char *line);

#endif
