/* SPDX-License-Identifier: MIT */
/*
 * What may be written in the configuration, once: names, types, defaults, ranges, help.
 * The reader, `kentongan init`, the check of the samples and kentongan.conf(5) all follow
 * it.
 */
#include "config/config_keys.h"

#include <stddef.h>

#include "config/config.h"

#define AT(type, member) .offset = offsetof(struct type, member)

static const char *const drivers[] = { "sqlite", NULL };
static const char *const formats[] = { "auto", "plain", "journal", "json", NULL };
static const char *const levels[] = {
	"error", "warning", "notice", "info", "debug", NULL
};
static const char *const policies[] = { "resend", "hold", NULL };

const struct key config_gateway_keys[] = {
	{ "name", KEY_STR, AT(config_gateway, name), .min = 1, .max = 80,
	  .help = "Whose complaint line this is, for operators' eyes." },
	{ "language", KEY_STR, AT(config_gateway, language), .def = "id", .min = 2,
	  .max = 8, .help = "Which texts are sent: the group texts.LANGUAGE." },
	{ "country_code", KEY_STR, AT(config_gateway, country_code), .def = "62",
	  .min = 1, .max = 3, .help = "What a number's leading 0 stands for." },
	{ "timezone", KEY_STR, AT(config_gateway, timezone), .def = "Asia/Jakarta",
	  .min = 1, .max = 40,
	  .help = "Asia/Jakarta, Asia/Makassar, Asia/Jayapura, UTC, or an offset like "
		  "+07:00." },
	{ "number_width", KEY_INT, AT(config_gateway, number_width), .def = "5", .min = 3,
	  .max = 9, .help = "Digits of the running number in ticket numbers, at least." },
	{ "rest_queue", KEY_STR, AT(config_gateway, rest_queue), .def = "UMUM", .min = 1,
	  .max = 12, .help = "Code of the queue for what no department matched." },
	{ "emergency", KEY_STR, AT(config_gateway, emergency), .def = "112", .min = 2,
	  .max = 12,
	  .help = "Hotline named in urgent answers where the department has none." },
	{ 0 },
};

const struct key config_store_keys[] = {
	{ "driver", KEY_ENUM, AT(config_store, driver), .def = "sqlite", .names = drivers,
	  .help = "The kind of database." },
	{ "path", KEY_PATH, AT(config_store, path), .min = 1, .max = 4000,
	  .help = "The database file; its folder must exist." },
	{ "reserve_mb", KEY_INT, AT(config_store, reserve_mb), .def = "64", .min = 0,
	  .max = 1000000,
	  .help = "MiB kept free where the store is: below, new work is refused until "
		  "space is back." },
	{ "keep_raw", KEY_INT, AT(config_store, keep_raw), .def = "1000", .min = 10,
	  .max = 1000000, .help = "Unreadable answers kept for a human, at most." },
	{ "keep_raw_for", KEY_MS, AT(config_store, keep_raw_ms), .def = "90d",
	  .min = 3600000, .max = INT64_C(315360000000), .help = "… and how long." },
	{ "key", KEY_SECRET, AT(config_store, key), .def = "",
	  .help = "What senders' numbers and all words are sealed with: 32 random bytes "
		  "as "
		  "64 hex digits or base64; to be kept apart from the backups, which "
		  "nobody "
		  "can read without it." },
	{ "old_key", KEY_SECRET, AT(config_store, old_key), .def = "",
	  .help = "The key before it, while the store goes over from that: until "
		  "kentongan "
		  "status says that it can be removed." },
	{ 0 },
};

