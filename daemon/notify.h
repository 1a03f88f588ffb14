/* SPDX-License-Identifier: MIT */
/*
 * Telling the service manager: sd_notify(3)'s datagram to NOTIFY_SOCKET, without the
 * library. Nothing happens when the variable is not set.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdint.h>

/* "READY=1\nSTATUS=…"; several assignments separated by newlines. */
void notify_send(const char *state);
/* Half of WATCHDOG_USEC when it is meant for this process, in milliseconds; 0: no
 * watchdog. */
int64_t notify_watchdog_ms(void);

#endif
