/* SPDX-License-Identifier: MIT */
/*
 * The operator's files as plain structs. config_load reads, checks everything and reports
 * all faults at once; what it returns is complete and never changes. The key tables
 * (config_keys.c) are the single description of what may be written.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "adapter.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/keys.h"
#include "forwarder.h"
#include "model/clocks.h"
#include "model/command.h"
#include "model/language.h"
#include "model/reply_text.h"
#include "model/roster.h"
#include "model/router.h"

struct config_gateway {
	struct str name;	 /* "Kabupaten Serang" */
	struct str language;	 /* "id": which texts */
	struct str country_code; /* "62" */
	struct str timezone;	 /* "Asia/Jakarta" */
	int64_t number_width;	 /* digits of the running number: 5 */
	struct str
		rest_queue; /* code of the queue for what no department matched: "UMUM" */
	struct str emergency; /* hotline shown in urgent answers: "112" */
};

struct config_store {
	int driver; /* enum: sqlite */
	struct str path;
	int64_t reserve_mb; /* refuse new work below this free space */
	int64_t keep_raw_ms;
	int64_t keep_raw;	 /* rows of raw answers kept at most */
	struct str key, old_key; /* n 0: none */
};

struct config_listen {
	struct str callbacks, admin, control, api; /* n 0: not wanted */
	struct str
		public_url; /* how providers reach the callbacks listener, for display */
	int64_t body_kb, connections, per_address, api_rate;
	int64_t request_ms, answer_ms;
};

enum unknown_policy { UNKNOWN_RESEND, UNKNOWN_HOLD };

struct config_provider {
	struct str id;
	struct str adapter_name;
	const struct sms_adapter *adapter;
	void *settings; /* the adapter's own struct */
	unsigned caps;	/* what it can do with these settings */
	struct str number;
	struct str path_secret;	    /* secret path segment of the callback URLs; n 0: no
				       callbacks */
	struct str_list allow_from; /* addresses or CIDR that may call back; empty: any */
	struct str ca_file;	    /* authorities it is trusted by; n 0: the system's */
	bool poll;
	int64_t poll_every_ms, poll_idle_ms;
	int64_t backoff_first_ms, backoff_most_ms;
	double send_rate; /* messages a second, 0: no limit */
	int64_t connections;
	int64_t connect_ms, timeout_ms;
	int64_t answer_kb; /* ceiling of an answer's body */
	int on_unknown;	   /* enum unknown_policy */
	int64_t attempts;  /* sends of one reply at most */
	int64_t reply_ttl_ms;
	double price;	       /* of one segment */
	int64_t parts_wait_ms; /* how long a long text waits for its missing parts */
	unsigned place;	       /* for config.c only: file and line as one number */
};

/* "3 working", "30 calendar"; n 0: as in the whole gateway, or as usual. */
struct config_deadlines {
	struct str verify_promise, verify, answer, question, wish, ordinary, inquiry,
		reopened, sekda, regent, again, statute_alarm, statute, reply_remind,
		reply, reply_machine, confirm, reopen_within, watch;
	int64_t remind_percent;
	struct str quiet_from, quiet_to;
};

/* A way by which tickets reach a department, in the order of the list. */
enum config_way_by { WAY_FORWARDER, WAY_SMS, WAY_PRINT };
enum way_hours { WAY_ALWAYS, WAY_OFFICE_HOURS, WAY_OUTSIDE_HOURS };

struct config_way_sms {
	int64_t acknowledge_ms; /* 0: nobody is asked to */
};

struct config_way_print {
	struct str folder, at;
	int64_t keep_ms; /* 0: for good */
};