const struct key config_listen_keys[] = {
	{ "callbacks", KEY_ADDRESS, AT(config_listen, callbacks), .def = "",
	  .help = "Where providers may call us; \"\": nowhere." },
	{ "admin", KEY_ADDRESS, AT(config_listen, admin), .def = "127.0.0.1:8081",
	  .help = "/healthz, /readyz, /metrics; keep it on loopback." },
	{ "control", KEY_PATH, AT(config_listen, control), .def = "",
	  .help = "The control socket of the command kentongan." },
	{ "api", KEY_ADDRESS, AT(config_listen, api), .def = "",
	  .help = "Where departments' software and Open311 clients may ask, behind a "
		  "proxy with TLS; \"\": nowhere." },
	{ "api_rate", KEY_INT, AT(config_listen, api_rate), .def = "600", .min = 0,
	  .max = 10000000,
	  .help = "Requests of one token in a minute, at most; 0: no limit." },
	{ "public_url", KEY_URL, AT(config_listen, public_url), .def = "",
	  .help = "How providers reach the callbacks listener, for display only." },
	{ "body_kb", KEY_INT, AT(config_listen, body_kb), .def = "64", .min = 1,
	  .max = 16384,
	  .help = "Largest request that a provider or a department may send, KiB." },
	{ "connections", KEY_INT, AT(config_listen, connections), .def = "4000", .min = 8,
	  .max = 100000, .help = "Connections of one listener, at most." },
	{ "per_address", KEY_INT, AT(config_listen, per_address), .def = "200", .min = 1,
	  .max = 100000, .help = "… of one address, at most." },
	{ "request_within", KEY_MS, AT(config_listen, request_ms), .def = "10s",
	  .min = 100, .max = 600000,
	  .help = "A request must be whole within this time." },
	{ "answer_within", KEY_MS, AT(config_listen, answer_ms), .def = "10s", .min = 100,
	  .max = 600000, .help = "… and is answered 503 when the engine needs longer." },
	{ 0 },
};

const struct key config_guards_keys[] = {
	{ "replies_hour", KEY_INT, AT(config_guards, replies_hour), .def = "20", .min = 0,
	  .max = 100000,
	  .help = "Replies to one sender within an hour, at most; 0: no limit." },
	{ "replies_day", KEY_INT, AT(config_guards, replies_day), .def = "60", .min = 0,
	  .max = 100000,
	  .help = "… and within a day; a receipt that is the last one says so." },
	{ "officer_replies_hour", KEY_INT, AT(config_guards, officer_replies_hour),
	  .def = "200", .min = 0, .max = 100000,
	  .help = "Answers to one officer's commands within an hour, at most, instead of "
		  "the two before; 0: no limit. His other texts fall under those." },
	{ "replies_total_day", KEY_INT, AT(config_guards, replies_total_day),
	  .def = "200000", .min = 0, .max = 100000000,
	  .help = "Replies in all within a day, at most; 0: no limit." },
	{ "reserve_percent", KEY_INT, AT(config_guards, reserve_percent), .def = "20",
	  .min = 0, .max = 100,
	  .help = "Share of replies_total_day that is kept for urgent ones." },
	{ "cost_day", KEY_REAL, AT(config_guards, cost_day), .def = "0", .min = 0,
	  .max = 1e12,
	  .help = "What all messages of a day may cost; 0: no limit. The reserve holds "
		  "here, "
		  "too." },
	{ "same_text", KEY_INT, AT(config_guards, same_text), .def = "3", .min = 0,
	  .max = 1000,
	  .help = "The n-th identical text within an hour is not answered; 0: all are." },
	{ "block", KEY_STR_LIST, AT(config_guards, block), .def = "",
	  .help = "Senders whose texts are kept and not answered: \"+62812…\"." },
	{ "lookup_by", KEY_STR_LIST, AT(config_guards, lookup_by), .def = "",
	  .help = "Login names of operators who may find, export and erase a person by "
		  "his "
		  "number; empty: nobody. Every look is in the audit trail." },
	{ 0 },
};

/* Columns that the gateway's deadlines and a department's have in common. */
#define DEADLINE(member, text)                                                          \
	{                                                                               \
#member, KEY_STR, AT(config_deadlines, member), .def = "", .min = 0,    \
								.max = 20, .help = text \
	}
#define DEADLINES                                                                        \
	DEADLINE(verify_promise, "What the citizen is told: a human has looked."),       \
		DEADLINE(verify, "… and the limit."),                                    \
		DEADLINE(answer, "A department's first answer."),                        \
		DEADLINE(question, "Settling a question,"), DEADLINE(wish, "… a wish,"), \
		DEADLINE(ordinary, "… an ordinary complaint,"),                          \
		DEADLINE(inquiry, "… one that needs an inquiry,"),                       \
		DEADLINE(reopened, "… and what was opened again."),                      \
		DEADLINE(sekda, "After a missed deadline: to the regional secretary,"),  \
		DEADLINE(regent, "… to the regent's list,"),                             \
		DEADLINE(again, "… and then again and again."),                          \
		DEADLINE(statute_alarm, "Alarm before the law's outer limit."),          \
		DEADLINE(statute, "The law's outer limit: the citizen is told of the "   \
				  "Ombudsman."),                                         \
		DEADLINE(reply_remind, "The citizen is reminded of a question,"),        \
		DEADLINE(reply, "… and the ticket taken as withdrawn."),                 \
		DEADLINE(reply_machine,                                                  \
			 "Our own question has got no answer: a human looks."),          \
		DEADLINE(confirm, "Silence after \"done\" closes the ticket."),          \
		DEADLINE(reopen_within, "How long a closed one may be opened again."),   \
		DEADLINE(watch, "A body outside is asked again.")

