/* SPDX-License-Identifier: MIT */
/*
 * What the files of flow/ share: the engine's inside. Nobody else includes this.
 *
 *   engine.c        birth, thread, end
 *   turn.c          one transaction for all that has arrived, then the effects
 *   letter.c        what each kind of letter leads to
 *   effect.c        what is let out after the commit
 *   trouble.c       when the store fails or the disk is full
 *   jump.c          when the wall clock jumps
 *   engine_view.c   what the console may see
 *   poll.c          when to ask a provider, and what its answer leads to
 *   callback.c      what a provider tells us by itself
 *   intake.c        an inbound message becomes a row, a whole text
 *   understand.c    what a text means, in the light of what was asked
 *   conversation.c  commands of citizens
 *   asking.c        what somebody was asked
 *   officer.c       commands of officers (order.h)
 *   officer_queue.c … and which ticket they mean
 *   office.c        what an office does by mail, API or its own system
 *   web_in.c        a complaint that was filed over HTTP
 *   ticket.c        what happens to a ticket
 *   tell.c          … and who is told what
 *   deadline.c      what falls due
 *   incident.c      declared events
 *   alike.c         tickets of several people that seem to be about the same
 *   retain.c        personal data whose time is over, or that is to be erased
 *   reply.c         answers, and whether they are given
 *   news.c          what is told without a text before it
 *   say.c           words, costs and the queue, for both
 *   duty.c          SMS to the officers on duty; duty_due.c: who does not answer (duty.h)
 *   dispatch.c      queued replies go out; their ends are written down
 *   callers.c       programs that ask over the API: how often, and who waits
 *
 * and those about departments' ways, in way.h.
 *
 * Every function below runs inside the turn's transaction and returns 0, or −1 with *err:
 * ERR_LATER ends the turn (the store is in doubt), anything else only the item.
 */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "flow/engine.h"
#include "flow/mail.h"
#include "flow/way.h"
#include "flow/office.h"
#include "model/context.h"
#include "model/mask.h"
#include "model/msisdn.h"
#include "model/pace.h"
#include "model/ticketno.h"

/* One provider at work. Copied before each turn, put back when the turn fails. */
struct provider {
	bool paused;

	bool polling;	    /* a poll is on its way */
	int64_t poll_at_ms; /* monotonic */
	unsigned empty_pages, failures;
	unsigned known_pages; /* in a row that were asked for at once, and brought nothing
			       */
	char etag[128];	      /* of the last page that was committed */
	bool raw_waiting;     /* read-once answers are stored and not yet digested */

	unsigned in_flight; /* sends handed to the carrier */
	bool backlog;	    /* queued replies may be waiting in the store */
	bool compare; /* the store was in trouble: its "sending" rows may be nobody's */
	int64_t claim_at_ms; /* wall: the next queued one is due */
	struct bucket bucket;
	unsigned send_failures;
	int64_t send_after_ms; /* monotonic: sends are paused until then */
	int64_t wait_said_ms; /* monotonic: no word about a long Retry-After until then */
};

/* Strings of a provider for operators; written after the fact, never rolled back. */
struct provider_words {
	char trouble[200], send_trouble[200];
	bool ahead; /* a poll is on its way that left before its turn's commit */
};

enum { INCIDENTS_MOST = 20, OPENINGS = 64 };

/* What the store says is to come. Copied before each turn, put back when the turn fails.
 */
struct plan {
	int64_t parts_due_ms; /* wall: next group of parts to give up waiting for */
	int64_t due_ms;	      /* wall: next ticket that falls due */
	int64_t daily_ms;     /* wall: the next digest or list may be due */
	int64_t duty_due_ms;  /* wall: next officer's answer that is missed */
	int64_t alike_at_ms;  /* monotonic */
	int64_t retain_at_ms, pass_at_ms, erase_at_ms; /* monotonic */
	int64_t retain_by_ms;		   /* … until when others may put it off */
	bool passing;			   /* a pass of the retention goes on */
	int64_t incidents[INCIDENTS_MOST]; /* declared events that go on */
	size_t n_incidents;
	int64_t ahead_ms; /* the wall clock, of the monotonic one, at the last turn */
	int64_t jumps_ms; /* how far the wall clock's jumps went, all together */
};