struct config_way {
	struct str name; /* unique in its department: "email" */
	struct str by_name;
	enum config_way_by by;
	const struct forwarder *forwarder; /* WAY_FORWARDER */
	void *settings; /* the forwarder's, or struct config_way_sms, _print */
	struct str_list to;
	/* The filter; and `reserve`: only for what another way could not deliver. */
	bool urgent_only, reserve, news;
	struct str_list kinds; /* ticket_kind_code; empty: all */
	int hours;	       /* enum way_hours */
	/* The queue. */
	int64_t in_flight; /* at once, at most */
	int64_t retry_first_ms, retry_most_ms, retry_for_ms;
	int64_t queue_most; /* open ones at most; more go to the next way */
	int64_t connect_ms, timeout_ms;
	struct str ca_file;
};

struct config_department {
	struct str code, name;
	struct str_list keywords, not_with;
	bool sensitive, outside;
	bool ask_place;	  /* its work is somewhere: where is asked for when it is not said
			   */
	struct str phone; /* shown in urgent answers */
	int64_t answer_days; /* working days to the first answer */
	struct config_deadlines deadlines;
	struct clock_rules clocks; /* config.clocks with its own deadlines */
	struct str note;
	struct str choice; /* words for it in TANYA_PILIH; n 0: its code */
	struct config_way *ways;
	size_t n_ways;
	struct str digest_at;	     /* the daily digest by mail, "07.00"; n 0: none */
	struct str_list answer_from; /* mail addresses that may answer besides ways.to */
	unsigned place;		     /* for config.c only: file and line as one number */
};

/* As it is written. */
struct config_officer_file {
	struct str phone, name, department, pin;
	bool desk;
	int rank, news;
	struct str_list duty;
};

/* Who may answer for a department by text, and whom it is told. */
enum officer_news { OFFICER_NEWS_NONE, OFFICER_NEWS_URGENT, OFFICER_NEWS_ALL };

struct config_officer {
	struct str phone; /* sender_normalise */
	struct str name;
	int department;		  /* index; −1: none of his own */
	bool desk;		  /* of the central desk */
	enum life_level level;	  /* his rank */
	struct str pin;		  /* crypto_pin_hash; n 0: none */
	int news;		  /* enum officer_news: new tickets that he is told of */
	struct roster_span *duty; /* when he answers calls (ways by sms) … */
	size_t n_duty;		  /* … 0: always */
};

struct config_conversation {
	int64_t continue_ms; /* a second text within it goes on with the first */
	int64_t same_ms;     /* the same person's like text joins the open ticket */
	int64_t alike_ms;    /* other persons' like texts are proposed as a group */
	bool ask_back;	     /* TANYA_LOKASI, TANYA_PILIH */
	int64_t pin_tries, pin_lock_ms;
};

/* How long what is kept; 0: for ever. */
struct config_retention {
	int64_t number_ms;   /* the sender's number, after the ticket was closed */
	int64_t text_ms;     /* words and history, after that */
	int64_t inquiry_ms;  /* the same of sensitive ones */
	int64_t spam_ms;     /* texts that opened no ticket */
	int64_t delivery_ms; /* rows of what went to departments and came from them */
};

struct config_guards {
	int64_t replies_hour, replies_day; /* to one sender */
	int64_t officer_replies_hour;	   /* to one officer's commands, instead */
	int64_t replies_total_day;
	int64_t reserve_percent; /* of the total, kept for urgent ones */
	double cost_day;   /* of all providers, in their prices' currency; 0: no limit */
	int64_t same_text; /* the n-th identical text within an hour is not answered */
	struct str_list block;	   /* senders that are stored and not answered */
	struct str_list lookup_by; /* login names that may look at one person */
};

struct config_range {
	struct str first, last, hours;
};

struct config_calendar {
	struct str_list workdays; /* "senin" … */
	struct str open, close;
	struct str_pairs hours;		 /* of single weekdays: jumat = "07.30-16.30" */
	struct str_list holidays, leave; /* "2026-12-25" */
	struct key_list ranges;		 /* of struct config_range */
};

struct config_kecamatan {
	struct str name;
	struct str_list also, desa;
};

