/* SPDX-License-Identifier: MIT */
/*
 * Understanding a free text: what kind of message it is, which department it belongs to,
 * how urgent and how delicate it is, and which place it names — with the reasons.
 * Deterministic; built once from plain data (the operator's files), then read-only and
 * usable by one thread at a time through its scratch arena. Under 20 µs a text with 2,000
 * phrases.
 */
#ifndef MODEL_ROUTER_H
#define MODEL_ROUTER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/keys.h"
#include "base/str.h"

enum text_kind {
	KIND_COMPLAINT,
	KIND_COMMAND,
	KIND_THANKS,
	KIND_GREETING,
	KIND_SPAM,
	KIND_ROBOT,
	KIND_UNCLEAR,
	KIND_COUNT
};

const char *text_kind_name(enum text_kind kind);

struct router_department {
	struct str code;
	struct str_list keywords; /* words and phrases as people write them */
	struct str_list not_with; /* phrases that speak against it; MAY be empty */
	bool sensitive;		  /* a hit here overrides all others (INSPEKTORAT) */
	unsigned line;		  /* of the config, for problems */
};

struct router_kecamatan {
	struct str name;
	struct str_list also; /* other spellings, old names */
	struct str_list desa;
};

struct router_spec {
	const struct router_department *departments;
	size_t n_departments;
	const struct router_kecamatan *kecamatan;
	size_t n_kecamatan;
	struct str_list false_friends; /* place names that are also ordinary words */
	struct str_list neighbours;    /* places that are not ours */
	struct key_texts
		words;	  /* words.conf: the lists by name (see conf/words/id.conf) */
	struct str model; /* content of the trained model's file; n 0: none */
	unsigned number_width; /* digits of a running number, for commands */
};

struct router;

struct router_reason {
	struct str what;    /* "phrase", "word", "slip", "pair", "model", "place",
			       "negative", "kind", "sensitive", "urgent",
			       "suspicion": no phrase, but the model's score is
			       enough for a sensitive department; "hint": a rule
			       says that it may be for one; "signs": which lists
			       of words the model took for an accusation */
	struct str matched; /* as in the lists */
	struct str seen;    /* as in the text */
	int department;	    /* index, or −1 */
	double weight;
};

struct router_candidate {
	int department;
	double score;
};

struct routing {
	enum text_kind kind;
	int department; /* index into the spec's departments, or −1 */
	double score;	/* 0–1: how sure */
	struct router_candidate alternatives[5]; /* best first, without the chosen one */
	size_t n_alternatives;
	struct router_reason *reasons; /* from scratch */
	size_t n_reasons;
	bool urgent, sensitive;
	bool even;	/* it and alternatives[0] are as likely by a rule: ask which */
	bool suspected; /* KIND_UNCLEAR, since it may accuse the department that its words
			   lead to: for a human, and for nobody's open ticket */
	/* Why nothing was chosen, for KIND_UNCLEAR: the likeliest department, how likely
	 * it is no complaint at all, and what would have been enough. */
	struct router_candidate nearest;
	double others, wanted, others_most;
	struct str kecamatan, desa; /* n 0: not named, or not surely */
	struct str body; /* the text without LAPOR…, a view into the text or scratch */
};

/*
 * All from arena, which must live as long as the router. Problems (a phrase that can
 * never match, a keyword that two departments claim) go to `complain` with the line of
 * their department; clashes and dead phrases are errors: NULL is returned after all are
 * reported.
 */
struct router *router_build(const struct router_spec *spec,
			    void (*complain)(void *arg, unsigned line,
					     const char *sentence),
			    void *arg, struct arena *arena);
/* How texts are cut into words, for training the model the same way. */
struct text_rules;
const struct text_rules *router_rules(const struct router *router);
/* text: repaired UTF-8. Never fails: at the scratch's ceiling the text is UNCLEAR. */
void router_route(const struct router *router, struct str text, struct arena *scratch,
		  struct routing *out);
/* The same for a text that command_read has found to be none. */
void router_route_plain(const struct router *router, struct str text,
			struct arena *scratch, struct routing *out);
/* The JSON object of `kentongan route --json`: kind, department, score, alternatives,
 * matched, urgent, sensitive, kecamatan, desa. */
struct json *router_json(const struct router *router, const struct routing *routing);
/* The same for people, several lines, ending in a newline. */
void router_explain(const struct router *router, const struct routing *routing,
		    struct buf *out);

#endif
