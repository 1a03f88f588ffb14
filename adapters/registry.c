/* SPDX-License-Identifier: MIT */
/*
 * The lists of SMS adapters and of forwarders: the one place where one is made known.
 * Constant, any thread.
 */
#include "adapter.h"
#include "forwarder.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct sms_adapter sms_africastalking, sms_generic;
extern const struct forwarder forward_email, forward_open311, forward_webhook;

const struct sms_adapter *const sms_adapters[] = {
	&sms_africastalking,
	&sms_generic,
	NULL,
};

const struct sms_adapter *sms_adapter_find(struct str name)
{
	for (size_t i = 0; sms_adapters[i]; i++)
		if (str_eq(name, str_of(sms_adapters[i]->info.name)))
			return sms_adapters[i];
	return NULL;
}

const struct forwarder *const forwarders[] = {
	&forward_email,
	&forward_open311,
	&forward_webhook,
	NULL,
};

const struct forwarder *forwarder_find(struct str name)
{
	for (size_t i = 0; forwarders[i]; i++)
		if (str_eq(name, str_of(forwarders[i]->info.name)))
			return forwarders[i];
	return NULL;
}

static void demand(bool holds, const struct sms_adapter *a, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "adapter %s: %s\n", a->info.name ? a->info.name : "?", what);
	abort();
}

static void assert_one(const struct sms_adapter *a)
{
	const bool fetches = a->caps & SMS_FETCH, sends = a->caps & SMS_SEND;
	const bool called = a->caps & (SMS_PUSH | SMS_REPORT);
	const bool settles = a->caps & SMS_SETTLE;

	demand(a->info.name && a->info.about && a->info.keys && a->info.settings_size, a,
	       "name, about, keys and settings_size are needed");
	demand(fetches == (a->fetch != NULL) && fetches == (a->fetched != NULL), a,
	       "SMS_FETCH goes with fetch and fetched");
	demand(sends == (a->send != NULL) && sends == (a->sent != NULL), a,
	       "SMS_SEND goes with send and sent");
	demand(called == (a->pushed != NULL), a,
	       "SMS_PUSH or SMS_REPORT goes with pushed");
	demand(settles == (a->settle != NULL), a, "SMS_SETTLE goes with settle");
	demand(fetches || !(a->caps &
			    (SMS_SETTLE | SMS_READ_ONCE | SMS_NEWEST_FIRST | SMS_AHEAD)),
	       a,
	       "SMS_SETTLE, SMS_READ_ONCE, SMS_NEWEST_FIRST, SMS_AHEAD need SMS_FETCH");
	demand(!(a->caps & SMS_AHEAD) || !(a->caps & (SMS_SETTLE | SMS_READ_ONCE)), a,
	       "SMS_AHEAD: what is settled, or read once, is not asked for ahead");
	demand(sends || !(a->caps & SMS_IDEMPOTENT), a, "SMS_IDEMPOTENT needs SMS_SEND");
}

void sms_adapters_assert(void)
{
	for (size_t i = 0; sms_adapters[i]; i++)
		assert_one(sms_adapters[i]);
}
