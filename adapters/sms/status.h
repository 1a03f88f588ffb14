/* SPDX-License-Identifier: MIT */
/*
 * What an HTTP status means where the provider says nothing better: shared by the
 * adapters, so that one provider's 502 is judged like another's. Pure.
 */
#ifndef ADAPTERS_SMS_STATUS_H
#define ADAPTERS_SMS_STATUS_H

#include "adapter.h"

/* 200 to 299. */
bool sms_status_good(int status);
/* Of an answer to fetch that is not good: always -1, with the kind and a sentence;
 * words (may be empty) go into it. */
int sms_status_fetched(int status, struct str words, struct err *err);
/* Of an answer to send that is not good. words (may be empty) go into the reason. */
void sms_status_sent(int status, struct str words, struct arena *arena,
		     struct sms_receipt *out);

#endif