/*
 * Deadlines of a ticket that was opened just now. Thousands may open within a minute;
 * those of the same rules, kind and state fall due at the same time, to the minute.
 */
struct opening {
	int64_t minute; /* of the wall clock; 0: empty */
	const struct clock_rules *rules;
	enum ticket_state state;
	enum ticket_kind kind;
	int64_t due_ms, promise_ms;
};

enum { CALLERS_MOST = 256, WAITING_MOST = 64, WAITING_EACH = 8 };

/* A program that asks over the API, by its token. */
struct caller {
	int64_t token_id; /* 0: empty */
	struct bucket bucket;
	int64_t seen_ms; /* monotonic */
};

struct callers {
	struct caller known[CALLERS_MOST];
	struct waiting {
		struct incoming *in; /* ours until it is put back */
		int64_t token_id;
	} waiting[WAITING_MOST]; /* who came first stands first */
	size_t n_waiting;
	bool news;	  /* something happened to a ticket since they were woken */
	int64_t woken_ms; /* monotonic */
	struct call_stats routes[CALL_ROUTES];
	uint64_t refused[CALL_REFUSALS];
};

enum effect_kind { EFFECT_POST, EFFECT_ANSWER };

struct effect {
	enum effect_kind kind;
	struct outgoing *out;
	struct incoming *in;
	struct answer answer;
};

/* A send that the carrier has, so that the store can be compared after trouble. */
struct engine {
	struct config *config;
	/* The one before, while sends of a provider that it has left are under way. */
	struct config *left;
	int64_t left_until_ms;	   /* monotonic */
	struct config_fixed fixed; /* of the config of the start */
	struct store *store;
	struct carrier carrier;
	struct mailbox *mailbox;
	engine_desk desk;
	double (*chance)(void);

	struct arena *turn; /* this turn's scratch */
	struct arena *item; /* this message's scratch */
	struct effect *effects;
	size_t n_effects, effects_room;
	struct letter *carried; /* ends of sends whose turn failed; applied again first */

	int64_t mono_ms, wall_ms; /* of this turn */
	int64_t page_us;	  /* when this turn's first page arrived; 0: none */
	unsigned fresh;		  /* new texts of this turn's pages */
	int64_t day;		  /* local day number, for budgets */
	int64_t started_ms;
	int64_t changed_ms;	   /* of the ticket that changed last, never less */
	int64_t changed_before_ms; /* … before this turn */

	struct provider providers[STATS_PROVIDERS], providers_before[STATS_PROVIDERS];
	struct provider_words words[STATS_PROVIDERS];
	struct stats stats, stats_before;
	struct plan plan, plan_before;
	struct ways ways;
	struct mail_work mail, mail_before;
	char inbox_trouble[200]; /* the last; "" when all is well */
	bool scrub, scrub_now;	 /* wiped bytes may be left in the store's files */
	int64_t scrub_at_ms;	 /* monotonic */
	struct opening openings[OPENINGS];
	int64_t tidy_at_ms, space_at_ms; /* monotonic */
	struct callers callers;

	bool store_lost; /* the store fails; reopened by and by */
	int64_t store_lost_since_ms, store_retry_ms;
	unsigned store_tries;
	bool no_space;
	char store_trouble[400];
	int64_t said_ms; /* monotonic: the last complaint about the store in the log */

	bool gathers; /* its own thread runs it: a turn may wait a moment for more */
	int64_t list_after_ms; /* monotonic: no list for everybody before */
	bool stopping;
	int64_t stop_by_ms;
	unsigned in_hand; /* exchanges at the carrier */
	int exit_code;
};

/* effect.c */
/* Room for `more` effects is made before they are built, so that adding cannot fail. */
int effects_reserve(struct engine *engine, size_t more, struct err *err) MUST_CHECK;
void effect_post(struct engine *engine, struct outgoing *out);
/* Without waiting for the commit: only what changes nothing outside. */
void effect_now(struct engine *engine, struct outgoing *out);
void effect_answer(struct engine *engine, struct incoming *in,
		   const struct answer *answer);
