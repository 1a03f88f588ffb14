/* SPDX-License-Identifier: MIT */
/*
 * A string view: pointer and length, passed by value, never owning what it points at. The
 * bytes need not end in NUL. Whoever made the bytes (an arena, a literal, a buf) says how
 * long they live.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

struct str_list {
	struct str *items;
	size_t n;
};

/* A name and its value: a header, a form field, a template parameter. */
struct str_pair {
	struct str name, value;
};

struct str_pairs {
	struct str_pair *items;
	size_t n;
};

/* A literal as a view, usable in static initialisers. */
#define STR_INIT(literal)                       \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}
#define STR(literal) ((struct str)STR_INIT(literal))
/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

static inline struct str str_of(const char *z)
{
	return (struct str){ z, z ? strlen(z) : 0 };
}

static inline struct str str_from(const char *p, size_t n)
{
	return (struct str){ p, n };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Everything below is in str.c. ASCII only where letters' case is concerned. */
bool str_eq_nocase(struct str a, struct str b);
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Index of the first c, or s.n. */
size_t str_find_char(struct str s, char c);
/* Index of the first occurrence of needle, or s.n when there is none. */
size_t str_find(struct str s, struct str needle);
struct str str_trim(struct str s);
/* s[from, to), clipped to s. */
struct str str_slice(struct str s, size_t from, size_t to);
/* Takes the part before c off *rest (all of it when there is no c); false at the end. */
bool str_split(struct str *rest, char c, struct str *part);
/* The whole of s as a decimal number; false when it is not one or does not fit. */
bool str_to_int(struct str s, int64_t *out);
/* n in decimal, at the end of digits; cheaper than printing. */
enum { STR_INT_BYTES = 20 };
struct str str_int(int64_t n, char digits[STR_INT_BYTES]);
/* "250ms" "2s" "5m" "3h" "2d" as milliseconds; a bare number is refused. */
bool str_to_ms(struct str s, int64_t *out);
/* 64-bit hash for tables and digests (not for secrets); stable between runs and machines.
 * FNV-1a, then a final mix; by steps where all beginnings of a text are hashed. */
uint64_t str_hash(struct str s);
#define STR_HASH_START UINT64_C(0xcbf29ce484222325)
static inline uint64_t str_hash_step(uint64_t h, char c)
{
	return (h ^ (unsigned char)c) * UINT64_C(0x100000001b3);
}
static inline uint64_t str_hash_end(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

#endif
