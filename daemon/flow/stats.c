/* SPDX-License-Identifier: MIT */
/* Counting. Engine's thread; owns nothing. */
#include "flow/stats.h"

const double stats_seconds_bounds[STATS_BUCKETS] = {
	0.00025, 0.0005, 0.00075, 0.001, 0.00125, 0.0015, 0.002, 0.003, 0.004,
	0.008,	 0.016,	 0.032,	  0.064, 0.125,	  0.25,	  0.5,	 1,	4,
};

const double stats_batch_bounds[STATS_BUCKETS] = {
	1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096, 8192,
};

int64_t stats_stray_open(const struct stats_stray *stray)
{
	int64_t open = 0;

	for (int k = 0; k < TICKET_STATE_COUNT; k++)
		if (ticket_state_open((enum ticket_state)k))
			open += stray->tickets[k];
	return open;
}

void histogram_add(struct histogram *h, const double *bounds, double value)
{
	int i = 0;

	while (i < STATS_BUCKETS && value > bounds[i])
		i++;
	h->counts[i]++;
	h->sum += value;
	h->n++;
}

const char *in_outcome_name(enum in_outcome outcome)
{
	static const char *const names[IN_OUTCOMES] = {
		[IN_FRESH] = "fresh", [IN_DUPLICATE] = "duplicate", [IN_PART] = "part",
		[IN_BAD] = "bad",     [IN_BLOCKED] = "blocked",
	};

	return names[outcome];
}

const char *poll_outcome_name(enum poll_outcome outcome)
{
	static const char *const names[POLL_OUTCOMES] = {
		[POLL_MESSAGES] = "messages",
		[POLL_EMPTY] = "empty",
		[POLL_FAILED] = "failed",
		[POLL_UNREADABLE] = "unreadable",
	};

	return names[outcome];
}

const char *send_outcome_name(enum send_outcome outcome)
{
	static const char *const names[SEND_OUTCOMES] = {
		[SEND_ACCEPTED] = "accepted", [SEND_REFUSED] = "refused",
		[SEND_LATER] = "later",	      [SEND_NOT_SENT] = "not_sent",
		[SEND_UNKNOWN] = "unknown",   [SEND_EXPIRED] = "expired",
	};

	return names[outcome];
}

const char *report_outcome_name(enum report_outcome outcome)
{
	static const char *const names[REPORT_OUTCOMES] = {
		[REPORT_PENDING] = "pending",
		[REPORT_DELIVERED] = "delivered",
		[REPORT_FAILED] = "failed",
		[REPORT_STRAY] = "stray",
	};

	return names[outcome];
}

const char *delivery_end_name(enum delivery_end end)
{
	static const char *const names[DELIVERY_ENDS] = {
		[DELIVERY_DONE] = "done",	[DELIVERY_REFUSED] = "refused",
		[DELIVERY_LATER] = "later",	[DELIVERY_NOT_SENT] = "not_sent",
		[DELIVERY_UNKNOWN] = "unknown", [DELIVERY_DISABLED] = "disabled",
		[DELIVERY_PARKED] = "parked",	[DELIVERY_DROPPED] = "dropped",
	};

	return names[end];
}

const char *watch_end_name(enum watch_end end)
{
	static const char *const names[WATCH_ENDS] = {
		[WATCH_GOOD] = "good",
		[WATCH_FAILED] = "failed",
		[WATCH_UNREADABLE] = "unreadable",
	};

	return names[end];
}

const char *call_refusal_name(enum call_refusal refusal)
{
	static const char *const names[CALL_REFUSALS] = {
		[CALL_HEARD] = "heard",
		[CALL_NO_TOKEN] = "no_token",
		[CALL_MISTYPED] = "token_mistyped",
		[CALL_UNKNOWN] = "token_unknown",
		[CALL_REVOKED] = "token_revoked",
		[CALL_EXPIRED] = "token_expired",
		[CALL_SCOPE] = "scope",
		[CALL_DEPARTMENT_GONE] = "department_gone",
		[CALL_TOO_MANY] = "too_many",
	};

	return names[refusal];
}

const char *silence_name(enum silence silence)
{
	static const char *const names[SILENCE_COUNT] = {
		[SILENCE_SENDER] = "sender",	 [SILENCE_SAME_TEXT] = "same_text",
		[SILENCE_HOUR] = "sender_hour",	 [SILENCE_DAY] = "sender_day",
		[SILENCE_TOTAL] = "gateway_day", [SILENCE_BLOCKED] = "blocked",
		[SILENCE_COST] = "cost_day",	 [SILENCE_STOPPED] = "stopped",
	};

	return names[silence];
}