const struct key config_deadlines_keys[] = {
	DEADLINES,
	{ "remind_percent", KEY_INT, AT(config_deadlines, remind_percent), .def = "75",
	  .min = 1, .max = 99,
	  .help = "Officers are reminded when so much of the time is gone." },
	{ "quiet_from", KEY_STR, AT(config_deadlines, quiet_from), .def = "21.00",
	  .help = "From then on no news is texted, to officers neither, but for "
		  "danger," },
	{ "quiet_to", KEY_STR, AT(config_deadlines, quiet_to), .def = "07.00",
	  .help = "… until then. Receipts and answers are always sent." },
	{ 0 },
};

static const struct key department_deadlines_keys[] = { DEADLINES, { 0 } };

static const char *const ranks[] = { "liaison", "head", "sekda", "regent", NULL };
static const char *const officer_news[] = { "none", "urgent", "all", NULL };

const struct key config_officer_keys[] = {
	{ "phone", KEY_STR, AT(config_officer_file, phone), .min = 8, .max = 20,
	  .help = "The number that he texts from." },
	{ "name", KEY_STR, AT(config_officer_file, name), .min = 1, .max = 60,
	  .help = "For histories and the audit trail." },
	{ "department", KEY_STR, AT(config_officer_file, department), .def = "", .min = 0,
	  .max = 12, .help = "Code of his department." },
	{ "desk", KEY_BOOL, AT(config_officer_file, desk), .def = "false",
	  .help = "He is of the central desk." },
	{ "rank", KEY_ENUM, AT(config_officer_file, rank), .def = "liaison",
	  .names = ranks,
	  .help = "liaison, head of the department, sekda or regent: who hears of what "
		  "was missed." },
	{ "pin", KEY_STR, AT(config_officer_file, pin), .def = "", .min = 0, .max = 200,
	  .help = "As \"kentongan pin\" prints it; without it he can end or hide "
		  "nothing." },
	{ "news", KEY_ENUM, AT(config_officer_file, news), .def = "urgent",
	  .names = officer_news,
	  .help = "New tickets that he is texted: none, urgent, all; not of those that "
		  "go to his department by a way `sms`." },
	{ "duty", KEY_STR_LIST, AT(config_officer_file, duty), .def = "",
	  .help = "When he is on duty for a way `sms`: [ \"senin-jumat 07.30-16.00\", "
		  "\"sabtu 08.00-12.00\" ]; \"tiap hari 16.00-07.30\" ends on the next "
		  "morning; without it always." },
	{ 0 },
};

const struct key config_conversation_keys[] = {
	{ "continue_within", KEY_MS, AT(config_conversation, continue_ms), .def = "10m",
	  .min = 0, .max = 86400000,
	  .help = "A second text within it goes on with the first." },
	{ "same_within", KEY_MS, AT(config_conversation, same_ms), .def = "7d", .min = 0,
	  .max = INT64_C(31536000000),
	  .help = "The same person's like text joins the open ticket." },
	{ "alike_within", KEY_MS, AT(config_conversation, alike_ms), .def = "7d",
	  .min = 0, .max = INT64_C(31536000000),
	  .help = "Others' like texts from the same village are proposed as a group." },
	{ "ask_back", KEY_BOOL, AT(config_conversation, ask_back), .def = "true",
	  .help = "Ask once where it is, or which of two matters, when the text does not "
		  "say." },
	{ "pin_tries", KEY_INT, AT(config_conversation, pin_tries), .def = "5", .min = 1,
	  .max = 100, .help = "Wrong PINs of an officer before he is locked out," },
	{ "pin_lock", KEY_MS, AT(config_conversation, pin_lock_ms), .def = "1h",
	  .min = 60000, .max = 2592000000, .help = "… for so long." },
	{ 0 },
};

