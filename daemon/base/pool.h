/* SPDX-License-Identifier: MIT */
/*
 * malloc for what takes and gives back small pieces all the time, as SQLite does some
 * seventy times for each complaint: each thread keeps what it was given back in lists by
 * size, a few of each, and takes from there without a lock or a search. What is larger
 * goes to malloc. Any thread may give back what another took. Nothing is zeroed.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>

void *pool_take(size_t n); /* NULL: no memory */
void pool_give(void *p);   /* NULL is accepted */
/* As realloc: NULL leaves p as it was. */
void *pool_resize(void *p, size_t n);
/* How much there is room for in p; what pool_take(n) would give. */
size_t pool_size(const void *p);
size_t pool_rounded(size_t n);

#endif
