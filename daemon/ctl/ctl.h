/* SPDX-License-Identifier: MIT */
/* What the files of the operator's command share. */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include "base/arena.h"
#include "base/http.h"
#include "base/json.h"

/* The command line as far as all commands share it. */
struct ctl {
	const char *file; /* configuration */
	bool file_given;
	const char *socket; /* control socket; NULL: as configured */
	bool json;
	struct arena *arena;
	int argc; /* the command's own arguments, argv[0] its name */
	char **argv;
};

/* Every command: an exit code of sysexits.h. */
typedef int ctl_fn(struct ctl *ctl);

/* init.c; has options of its own. */
int init_main(int argc, char **argv);
/* look.c: what the daemon knows */
ctl_fn ctl_status, ctl_tickets, ctl_ticket, ctl_messages;
/* act.c: what the daemon shall do */
ctl_fn ctl_reload, ctl_pause, ctl_resume, ctl_backup;
/* report.c */
ctl_fn ctl_report;
/* work.c: the desk's work */
ctl_fn ctl_due, ctl_resend, ctl_drop, ctl_act, ctl_alike, ctl_event;
/* ways.c: departments' queues */
ctl_fn ctl_queue, ctl_deliver;
/* desk.c: the central desk's list, and what it does */
ctl_fn ctl_desk;
/* person.c */
ctl_fn ctl_person, ctl_audit;
/* token.c: who may use the API */
ctl_fn ctl_token;
/* route.c, rules.c: without a daemon */
ctl_fn ctl_route, ctl_lifecycle, ctl_calendar, ctl_pin;
/* mails.c */
ctl_fn ctl_mail_in, ctl_mails, ctl_mail;
/* sim.c: texting through the simulator */
ctl_fn ctl_sim;

/* main.c */
/* "kentongan: sentence" on stderr; returns code. */
int ctl_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The daemon's answer, or NULL after the reason was said and *code set. */
struct json *ctl_ask(struct ctl *ctl, bool post, const char *path, struct str_pairs query,
		     int *code);
/* Anything else, bytes both ways: 0, or an exit code after the reason was said. body p
 * NULL: none. */
int ctl_exchange(struct ctl *ctl, enum http_method method, const char *path,
		 struct str body, struct response *response);
/* Prints it as JSON (--json). */
void ctl_print_json(const struct json *root);

/* table.c: aligned columns for a terminal; wide characters counted right. */
struct table;
struct table *table_new(struct arena *arena, size_t columns, const char *const *titles);
void table_add(struct table *table, const struct str *cells);
void table_print(const struct table *table);
/* Columns of the terminal; SIZE_MAX: none is there, nothing is to be cut. */
size_t table_width(void);

#endif