/* Back to the first n: those of an item that was forgotten are freed; answers stay owed.
 * Before providers are put back to what they were, if they are. */
void effects_cut(struct engine *engine, size_t n);
void effects_release(struct engine *engine);
void effects_drop(struct engine *engine);
/* 503: come again. */
void answer_busy(struct engine *engine, struct incoming *in);

/* letter.c */
bool letter_is_incoming(int kind);
bool letter_is_outgoing(int kind);
void letter_free(struct letter *letter);
/* *given: somebody else answers an incoming one, perhaps at this very moment. */
int letter_apply(struct engine *engine, struct letter *letter, int kind, bool *given,
		 struct err *err) MUST_CHECK;
void engine_stop(struct engine *engine);

/* turn.c */
/* Texts: fewer are answered before anything else is done for speed. */
enum { CROWD = 4 };
/* Into the next turn, behind what is there already. */
void letter_carry(struct engine *engine, struct letter *letter);
void turn_begin(struct engine *engine);
/*
 * One piece of due work under a savepoint. When it fails by itself (a value that does not
 * open, our own mistake) it is taken back and told, *failed is set, and the turn goes on:
 * the caller puts it off. −1: the store fails.
 */
int work_spare(struct engine *engine, int (*work)(struct engine *, void *, struct err *),
	       void *arg, const char *what, bool *failed, struct err *err) MUST_CHECK;
/* Callers are told to come again, the rest is freed. */
void turn_letters_drop(struct engine *engine);

/* trouble.c */
void trouble_begin(struct engine *engine, const struct err *err);
void trouble_try_again(struct engine *engine);
void trouble_look_at_space(struct engine *engine);

/* jump.c */
int jump_start(struct engine *engine, struct err *err) MUST_CHECK;
/* First thing in a turn: what waits is moved with the clock. */
int jump_look(struct engine *engine, struct err *err) MUST_CHECK;

/* engine.c */
/* All providers of the config, as at a start. */
int providers_setup(struct engine *engine, struct err *err) MUST_CHECK;
/* −1: there is none of that id (a reload removed it). */
int provider_index(const struct engine *engine, struct str id);
double engine_chance(const struct engine *engine);
/* The context for an adapter's call. */
struct sms_ctx provider_ctx(const struct engine *engine, size_t provider,
			    struct arena *arena);
/* Retry-After, but no longer than is reasonable. */
int64_t provider_wait_ms(struct engine *engine, size_t provider,
			 const struct response *response);
void provider_trouble(char *words, size_t size, const char *sentence);
/* An exchange for this provider with lane and times filled; NULL without memory. */
struct outgoing *provider_outgoing(struct engine *engine, size_t provider,
				   enum letter_kind kind, uint32_t lane, unsigned width);
/* After the adapter has described it: its ceiling is set, and nothing in it points into
 * the settings, which a reload may free. −1 at the arena's ceiling. */
int provider_described(struct engine *engine, size_t provider, struct outgoing *out,
		       struct err *err) MUST_CHECK;

/* poll.c */
bool poll_on_its_way(const struct engine *engine, size_t provider);
int polls_start(struct engine *engine, struct err *err) MUST_CHECK;
int poll_fetched(struct engine *engine, size_t provider, struct outgoing *out,
		 struct err *err) MUST_CHECK;
int raws_digest(struct engine *engine, struct err *err) MUST_CHECK;

/* callback.c */
int callback_called(struct engine *engine, struct incoming *in,
		    struct err *err) MUST_CHECK;

/* intake.c */
enum intake_result { INTAKE_FRESH, INTAKE_KNOWN, INTAKE_BAD };
/* All messages and reports of a page; *fresh counts those that were new. */
int intake_page(struct engine *engine, size_t provider, const struct sms_page *page,
		const char *source, unsigned *fresh, struct err *err) MUST_CHECK;
int intake_parts_due(struct engine *engine, unsigned *n, struct err *err) MUST_CHECK;