const struct key config_retention_keys[] = {
	{ "number", KEY_MS, AT(config_retention, number_ms), .def = "365d", .min = 0,
	  .max = INT64_C(3155760000000),
	  .help = "A sender's number, after his last ticket was closed; \"0s\": for "
		  "ever." },
	{ "text", KEY_MS, AT(config_retention, text_ms), .def = "1825d", .min = 0,
	  .max = INT64_C(3155760000000),
	  .help = "Words and history of a closed ticket; then only counts are left." },
	{ "inquiry", KEY_MS, AT(config_retention, inquiry_ms), .def = "3650d", .min = 0,
	  .max = INT64_C(3155760000000),
	  .help = "Words and history of a sensitive one (pungli, violence), as the "
		  "archive schedule of the inspectorate says; HAPUS does not shorten "
		  "it." },
	{ "spam", KEY_MS, AT(config_retention, spam_ms), .def = "30d", .min = 0,
	  .max = INT64_C(3155760000000), .help = "Texts that opened no ticket." },
	{ "delivery", KEY_MS, AT(config_retention, delivery_ms), .def = "365d", .min = 0,
	  .max = INT64_C(3155760000000),
	  .help = "What became of deliveries to departments, and that a mail of theirs "
		  "came, "
		  "after the ticket was closed; at least 30d, \"0s\": for ever. Older "
		  "mails "
		  "in the mailbox are not read again." },
	{ 0 },
};

static const struct key range_keys[] = {
	{ "first", KEY_STR, AT(config_range, first), .min = 10, .max = 10,
	  .help = "First day, \"YYYY-MM-DD\"." },
	{ "last", KEY_STR, AT(config_range, last), .min = 10, .max = 10,
	  .help = "Last day." },
	{ "hours", KEY_STR, AT(config_range, hours), .min = 1, .max = 20,
	  .help = "\"08.00-15.00\"." },
	{ 0 },
};

const struct key config_calendar_keys[] = {
	{ "workdays", KEY_STR_LIST, AT(config_calendar, workdays), .def = "",
	  .help = "senin selasa rabu kamis jumat sabtu minggu; default senin to jumat." },
	{ "open", KEY_STR, AT(config_calendar, open), .def = "07.30",
	  .help = "Offices open." },
	{ "close", KEY_STR, AT(config_calendar, close), .def = "16.00",
	  .help = "Offices close." },
	{ "hours", KEY_MAP, AT(config_calendar, hours), .def = "",
	  .help = "Other hours of single weekdays: { jumat = \"07.30-16.30\"; }." },
	{ "holidays", KEY_STR_LIST, AT(config_calendar, holidays), .def = "",
	  .help = "Days without work, \"YYYY-MM-DD\"." },
	{ "leave", KEY_STR_LIST, AT(config_calendar, leave), .def = "",
	  .help = "Collective leave (cuti bersama), \"YYYY-MM-DD\"." },
	{ "ranges", KEY_LIST, AT(config_calendar, ranges), .def = "", .sub = range_keys,
	  .size = sizeof(struct config_range),
	  .help = "Spans of days with other hours: Ramadan." },
	{ 0 },
};

const struct key config_log_keys[] = {
	{ "format", KEY_ENUM, AT(config_log, format), .def = "auto", .names = formats,
	  .help = "auto: for the journal under systemd, plain on a terminal." },
	{ "level", KEY_ENUM, AT(config_log, level), .def = "info", .names = levels,
	  .help = "The least important events that are logged." },
	{ 0 },
};

static const struct key kecamatan_keys[] = {
	{ "name", KEY_STR, AT(config_kecamatan, name), .min = 1, .max = 60,
	  .help = "Its name." },
	{ "also", KEY_STR_LIST, AT(config_kecamatan, also), .def = "",
	  .help = "Other spellings and old names." },
	{ "desa", KEY_STR_LIST, AT(config_kecamatan, desa), .def = "",
	  .help = "Its villages." },
	{ 0 },
};

const struct key config_places_keys[] = {
	{ "kecamatan", KEY_LIST, AT(config_places, kecamatan), .def = "",
	  .sub = kecamatan_keys, .size = sizeof(struct config_kecamatan),
	  .help = "Sub-districts with their villages." },
	{ "false_friends", KEY_STR_LIST, AT(config_places, false_friends), .def = "",
	  .help = "Place names that are also ordinary words." },
	{ "neighbours", KEY_STR_LIST, AT(config_places, neighbours), .def = "",
	  .help = "Places that are not ours." },
	{ 0 },
};