struct config_places {
	struct key_list kecamatan; /* of struct config_kecamatan */
	struct str_list false_friends, neighbours;
};

struct config_understanding {
	struct str model; /* the trained model's file; n 0: none */
};

/* What the Open311 server shows: what was filed over it, or every ticket that may be. */
enum open311_show { OPEN311_FILED, OPEN311_ALL };

struct config_open311 {
	bool serve;
	struct str jurisdiction, url, contact;
	int show;	  /* enum open311_show */
	int64_t again_ms; /* the same from the same key within it is the same request */
};

struct config_log {
	int format, level;
};

struct config {
	struct arena *arena;	/* owns everything below */
	struct secret *secrets; /* wiped by config_free */
	struct config_gateway gateway;
	struct config_store store;
	struct config_listen listen;
	struct config_guards guards;
	struct config_calendar calendar_file;
	struct config_deadlines deadlines_file;
	struct config_open311 open311;
	struct config_log log;
	struct config_provider *providers;
	size_t n_providers;
	struct config_department *departments;
	size_t n_departments;
	struct str_list outside_names; /* and codes, of the bodies outside */
	struct str_list department_codes;
	struct str_list place_names; /* kecamatan, in small letters */
	struct config_conversation conversation;
	struct config_retention retention;
	struct forward_mail mail;
	struct clock_rules clocks;
	struct config_officer *officers;
	size_t n_officers;
	struct key_texts words;
	struct config_places places;
	struct config_understanding understanding;

	/* built from the above */
	struct calendar *calendar;
	struct reply_texts *texts; /* the main language */
	/* By enum command_language; NULL: not there, the main one is spoken. */
	struct reply_texts *texts_in[LANGUAGE_COUNT];
	struct router *router;
	struct languages *languages;
	int32_t zone_s;
};

/* Faults, one a line as "file:line: where: what is wrong": the main file's first, then
 * those of each included file; by line. */
struct config_faults {
	struct buf text;
	size_t n;
	/* MAY be NULL. Where given, what env: and cred: do not give here is a note in it,
	 * as a fault is written, and no fault: who checks is not who will run; and so is
	 * what keeps nothing from starting. */
	struct buf *notes;
};

/* NULL after faults were written. Secrets are resolved unless `without_secrets` (route,
 * init). */
struct config *config_load(const char *file, bool without_secrets,
			   struct config_faults *faults);
/* The sample inside the program (embedded conf/): for `route` where nothing is
 * configured. */
struct config *config_load_sample(struct config_faults *faults);
/* listen.control alone, whatever else is wrong with the files; n 0: it is not set. False:
 * not even that can be read. */
bool config_control(const char *file, struct arena *arena, struct str *control);
/* Wipes the secrets. NULL is accepted. */
void config_free(struct config *config);
/* The router with more keywords of that department, from arena; NULL and *err when the
 * lists cannot hold them (another department's, can never match). */
struct router *config_router_with(const struct config *config, int department,
				  struct str_list more, struct arena *arena,
				  struct err *err);
/* -1: no such code. */
int config_department(const struct config *config, struct str code);
const struct config_provider *config_provider(const struct config *config, struct str id);

/* What is taken at the start only, as marks to compare with. */
enum { CONFIG_FIXED_MOST = 32 };
struct config_fixed {
	uint64_t marks[CONFIG_FIXED_MOST];
};
void config_fixed_take(const struct config *config, struct config_fixed *out);
/* Names of those that differ now: "listen.admin". They wait for the next start. */
struct str_list config_fixed_changed(const struct config_fixed *started,
				     const struct config *config, struct arena *arena);

/* The tables, for `init`, the samples' check and the manual: name of the group, its keys.
 */
struct config_table {
	const char *group;
	const struct key *keys;
	const char *about;
};
extern const struct config_table config_tables[]; /* NULL-group-ended */

#endif
