/* SPDX-License-Identifier: MIT */
/* What the two files of the forwarder `email` share. */
#ifndef ADAPTERS_FORWARD_EMAIL_H
#define ADAPTERS_FORWARD_EMAIL_H

#include "base/mime_write.h"
#include "forwarder.h"

struct email {
	bool html;
};

/* Subject, text and, when it is wanted, html of mail, from ctx->arena. −1: no room. */
int email_write(const struct forward_ctx *ctx, const struct forward *forward, bool html,
		struct mime_out *mail) MUST_CHECK;

#endif