const struct key config_understanding_keys[] = {
	{ "model", KEY_PATH, AT(config_understanding, model), .def = "",
	  .help = "The trained model's file; \"\": phrases alone decide." },
	{ 0 },
};

const struct key config_provider_keys[] = {
	{ "id", KEY_STR, AT(config_provider, id), .min = 1, .max = 24,
	  .help = "Its name here: small letters, digits, dashes." },
	{ "adapter", KEY_STR, AT(config_provider, adapter_name), .min = 1, .max = 40,
	  .help = "Which adapter speaks to it." },
	{ "number", KEY_STR, AT(config_provider, number), .def = "", .min = 0, .max = 24,
	  .help = "Our number there, shown and sent as the sender." },
	{ "path_secret", KEY_SECRET, AT(config_provider, path_secret), .def = "",
	  .help = "Secret part of its callback addresses; without it it cannot call." },
	{ "allow_from", KEY_STR_LIST, AT(config_provider, allow_from), .def = "",
	  .help = "Addresses or networks that may call back; empty: any." },
	{ "ca_file", KEY_PATH, AT(config_provider, ca_file), .def = "",
	  .help = "Certificate authorities (PEM) that its server must be signed by; "
		  "\"\": the system's." },
	{ "polling", KEY_BOOL, AT(config_provider, poll), .def = "true",
	  .help = "Ask it for messages (false: it calls us)." },
	{ "poll_every", KEY_MS, AT(config_provider, poll_every_ms), .def = "2s",
	  .min = 10, .max = 3600000, .help = "How often it is asked." },
	{ "poll_idle", KEY_MS, AT(config_provider, poll_idle_ms), .def = "5s", .min = 10,
	  .max = 3600000, .help = "… growing to this while nothing comes." },
	{ "backoff_first", KEY_MS, AT(config_provider, backoff_first_ms), .def = "1s",
	  .min = 10, .max = 3600000,
	  .help = "Pause after a failed poll, doubled with each further one," },
	{ "backoff_most", KEY_MS, AT(config_provider, backoff_most_ms), .def = "5m",
	  .min = 10, .max = 86400000, .help = "… up to this." },
	{ "send_rate", KEY_REAL, AT(config_provider, send_rate), .def = "10", .min = 0,
	  .max = 10000, .help = "Replies a second that it takes; 0: no limit." },
	{ "connections", KEY_INT, AT(config_provider, connections), .def = "4", .min = 1,
	  .max = 256, .help = "Sends at the same time." },
	{ "connect_within", KEY_MS, AT(config_provider, connect_ms), .def = "10s",
	  .min = 100, .max = 600000,
	  .help = "A connection must stand within this time." },
	{ "answer_within", KEY_MS, AT(config_provider, timeout_ms), .def = "30s",
	  .min = 100, .max = 600000, .help = "… and the whole answer be there." },
	{ "answer_kb", KEY_INT, AT(config_provider, answer_kb), .def = "1024", .min = 1,
	  .max = 65536, .help = "Largest answer that is taken, KiB." },
	{ "on_unknown", KEY_ENUM, AT(config_provider, on_unknown), .def = "resend",
	  .names = policies,
	  .help = "A send whose answer was lost: resend once more, or hold for a "
		  "human." },
	{ "attempts", KEY_INT, AT(config_provider, attempts), .def = "8", .min = 1,
	  .max = 1000,
	  .help = "Sends of one reply, at most; what the provider refuses to all does "
		  "not count." },
	{ "reply_ttl", KEY_MS, AT(config_provider, reply_ttl_ms), .def = "2d",
	  .min = 1000, .max = INT64_C(2592000000),
	  .help = "A reply that is older is out of date and not sent." },
	{ "price", KEY_REAL, AT(config_provider, price), .def = "0", .min = 0,
	  .max = 1000000, .help = "Price of one segment, for the day's costs." },
	{ "parts_wait", KEY_MS, AT(config_provider, parts_wait_ms), .def = "10m",
	  .min = 1000, .max = 86400000,
	  .help = "How long a long text waits for its missing parts." },
	{ 0 },
};

static const char *const way_hours[] = { "always", "office", "outside", NULL };

