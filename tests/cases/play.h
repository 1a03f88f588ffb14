/* SPDX-License-Identifier: MIT */
/*
 * What the files of the player share:
 *
 *   play.c        runs stories, sweeps, compares
 *   lines.c       names in lines: @ani, {a}
 *   words.c       the words of a story about texts, provider and store
 *   words_life.c  those about tickets, officers, the desk and the calendar
 *   words_world.c those about provider, configuration and store
 *   words_privacy.c  those about personal data
 *   words_web.c   those about Open311 here
 *   mailbox.c     the scripted mail server, and words about it
 *   geo.c         a department's Open311 server, and words about it
 *   hooks.c       departments' software, and words about it
 *   stage.c       clock, carrier, crashes
 *   provider.c    the scripted provider
 *   walk.c        stories that nobody wrote
 *   truth.c       what must hold at any time
 */
#ifndef CASES_PLAY_H
#define CASES_PLAY_H

#include "stage.h"

enum { LINES = 400, LINE = 6000, NAMES = 30 };

struct story {
	const char *file;
	char *lines[LINES];
	int n;
	unsigned nth[LINES]; /* `number`: which of the phone's tickets it was in the good
				run */
};

struct run {
	struct stage *stage;
	struct story *story;
	int line;
	bool checking; /* single expectations count */
	char why[600];
	unsigned polls_before; /* the last `polls` */
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
extern const struct story_word words_of_life[], words_of_privacy[], words_of_world[],
	words_of_hooks[], words_of_web[], words_of_mail[], words_of_geo[];
/* lines.c: the line with its names replaced. */
void line_fill(const struct run *r, const char *line, char out[LINE]);
/* words.c */
/* A thief looks for these words, and all phones, in the store's files. */
void stolen_look(struct run *r, char *words);
void line_run(struct run *r, const char *line);

/* play.c: a store as it was never used. */
void store_fresh(const char *folder);
/* walk.c: n walks of so many lines, from that seed on; how many broke something. */
unsigned walks(const char *config, const char *folder, unsigned first, unsigned n,
	       int lines);

#endif