/* An inbound message while it is being understood. */
struct heard {
	size_t provider;
	int64_t id;	  /* message_in */
	int64_t group;	  /* … joined from this group of parts; 0: it came whole */
	int64_t words_of; /* the message that the words came in, when it was not this one
			   */
	struct str text;  /* whole, repaired */
	int64_t digest;
	struct person person;	 /* saved when all is done */
	struct in_chain earlier; /* his newest message before this one */
	enum sender_kind sender;
	bool incomplete; /* parts are missing */
	bool answered;	 /* something was said */
	/* A human's, however often it is said: an officer's command, or the answer to our
	 * question. */
	bool expected;
	bool order; /* an officer's command that can be made out: has a ceiling of its own
		     */
	struct str kind, note; /* results, for store_in_settle */
	int64_t ticket_id;
};

/* understand.c */
/* Decides what a whole text means, does it, answers. */
int understand(struct engine *engine, struct heard *heard, struct err *err) MUST_CHECK;
/* A text that is no command: understood by the router, answered. */
int text_hear(struct engine *engine, struct heard *heard, struct str text, bool secret,
	      struct err *err) MUST_CHECK;

/* The same for somebody who is an officer, too. */
int understand_citizen(struct engine *engine, struct heard *heard,
		       struct err *err) MUST_CHECK;

/* join.c */
/* Adds the words to that open ticket; again: they were said before, and he is told so. */
int ticket_join(struct engine *engine, struct heard *heard, struct ticket *ticket,
		struct str words, bool again, struct err *err) MUST_CHECK;
/* What accuses somebody in office, or may, stays away from tickets that an ordinary
 * department reads: it could be the accused. */
bool ticket_must_not_read(const struct ticket *ticket, const struct routing *routing);
/* *joined: it belongs to an open ticket of the sender's, and was added there. */
int ticket_join_own(struct engine *engine, struct heard *heard,
		    const struct routing *routing, struct str text, bool *joined,
		    struct err *err) MUST_CHECK;
/* What the ticket, and what this text says of matter and place. */
struct said said_in(struct engine *engine, const struct ticket *ticket, int64_t at_ms);
struct said said_now(struct engine *engine, const struct routing *routing,
		     struct str text);

/* asking.c */
enum { ASKING_CHOICES = 4 };

struct asking {
	enum asked asked;
	int64_t no; /* ticket; 0: none */
	struct str choices[ASKING_CHOICES];
	size_t n_choices;
	enum command_kind command; /* what is done when it is answered … */
	int64_t message_id;	   /* … with the words of this inbound message */
	struct str text;	   /* those; filled by asking_get */
	int64_t asked_ms, expires_ms;
};

int asking_set(struct engine *engine, struct person *person, const struct asking *asking,
	       struct err *err) MUST_CHECK;
int asking_about(struct engine *engine, struct person *person, enum asked asked,
		 int64_t no, struct err *err) MUST_CHECK;
/* *found false: nothing is waited for (any more). */
int asking_get(struct engine *engine, struct person *person, struct asking *out,
	       bool *found, struct err *err) MUST_CHECK;
struct context asking_context(const struct asking *asking);

/* conversation.c */
int converse(struct engine *engine, struct heard *heard, const struct command *command,
	     struct err *err) MUST_CHECK;
/* "Anda yakin?" was answered with yes. */
int converse_sure(struct engine *engine, struct heard *heard, const struct asking *asking,
		  struct err *err) MUST_CHECK;
/* cek.c */
int status_say(struct engine *engine, struct heard *heard, const struct ticket *ticket,
	       struct err *err) MUST_CHECK;
/* The sender's list; older: its next page. */
int tickets_say(struct engine *engine, struct heard *heard, bool older,
		struct err *err) MUST_CHECK;

/* conversation.c */
/* One text about a ticket of the sender's; command MAY be NULL. */
int say_about(struct engine *engine, struct heard *heard, enum reply_key key,
	      const struct ticket *ticket, const struct command *command,
	      struct err *err) MUST_CHECK;

/* officer.c */
/* What a command does; of those that are about a ticket. */
enum life_event officer_event(enum officer_kind kind);
int officer_hear(struct engine *engine, struct heard *heard,
		 const struct config_officer *officer, struct err *err) MUST_CHECK;

/* pin.c */
struct officer_command;

/*
 * Hides in the store what may be a PIN in an officer's text, before anything is done with
 * it. *hidden: the text without. read: the text as a command.
 */