const struct key config_way_keys[] = {
	{ "by", KEY_STR, AT(config_way, by_name), .min = 1, .max = 24,
	  .help = "How: email, webhook, open311, sms or print." },
	{ "name", KEY_STR, AT(config_way, name), .def = "", .min = 0, .max = 24,
	  .help = "Its name in lists; default as `by`." },
	{ "to", KEY_STR_LIST, AT(config_way, to), .def = "",
	  .help = "email: addresses; each gets its own." },
	{ "urgent_only", KEY_BOOL, AT(config_way, urgent_only), .def = "false",
	  .help = "Only urgent tickets go this way." },
	{ "reserve", KEY_BOOL, AT(config_way, reserve), .def = "false",
	  .help = "Only what a way before it could not deliver goes this way." },
	{ "news", KEY_BOOL, AT(config_way, news), .def = "true",
	  .help = "Also what happens later: additions, reminders, a ticket that comes "
		  "back." },
	{ "kinds", KEY_STR_LIST, AT(config_way, kinds), .def = "",
	  .help = "Only tickets of these kinds (pengaduan, pengawasan, permintaan_info, "
		  "aspirasi); empty: all." },
	{ "hours", KEY_ENUM, AT(config_way, hours), .def = "always", .names = way_hours,
	  .help = "always; office: in office hours, the rest waits for them; outside: "
		  "only what comes outside of them." },
	{ "in_flight", KEY_INT, AT(config_way, in_flight), .def = "4", .min = 1,
	  .max = 64, .help = "Deliveries at the same time." },
	{ "retry_first", KEY_MS, AT(config_way, retry_first_ms), .def = "30s", .min = 10,
	  .max = 86400000,
	  .help = "Pause after a failure, doubled with each further one," },
	{ "retry_most", KEY_MS, AT(config_way, retry_most_ms), .def = "4h", .min = 10,
	  .max = 86400000, .help = "… up to this," },
	{ "retry_for", KEY_MS, AT(config_way, retry_for_ms), .def = "2d", .min = 1000,
	  .max = INT64_C(2592000000),
	  .help = "… for so long; then it is parked, the desk is told, and the next way "
		  "takes it." },
	{ "queue_most", KEY_INT, AT(config_way, queue_most), .def = "20000", .min = 1,
	  .max = 10000000,
	  .help = "Deliveries that may wait; what is more is parked at once." },
	{ "connect_within", KEY_MS, AT(config_way, connect_ms), .def = "10s", .min = 100,
	  .max = 600000, .help = "A connection must stand within this time." },
	{ "answer_within", KEY_MS, AT(config_way, timeout_ms), .def = "30s", .min = 100,
	  .max = 600000, .help = "… and the whole answer be there." },
	{ "ca_file", KEY_PATH, AT(config_way, ca_file), .def = "",
	  .help = "Certificate authorities (PEM) that its server must be signed by; "
		  "\"\": the system's (of email: mail.ca_file)." },
	{ 0 },
};

static const char *const open311_shows[] = { "filed", "all", NULL };

const struct key config_open311_keys[] = {
	{ "serve", KEY_BOOL, AT(config_open311, serve), .def = "false",
	  .help = "Answers Open311 (GeoReport v2) on listen.api under /open311/v2: web "
		  "forms, FixMyStreet and dashboards file complaints and follow them." },
	{ "jurisdiction_id", KEY_STR, AT(config_open311, jurisdiction), .def = "",
	  .min = 0, .max = 200,
	  .help = "Whom it serves: \"serangkab.go.id\"; requests for another are "
		  "answered 404; \"\": any." },
	{ "url", KEY_URL, AT(config_open311, url), .def = "",
	  .help = "Its address as others reach it, for the discovery: "
		  "\"https://…/open311/v2\"." },
	{ "contact", KEY_STR, AT(config_open311, contact), .def = "", .min = 0,
	  .max = 300, .help = "Whom integrators may write to, for the discovery." },
	{ "show", KEY_ENUM, AT(config_open311, show), .def = "filed",
	  .names = open311_shows,
	  .help = "What anybody may read there: filed, what came in over Open311; all, "
		  "also texts, with numbers masked. Secret and sensitive ones never." },
	{ "again_within", KEY_MS, AT(config_open311, again_ms), .def = "1d", .min = 0,
	  .max = INT64_C(2592000000),
	  .help = "The same complaint from the same key within this time is the same "
		  "request, not a second one." },
	{ 0 },
};

