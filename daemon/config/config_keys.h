/* SPDX-License-Identifier: MIT */
/* The frame's key tables, for config.c and for what is generated from them. */
#ifndef CONFIG_CONFIG_KEYS_H
#define CONFIG_CONFIG_KEYS_H

#include "base/keys.h"

extern const struct key config_gateway_keys[];
extern const struct key config_store_keys[];
extern const struct key config_listen_keys[];
extern const struct key config_guards_keys[];
extern const struct key config_calendar_keys[];
extern const struct key config_deadlines_keys[];
extern const struct key config_conversation_keys[];
extern const struct key config_retention_keys[];
extern const struct key config_officer_keys[]; /* struct config_officer_file */
extern const struct key config_log_keys[];
extern const struct key config_places_keys[];
extern const struct key config_understanding_keys[];
extern const struct key
	config_provider_keys[]; /* struct config_provider, without the adapter's */
extern const struct key config_department_keys[]; /* struct config_department */
/* Names allowed at the top; offsets into struct config, but for providers and
 * departments. */
extern const struct key config_root_keys[];
extern const struct key config_way_keys[]; /* struct config_way, without a way's own */
/* Of the i-th way that the gateway does itself; NULL: there are no more. */
const struct key *config_own_way(size_t i, const char **name, const char **about);
extern const struct key config_mail_keys[]; /* struct forward_mail */
extern const struct key config_open311_keys[];

#endif
