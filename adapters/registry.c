/* SPDX-License-Identifier: MIT */
/* The list of adapters, and a check at start that bits and functions agree. */
#include "adapter.h"

#include <assert.h>

extern const struct sms_adapter sms_africastalking;
extern const struct sms_adapter sms_generic;

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

void sms_adapters_assert(void)
{
	for (size_t i = 0; sms_adapters[i]; i++) {
		const struct sms_adapter *a = sms_adapters[i];

		assert(a->info.name && a->info.about && a->info.keys);
		assert(!!(a->caps & SMS_FETCH) == (a->fetch && a->fetched));
		assert(!!(a->caps & SMS_SETTLE) == (a->settle != NULL));
		assert(!!(a->caps & (SMS_PUSH | SMS_REPORT)) == (a->pushed != NULL));
		assert(!!(a->caps & SMS_SEND) == (a->send && a->sent));
	}
}