const struct key config_mail_keys[] = {
	{ "server", KEY_STR, AT(forward_mail, server), .def = "", .min = 0, .max = 300,
	  .help = "Where mail is handed over: smtp://HOST:PORT (with STARTTLS) or "
		  "smtps://HOST:PORT." },
	{ "user", KEY_STR, AT(forward_mail, user), .def = "", .min = 0, .max = 120,
	  .help = "Login there; \"\": none." },
	{ "password", KEY_SECRET, AT(forward_mail, password), .def = "",
	  .help = "Its password." },
	{ "from", KEY_STR, AT(forward_mail, from), .def = "", .min = 0, .max = 200,
	  .help = "Sender, to whom answers go: \"Pengaduan <aduan@example.go.id>\"." },
	{ "domain", KEY_STR, AT(forward_mail, domain), .def = "", .min = 0, .max = 120,
	  .help = "Right side of our Message-IDs; default: that of `from`." },
	{ "tag", KEY_STR, AT(forward_mail, tag), .def = "ADUAN", .min = 1, .max = 12,
	  .help = "Before the number in subjects: \"[ADUAN-25004176]\"." },
	{ "key", KEY_SECRET, AT(forward_mail, key), .def = "",
	  .help = "What our Message-IDs are signed with, so that answers are known." },
	{ "ca_file", KEY_PATH, AT(forward_mail, ca_file), .def = "",
	  .help = "Certificate authorities (PEM) of both servers; \"\": the system's." },
	{ "plain", KEY_BOOL, AT(forward_mail, plain), .def = "false",
	  .help = "Without TLS to what of the two servers is on this machine." },
	{ "connections", KEY_INT, AT(forward_mail, connections), .def = "4", .min = 1,
	  .max = 64, .help = "Connections to the server at the same time." },
	{ "answer_within", KEY_MS, AT(forward_mail, timeout_ms), .def = "5m", .min = 100,
	  .max = 600000,
	  .help = "A mail must be taken within this time; a server that looks into mails "
		  "before it takes them may need minutes, and would get them twice." },
	{ "inbox", KEY_STR, AT(forward_mail, inbox), .def = "", .min = 0, .max = 300,
	  .help = "Where answers arrive: imaps://HOST:PORT/INBOX or imap:// (with "
		  "STARTTLS); \"\": only by kentongan mail-in." },
	{ "inbox_user", KEY_STR, AT(forward_mail, inbox_user), .def = "", .min = 0,
	  .max = 120, .help = "Login there." },
	{ "inbox_password", KEY_SECRET, AT(forward_mail, inbox_password), .def = "",
	  .help = "Its password." },
	{ "inbox_every", KEY_MS, AT(forward_mail, inbox_every_ms), .def = "60s",
	  .min = 100, .max = 3600000, .help = "How often it is looked at." },
	{ "keep_attachments_kb", KEY_INT, AT(forward_mail, keep_attachments_kb),
	  .def = "2048", .min = 0, .max = 65536,
	  .help = "Attachments of one mail that are kept, KiB; more is listed only." },
	{ 0 },
};

const struct key config_department_keys[] = {
	{ "code", KEY_STR, AT(config_department, code), .min = 2, .max = 12,
	  .help = "Short name, as citizens read it." },
	{ "name", KEY_STR, AT(config_department, name), .min = 1, .max = 120,
	  .help = "Full name." },
	{ "keywords", KEY_STR_LIST, AT(config_department, keywords), .def = "",
	  .help = "Words and phrases as people write them; a longer phrase beats a "
		  "shorter." },
	{ "not_with", KEY_STR_LIST, AT(config_department, not_with), .def = "",
	  .help = "Phrases that speak against this department." },
	{ "sensitive", KEY_BOOL, AT(config_department, sensitive), .def = "false",
	  .help = "A hit here overrides all others, and the ticket is confidential." },
	{ "outside", KEY_BOOL, AT(config_department, outside), .def = "false",
	  .help = "Not an office of the regency (PLN)." },
	{ "ask_place", KEY_BOOL, AT(config_department, ask_place), .def = "false",
	  .help = "Its work is somewhere: ask where when the text does not say." },
	{ "phone", KEY_STR, AT(config_department, phone), .def = "", .min = 0, .max = 16,
	  .help = "Hotline named in urgent answers." },
	{ "answer_days", KEY_INT, AT(config_department, answer_days), .def = "-1",
	  .min = -1, .max = 365,
	  .help = "Working days to the first answer; -1: as deadlines.answer says." },
	{ "deadlines", KEY_GROUP, AT(config_department, deadlines), .def = "",
	  .sub = department_deadlines_keys,
	  .help = "Its own deadlines, where they differ." },
	{ "choice", KEY_STR, AT(config_department, choice), .def = "", .min = 0,
	  .max = 20,
	  .help = "What citizens may choose when two are likely: \"lampu jalan\"." },
	{ "digest_at", KEY_STR, AT(config_department, digest_at), .def = "", .min = 0,
	  .max = 5,
	  .help = "When a digest of what is open is mailed on working days: \"07.00\"; "
		  "\"\": never." },
	{ "answer_from", KEY_STR_LIST, AT(config_department, answer_from), .def = "",
	  .help = "Mail addresses that may answer for it, besides those of its ways." },
	{ "note", KEY_STR, AT(config_department, note), .def = "", .min = 0, .max = 400,
	  .help = "For operators." },
	{ 0 },
};

