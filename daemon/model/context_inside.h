/* SPDX-License-Identifier: MIT */
/* What context.c and context_answers.c share: a text beside what was asked. */
#ifndef MODEL_CONTEXT_INSIDE_H
#define MODEL_CONTEXT_INSIDE_H

#include "model/command_cut.h"
#include "model/context.h"

#define COURTESY WORD_BIT(WORD_COURTESY)
#define THANKS	 WORD_BIT(WORD_THANKS)
#define ACK	 WORD_BIT(WORD_ACK)
#define YES	 WORD_BIT(WORD_YES)
#define NO	 WORD_BIT(WORD_NO)
#define NOT_YET	 WORD_BIT(WORD_NOT_YET)
#define BUT	 WORD_BIT(WORD_BUT)
#define PRAISE	 WORD_BIT(WORD_PRAISE)
#define GOOD	 WORD_BIT(WORD_GOOD)
#define BLAME	 WORD_BIT(WORD_BLAME)
#define TROUBLE	 WORD_BIT(WORD_TROUBLE)
#define ADDRESS	 WORD_BIT(WORD_ADDRESS)
#define UNIT	 WORD_BIT(WORD_UNIT)

struct reading {
	struct str text;
	const struct words *w; /* at least one */
	const struct command *read;
	const struct context *context;
	bool looks_new;
	struct arena *scratch;
};

/* context.c: tells a place, and nothing that is broken. */
bool context_address(const struct words *w);

/* context_answers.c */
struct meaning meaning_of(enum meaning_kind kind);
struct meaning meaning_command(const struct reading *r, enum command_kind kind,
			       struct str rest, bool answers);
struct meaning meaning_which(int64_t no);
/* A number of one or two digits and nothing else. */
bool answer_is_bare_digit(const struct words *w);
/* Polite words only, one of which thanks or agrees. */
bool answer_is_thanks(const struct words *w);
/* A text without a number of its own as the answer to what was asked. */
struct meaning answer_read(const struct reading *r);

#endif
