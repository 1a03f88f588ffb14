/* SPDX-License-Identifier: MIT */
/* What the files that turn settings into a checked config share. */
#ifndef CONFIG_INSIDE_H
#define CONFIG_INSIDE_H

#include "config/config.h"
#include "config/config_keys.h"
#include "config/faults.h"
#include "config/schema.h"

/* A load in progress. */
struct load {
	struct config *c;
	struct schema *s;
	struct config_faults *faults;
	const char *file;   /* the main file */
	unsigned otherwise; /* place of complaints that name none */
	bool without_secrets;
};

/* The model's builders hand back the place that they were given as a line. */
void load_complain(void *load, unsigned place, const char *sentence);
const char *load_place(struct load *load, unsigned place);

/* config_calendar.c: working days, deadlines. */
void load_calendar(struct load *load);
/* Before departments are read: theirs start from these. */
void load_deadlines(struct load *load);
/* A department's own deadlines over config.clocks. */
void load_department_deadlines(struct load *load, const struct schema_group *group,
			       struct config_department *department);

/* config_forward.c: a department's ways, and the account of mail. */
void load_ways(struct load *load, const struct schema_group *group,
	       struct config_department *department);
/* Before departments are read. */
void load_mail(struct load *load);

/* config_router.c: what understands texts, of all that was read before. */
void load_router(struct load *load);

/* config_people.c: officers, and what people are told in which language. */
void load_officers(struct load *load);
void load_texts(struct load *load);

#endif