#define GROUP(member, keys) KEY_GROUP, AT(config, member), .def = "", .sub = keys

const struct key config_root_keys[] = {
	{ "gateway", KEY_GROUP, AT(config, gateway), .sub = config_gateway_keys,
	  .help = "Whose line this is." },
	{ "store", KEY_GROUP, AT(config, store), .sub = config_store_keys,
	  .help = "Where everything is kept." },
	{ "listen", GROUP(listen, config_listen_keys), .help = "Addresses of our own." },
	{ "guards", GROUP(guards, config_guards_keys),
	  .help = "Limits on what is answered." },
	{ "deadlines", GROUP(deadlines_file, config_deadlines_keys),
	  .help = "How long what may take; \"3 working\" or \"30 calendar\" days." },
	{ "conversation", GROUP(conversation, config_conversation_keys),
	  .help = "How texts of one person belong together." },
	{ "retention", GROUP(retention, config_retention_keys),
	  .help = "How long personal data is kept." },
	{ "open311", GROUP(open311, config_open311_keys), .help = "The Open311 server." },
	{ "mail", GROUP(mail, config_mail_keys),
	  .help = "The account that mail to departments leaves by." },
	{ "calendar", GROUP(calendar_file, config_calendar_keys),
	  .help = "Working days; edit the holidays every year." },
	{ "log", GROUP(log, config_log_keys), .help = "What is written to stderr." },
	{ "places", GROUP(places, config_places_keys), .help = "Names of places." },
	{ "understanding", GROUP(understanding, config_understanding_keys),
	  .help = "How free texts are understood." },
	{ "words", KEY_TEXTS, AT(config, words), .def = "",
	  .help = "Lists of words of the language." },
	{ 0 },
};

const struct config_table config_tables[] = {
	{ "gateway", config_gateway_keys, "Whose complaint line this is." },
	{ "store", config_store_keys, "Where everything is kept." },
	{ "listen", config_listen_keys, "Addresses of our own." },
	{ "providers", config_provider_keys, "A list: one group for each SMS provider." },
	{ "departments", config_department_keys,
	  "A list: one group for each department." },
	{ "ways", config_way_keys,
	  "A list within a department: how tickets reach it. A ticket goes by every way "
	  "whose "
	  "filter fits, but for those in reserve; what one cannot deliver goes on by the "
	  "next in this order." },
	{ "mail", config_mail_keys, "The account that mail to departments leaves by." },
	{ "open311", config_open311_keys, "The Open311 server." },
	{ "officers", config_officer_keys,
	  "A list: one group for each officer who may answer by text." },
	{ "guards", config_guards_keys, "Limits on what is answered." },
	{ "deadlines", config_deadlines_keys,
	  "How long what may take: \"3 working\" or \"30 calendar\" days." },
	{ "conversation", config_conversation_keys,
	  "How texts of one person belong together." },
	{ "retention", config_retention_keys, "How long personal data is kept." },
	{ "calendar", config_calendar_keys, "Working days and office hours." },
	{ "places", config_places_keys, "Sub-districts and villages." },
	{ "understanding", config_understanding_keys, "How free texts are understood." },
	{ "log", config_log_keys, "What is written to stderr." },
	{ NULL, NULL, NULL },
};
