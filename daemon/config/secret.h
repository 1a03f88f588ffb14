/* SPDX-License-Identifier: MIT */
/*
 * Secrets never stand in the configuration; what stands there says where they are:
 * "file:PATH", "env:NAME", "cred:NAME" (systemd's LoadCredential=). Every secret that was
 * read is remembered, so that its memory can be wiped when the configuration goes.
 */
#ifndef CONFIG_SECRET_H
#define CONFIG_SECRET_H

#include "base/arena.h"
#include "base/err.h"

struct secret { /* in the arena that it was read into */
	char *p;
	size_t n;
	struct secret *next;
};

bool secret_is_reference(struct str s);
/* What stands for a secret that was not looked at; its content tells nothing. */
extern const struct str secret_unseen;
bool secret_is_unseen(struct str s);
/*
 * The content that a reference names, without the newlines at its end. path is where the
 * file of a file: reference is, for others it is not looked at. Refuses files that others
 * may read; the group may where root owns the file. −1: the reason is in *err, its kind
 * ERR_LATER where env: or cred: may only be missing here, and be there for the daemon.
 */
int secret_read(struct str reference, const char *path, struct arena *arena,
		struct secret **known, struct str *out, struct err *err) MUST_CHECK;
/* Overwrites all of them. */
void secret_wipe(struct secret *known);

#endif
