/* SPDX-License-Identifier: MIT */
/*
 * The whole gateway: config, store, carriers, listeners and the engine's thread, wired
 * together. Main's thread.
 */
#ifndef GATEWAY_H
#define GATEWAY_H

#include "base/err.h"
#include "config/config.h"

struct gateway;

/*
 * Starts everything. config is taken over, also on failure. *exit_code (sysexits.h) says
 * what kind of failure it was.
 */
int gateway_start(struct config *config, const char *file, struct gateway **out,
		  int *exit_code, struct err *err) MUST_CHECK;
/* A descriptor that becomes readable when the engine has ended or asks for a reload. */
int gateway_fd(const struct gateway *gateway);
/* Reads what made it readable; true when the engine has ended. Carries out asked reloads.
 */
bool gateway_attend(struct gateway *gateway);
/* Reads the files anew in this thread and hands the result to the engine. */
void gateway_reload(struct gateway *gateway);
/* Asks the engine to finish what is in hand. */
void gateway_stop(struct gateway *gateway);
/* Waits for the end; returns the exit code. */
int gateway_finish(struct gateway *gateway);
/* Milliseconds since the engine's last sign of life. */
int64_t gateway_silence_ms(const struct gateway *gateway);
/* "callbacks 127.0.0.1:8080, admin …", for the log and STATUS. */
const char *gateway_addresses(const struct gateway *gateway);

#endif