int pins_hide(struct engine *engine, const struct heard *heard,
	      const struct config_officer *officer, const struct officer_command *read,
	      struct str *hidden, struct err *err) MUST_CHECK;

/* ticket.c */
struct deed {
	struct life_act act;   /* at_ms and parent are filled in */
	struct str actor;      /* "warga", "gateway", "petugas:PUPR", "meja:NAME" */
	struct str words;      /* what was said: {teks}, {alasan} */
	struct str note;       /* for the history, instead of words */
	int64_t message_id;    /* inbound message that caused it; 0: none */
	int department;	       /* ROUTE, TRANSFER: to which; else −1 */
	struct str outside;    /* OUTSIDE: which body */
	struct ticket *parent; /* MERGE; else NULL */
	struct heard *heard;   /* whose text it is; NULL: nobody texted */
	bool quiet;	       /* the citizen is told otherwise */
	bool hush;	       /* and officers need not know */
	int64_t deadline_ms;   /* of the clock: the one it is about; else 0 */
	/* The speaker's own ticket, merged into this one; NULL: this one is. */
	const struct ticket *as;
};

/* Opens a ticket for what was heard and answers. routing MAY be NULL: to the rest queue.
 */
int ticket_open(struct engine *engine, struct heard *heard, const struct routing *routing,
		bool secret, struct err *err) MUST_CHECK;
/* Does it, or *refusal says why not and nothing has changed. */
int ticket_do(struct engine *engine, struct ticket *ticket, const struct deed *deed,
	      enum life_refusal *refusal, struct err *err) MUST_CHECK;
const struct clock_rules *ticket_rules(const struct engine *engine,
				       const struct ticket *ticket);
/* Sets due_ms from the clocks. */
void ticket_clocks(struct engine *engine, struct ticket *ticket);
void ticket_counted(struct engine *engine, struct str department, enum ticket_state state,
		    int64_t by);
/* Whether its sender hears news: whoever does not cannot be asked anything. */
int ticket_reachable(struct engine *engine, const struct ticket *ticket, bool *out,
		     struct err *err) MUST_CHECK;

/* tell.c */
struct officer_call;
/* Whether a text that its citizen is to get lacks the words that it is made of. back: it
 * goes to the department that had it. */
bool ticket_tell_lacks(const struct deed *deed, const struct life_step *step, bool back);
int ticket_tell(struct engine *engine, struct ticket *ticket, const struct deed *deed,
		const struct life_step *step, struct str was_department,
		struct err *err) MUST_CHECK;
/* Officers only. */
int ticket_call(struct engine *engine, const struct ticket *ticket,
		const struct deed *deed, const struct life_step *step,
		struct str was_department, struct err *err) MUST_CHECK;
/* What officers are told of it by that key; REPLY_COUNT: as of a new one. */
void ticket_call_as(struct engine *engine, const struct ticket *ticket,
		    enum reply_key key, struct officer_call *call);
/* The state in the person's language. */
struct str ticket_status(const struct engine *engine, const struct person *person,
			 const struct ticket *ticket);
/* What a text about the ticket may name; person MAY be NULL (no {status} then). */
void ticket_values(struct engine *engine, const struct person *person,
		   const struct ticket *ticket, enum reply_key key,
		   struct str values[VALUE_COUNT]);

/* incident.c */
int incidents_load(struct engine *engine, struct err *err) MUST_CHECK;
/* A declared event that the ticket belongs to is noted in it; *found: with a ticket to be
 * merged into. */
int incident_head(struct engine *engine, struct ticket *ticket, struct ticket *head,
		  bool *found, struct err *err) MUST_CHECK;

/* alike.c */
int alike_due(struct engine *engine, unsigned works, struct err *err) MUST_CHECK;

/* retain.c */
int retain_due(struct engine *engine, unsigned works, struct err *err) MUST_CHECK;
/* After a commit. */
void retain_scrub(struct engine *engine, unsigned works);

/* deadline.c */
int deadlines_due(struct engine *engine, unsigned *works, struct err *err) MUST_CHECK;

