/* SPDX-License-Identifier: MIT */
/* Scoring with hashed features. Pure. */
#include "model/classify.h"

#include <stdio.h>
#include <stdlib.h>

enum { PIECE_SHORTEST = 3, PIECE_LONGEST = 5, PIECE_WORD = 4, PIECES_OF = 60 };

static uint32_t mix(uint64_t h)
{
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdu;
	h ^= h >> 29;
	return (uint32_t)h;
}

static void add(struct feature *f, size_t *n, uint64_t hash, size_t token)
{
	if (*n < FEATURES_MOST)
		f[(*n)++] = (struct feature){ mix(hash), (uint16_t)token };
}

/* Pieces of a word between marks for its ends: "^jal", "alan$". */
static void add_pieces(const struct token *t, size_t token, struct feature *f, size_t *n)
{
	char marked[PIECES_OF + 2];
	uint64_t hashes[PIECES_OF + 2]; /* of the pieces that begin there, so far */
	size_t len = t->word.n < PIECES_OF ? t->word.n : PIECES_OF;

	marked[0] = '^';
	memcpy(marked + 1, t->word.p, len);
	marked[len + 1] = '$';
	for (size_t i = 0; i < len + 2; i++)
		hashes[i] = STR_HASH_START;
	for (size_t k = 1; k <= PIECE_LONGEST; k++)
		for (size_t i = 0; i + k <= len + 2; i++) {
			hashes[i] = str_hash_step(hashes[i], marked[i + k - 1]);
			if (k >= PIECE_SHORTEST)
				add(f, n, str_hash_end(hashes[i]) + (t->place ? 77 : k),
				    token);
		}
}

size_t classify_features(const struct tokens *t, struct feature f[FEATURES_MOST])
{
	size_t n = 0;
	uint64_t before = 1;

	add(f, &n, 0x5eed, 0); /* the bias */
	for (size_t i = 0; i < t->n; i++) {
		const struct token *k = &t->items[i];
		uint64_t word =
			k->number ? 0xd161 + (k->word.n > 6 ? 1 : 0) : str_hash(k->word);

		if (k->place)
			word ^= 0x91ace;
		add(f, &n, word * 3, i);
		add(f, &n, word * 5 + before * 7, i);
		if (!k->number && k->word.n >= PIECE_WORD)
			add_pieces(k, i, f, &n);
		before = word;
	}
	add(f, &n,
	    0x1e46 + (t->n < 3	  ? 0
		      : t->n < 6  ? 1
		      : t->n < 14 ? 2
				  : 3),
	    t->n ? t->n - 1 : 0);
	return n;
}

/* ---- the file ---- */

static bool take_line(struct str *rest, struct str *line)
{
	size_t end = str_find_char(*rest, '\n');

	if (end == rest->n || end > 2000)
		return false;
	*line = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end + 1, rest->n);
	return true;
}

static bool take_classes(struct str line, struct classifier *c)
{
	struct str word;

	if (!str_split(&line, ' ', &word) || !str_eq(word, STR("classes")))
		return false;
	while (str_split(&line, ' ', &word)) {
		if (c->n_classes == CLASSES_MOST || word.n == 0)
			return false;
		c->classes[c->n_classes++] = word;
	}
	return c->n_classes > 1;
}

static bool take_size(struct str line, struct classifier *c)
{
	struct str word;
	int64_t buckets, millionths;

	if (!str_split(&line, ' ', &word) || !str_eq(word, STR("buckets")) ||
	    !str_split(&line, ' ', &word) || !str_to_int(word, &buckets) ||
	    !str_split(&line, ' ', &word) || !str_eq(word, STR("scale")) ||
	    !str_split(&line, ' ', &word) || !str_to_int(word, &millionths))
		return false;
	c->buckets = (uint32_t)buckets;
	c->scale = (float)millionths / 1e6f;
	return buckets > 0 && buckets <= 1 << 20 && (buckets & (buckets - 1)) == 0 &&
	       millionths > 0;
}

int classifier_read(struct str content, struct classifier *out, struct err *err)
{
	struct classifier c = { .n_classes = 0 };
	struct str rest = content, line;

	if (!take_line(&rest, &line) || !str_eq(line, STR("kentongan-model 1")))
		return err_set(err, ERR_CONFIG, "no model of this version");
	if (!take_line(&rest, &line) || !take_classes(line, &c) ||
	    !take_line(&rest, &line) || !take_size(line, &c) ||
	    rest.n != (size_t)c.buckets * CLASSES_MOST)
		return err_set(err, ERR_CONFIG, "the model's file is damaged");
	c.weights = (const signed char *)rest.p;
	*out = c;
	return 0;
}

/* ---- scoring ---- */

void classify_score(const struct classifier *c, const struct feature *f, size_t n,
		    float logits[CLASSES_MOST])
{
	int32_t sums[CLASSES_MOST] = { 0 };

	for (size_t i = 0; i < n; i++) {
		const signed char *w =
			c->weights +
			(size_t)(f[i].hash & (c->buckets - 1)) * CLASSES_MOST;

		for (int k = 0; k < CLASSES_MOST; k++)
			sums[k] += w[k];
	}
	for (int k = 0; k < CLASSES_MOST; k++)
		logits[k] = (float)sums[k] * c->scale;
}

float classify_score_one(const struct classifier *c, const struct feature *f, size_t n,
			 size_t class)
{
	int32_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += c->weights[(size_t)(f[i].hash & (c->buckets - 1)) * CLASSES_MOST +
				  class];
	return (float)sum * c->scale;
}

void classify_explain(const struct classifier *c, const struct feature *f, size_t n,
		      size_t class, float *parts, size_t n_parts)
{
	for (size_t i = 0; i < n_parts; i++)
		parts[i] = 0;
	for (size_t i = 0; i < n; i++)
		if (f[i].token < n_parts)
			parts[f[i].token] +=
				(float)c->weights[(size_t)(f[i].hash & (c->buckets - 1)) *
							  CLASSES_MOST +
						  class] *
				c->scale;
}
