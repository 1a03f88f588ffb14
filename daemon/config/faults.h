/* SPDX-License-Identifier: MIT */
/* The order in which people read faults. */
#ifndef CONFIG_FAULTS_H
#define CONFIG_FAULTS_H

#include "base/buf.h"

/* Adds "file:line: sentence" as one line: control characters, which may come from the
 * file and go to a terminal, become '?'. */
void faults_add(struct buf *text, const char *file, unsigned line, const char *sentence);
/* Lines "file:line: sentence": those of `main_file` first, then file by file as they
 * came, each by line; what stands at the same line keeps its order. Left as it is without
 * memory. */
void faults_sort(struct buf *text, const char *main_file);

#endif