/* say.c */
struct saying {
	const struct person *to;
	int provider; /* the one to take if it can send; −1: any */
	enum reply_key key;
	struct str values[VALUE_COUNT];
	int64_t ticket_id, in_id;
	int priority;	       /* message_out.priority */
	int64_t not_before_ms; /* wall; 0: at once */
};
/* *why: SILENCE_COUNT, or why it was not queued. */
int say_queue(struct engine *engine, const struct saying *saying, enum silence *why,
	      struct err *err) MUST_CHECK;
/* Counts one message of the gateway's day; *stop when its share is used up. */
int say_within_day(struct engine *engine, bool urgent, bool *stop,
		   struct err *err) MUST_CHECK;
/* A provider that can send, `first` if it can; −1: none. */
int say_provider(const struct engine *engine, int first);
/* A count of "cost" in the currency of the prices. */
double say_cost_of(int64_t counted);
const struct reply_texts *texts_for(const struct engine *engine,
				    const struct person *person, enum reply_key key);

/* news.c */
struct news {
	enum reply_key key;
	struct str values[VALUE_COUNT];
	enum asked asks;	  /* what it asks, ASKED_NOTHING */
	const struct ticket *but; /* its sender knows already; MAY be NULL */
	struct person *speaker; /* whose text is being heard: saved later; MAY be NULL */
};
/* To the ticket's sender and to those whose tickets are merged into it. */
int news_citizens(struct engine *engine, const struct ticket *ticket,
		  const struct news *news, struct err *err) MUST_CHECK;

struct officer_call {
	enum reply_key key;
	struct str values[VALUE_COUNT];
	bool desk;		  /* the central desk; else the ticket's department … */
	enum life_level from, to; /* … of these ranks */
	int64_t not_before_ms;	  /* 0: at once; quiet hours hold besides */
};
int news_officers(struct engine *engine, const struct ticket *ticket,
		  const struct officer_call *call, struct err *err) MUST_CHECK;
/* To one of them, whatever news he wants. *told_ms: when it may leave; 0: not queued. */
int news_officer(struct engine *engine, const struct config_officer *officer,
		 const struct ticket *ticket, const struct officer_call *call,
		 int64_t *person_id, int64_t *told_ms, struct err *err) MUST_CHECK;
/* NULL: no officer has this number. */
const struct config_officer *officer_of(const struct engine *engine, struct str phone);

/* reply.c */
struct reply {
	enum reply_key key;
	struct str values[VALUE_COUNT];
	int64_t ticket_id;
	int priority; /* message_out.priority */
};
/* Says it unless a guard forbids; a refusal is counted and noted in heard->note. One
 * text, one answer: a second is not said. */
int reply_say(struct engine *engine, struct heard *heard, const struct reply *reply,
	      struct err *err) MUST_CHECK;

/* dispatch.c */
/* When queued replies of this provider may go out (monotonic); INT64_MAX: not by time. */
int64_t dispatch_next_ms(const struct engine *engine, size_t provider);
/* May a reply be handed over in this very turn (window, rate, no backlog)? Takes the
 * place. */
bool dispatch_now(struct engine *engine, size_t provider);
int dispatch_post(struct engine *engine, size_t provider,
		  const struct message_out *message, struct err *err) MUST_CHECK;
int dispatch_due(struct engine *engine, struct err *err) MUST_CHECK;
/* Messages that got too old to leave; who was to hear by one may be an officer on duty.
 */
int dispatch_expired(struct engine *engine, const int64_t *ids, size_t n,
		     struct err *err) MUST_CHECK;
int dispatch_sent(struct engine *engine, size_t provider, struct outgoing *out,
		  struct err *err) MUST_CHECK;
int dispatch_recover(struct engine *engine, struct err *err) MUST_CHECK;

/* callers.c */
/* Something happened to a ticket. */
void callers_news(struct engine *engine);
/* Those whose time has come are heard once more; `all`: everybody. */
void callers_wake(struct engine *engine, bool all);
/* The turn failed: what they have looked at may not have happened. */
void callers_doubt(struct engine *engine);
/* Answers, and counts it. */
void caller_answer(struct engine *engine, struct incoming *in,
		   const struct answer *answer);
/* Monotonic; INT64_MAX: nobody waits. */
int64_t callers_next_ms(const struct engine *engine);

#endif
