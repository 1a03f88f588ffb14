/* SPDX-License-Identifier: MIT */
/*
 * HTML as the words that a reader sees, for mail without a plain part: no rendering, no
 * correctness, any bytes. Blocks become lines, quotes get "> " in front, scripts, styles
 * and comments go.
 */
#ifndef BASE_HTML_TEXT_H
#define BASE_HTML_TEXT_H

#include "base/arena.h"

/* html: valid UTF-8. p NULL at the arena's ceiling. */
struct str html_text(struct str html, struct arena *arena);

#endif
