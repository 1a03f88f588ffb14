/* SPDX-License-Identifier: MIT */
/*
 * A small trained classifier: multinomial logistic regression over words, word pairs and
 * pieces of words (so that misspelt and unseen forms still speak), hashed into a table of
 * small integers. tools/train.c makes the file from labelled texts; here it only scores.
 * Words told as a place are features of their own ("@puskesmas"), and so weigh little for
 * what is wrong.
 *
 * File: "kentongan-model 1\n", "classes A B C …\n", "buckets N scale S\n", then N rows of
 * CLASSES_MOST signed bytes.
 */
#ifndef MODEL_CLASSIFY_H
#define MODEL_CLASSIFY_H

#include "base/err.h"
#include "model/text.h"

/* A class beside the others, a yes or no by itself: is somebody in office accused? */
#define CLASS_ACCUSATION "ACCUSATION"

enum { CLASSES_MOST = 32, FEATURES_MOST = 2048 };

struct classifier {
	struct str classes[CLASSES_MOST];
	size_t n_classes;
	uint32_t buckets; /* a power of two */
	float scale;	  /* a stored 1 is worth so much */
	const signed char
		*weights; /* [buckets][CLASSES_MOST], borrowed from the file's content */
};

/* ERR_CONFIG when the content is no model of this version. Copies nothing. */
int classifier_read(struct str content, struct classifier *out, struct err *err);

struct feature {
	uint32_t hash;	/* before it is cut to a bucket */
	uint16_t token; /* which word it comes from, or lists (rules_signs) */
};

/* The features of a text, for scoring and for training alike. */
size_t classify_features(const struct tokens *tokens,
			 struct feature features[FEATURES_MOST]);
/* Adds up to logits, one a class. */
void classify_score(const struct classifier *c, const struct feature *features, size_t n,
		    float logits[CLASSES_MOST]);
/* The same for one class only. */
float classify_score_one(const struct classifier *c, const struct feature *features,
			 size_t n, size_t class);
/* What each word added to one class. parts has room for tokens->n. */
void classify_explain(const struct classifier *c, const struct feature *features,
		      size_t n, size_t class, float *parts, size_t n_parts);

#endif
