/* SPDX-License-Identifier: MIT */
/*
 * Trains the classifier of model/classify.c: multinomial logistic regression by AdaGrad
 * over hashed features, with words made to slip at random, so that it learns to read
 * slips too, and with places of the regency added at random, so that it learns that a
 * place is no matter. Deterministic. The operator's phrases are training texts as well.
 *
 * A second question has a column of its own, a yes or no beside the classes: does it
 * accuse somebody in office? It looks at the lists of the rules as well (rules_signs).
 * The texts behind "-" are for this question only: there are so many of them that they
 * would tell the first one wrong shares of what people write.
 *
 *   train CONFIG OUT FILE.tsv… - FILE.tsv…
 */
#include <math.h>
#include <stdint.h>

#include "base/utf8.h"
#include "config/config.h"
#include "labelled.h"
#include "model/router_inside.h"

enum {
	BUCKETS = 1 << 15,
	ROUNDS = 24,
	RUNS = 5,
	PLACE_PERCENT = 40,
	ONLY_PLACE_PERCENT = 25
};

static const float rate = 0.2f, decay = 1e-4f;
static const float accusing = 2.0f; /* one that is missed is worse than two false ones */

enum accuses { ORDINARY, ACCUSES, DOUBTFUL };

struct example {
	struct str text;
	int class;
	float weight;
	bool complaint, unclear;
	enum accuses accuses;
};

static const struct config *config;
static struct example *examples;
static size_t n_examples, room_examples;
static struct str classes[CLASSES_MOST];
static int n_classes;
static float *weights, *squares, *mean;
static uint64_t seed = 42;

static uint64_t next_random(void)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static int class_of(struct str label)
{
	for (int i = 0; i < n_classes; i++)
		if (str_eq(classes[i], label))
			return i;
	if (n_classes == CLASSES_MOST - 1) /* one is for the second question */
		return -1;
	classes[n_classes] = label;
	return n_classes++;
}

static bool is_complaint(struct str label)
{
	static const char *const others[] = { "GREETING", "THANKS", "SPAM", "ROBOT",
					      "UNCLEAR" };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (str_eq(label, str_of(others[i])))
			return false;
	return true;
}

/* What is confidential elsewhere, brokers and the like, is on the border. */
static enum accuses accuses_of(const struct labelled *l)
{
	if (str_eq(l->label, STR("INSPEKTORAT")))
		return ACCUSES;
	return str_find_char(l->flags, 's') < l->flags.n ? DOUBTFUL : ORDINARY;
}

static void add_example(const struct labelled *l, float weight)
{
	struct str label = l->label;
	int class = str_eq(label, STR("COMMAND")) ? -1 : class_of(label);

	if (class < 0)
		return;
	if (n_examples == room_examples) {
		room_examples = room_examples ? room_examples * 2 : 4096;
		examples = realloc(examples, room_examples * sizeof(*examples));
		if (!examples)
			abort();
	}
	examples[n_examples++] = (struct example){ l->text,
						   class,
						   weight,
						   is_complaint(label),
						   str_eq(label, STR("UNCLEAR")),
						   accuses_of(l) };
}

/* Thanks in advance and salutations around a complaint say nothing about it. */
static struct str wrap_courtesy(struct str text, struct arena *arena)
{
	static const char *const before[] = { "ass wr wb ",    "assalamualaikum pak ",
					      "selamat pagi ", "yth bapak bupati ",
					      "punten pak ",   "mohon maaf " };
	static const char *const after[] = {
		" terima kasih", " makasih pak",
		" trims",	 " tks",
		" hatur nuhun",	 " mohon ditindaklanjuti terima kasih",
		" wassalam",	 " terima kasih sebelumnya"
	};
	uint64_t dice = next_random() % 100;

	if (dice < 12)
		text = arena_printf(arena, "%s%.*s", before[next_random() % 6],
				    STR_ARG(text));
	if (dice >= 8 && dice < 28)
		text = arena_printf(arena, "%.*s%s", STR_ARG(text),
				    after[next_random() % 8]);
	return text;
}

/* A place as people tell it. */
static struct str some_place(struct arena *arena)
{
	const struct config_kecamatan *all = config->places.kecamatan.items, *k;
	struct str desa;
	int rt = (int)(next_random() % 9 + 1), rw = (int)(next_random() % 5 + 1);

	if (config->places.kecamatan.n == 0)
		return STR("");
	k = &all[next_random() % config->places.kecamatan.n];
	desa = k->desa.n ? k->desa.items[next_random() % k->desa.n] : k->name;
	switch (next_random() % 6) {
	case 0:
		return arena_printf(arena, "kp %.*s", STR_ARG(desa));
	case 1:
		return arena_printf(arena, "ds %.*s", STR_ARG(desa));
	case 2:
		return arena_printf(arena, "di %.*s", STR_ARG(k->name));
	case 3:
		return arena_printf(arena, "ds %.*s kec %.*s", STR_ARG(desa),
				    STR_ARG(k->name));
	case 4:
		return arena_printf(arena, "kp %.*s rt %d rw %d", STR_ARG(desa), rt, rw);
	default:
		return k->name;
	}
}

/* Complaints tell their place; what tells nothing else is unclear. */
static struct str add_place(const struct example *e, struct str text, struct arena *arena)
{
	uint64_t dice = next_random() % 100;
	struct str place;

	if (dice >= (e->complaint ? PLACE_PERCENT : e->unclear ? ONLY_PLACE_PERCENT : 0))
		return text;
	place = some_place(arena);
	if (e->complaint)
		return arena_printf(arena, "%.*s %.*s", STR_ARG(text), STR_ARG(place));
	return dice % 3 ? place
			: arena_printf(arena, "%.*s %.*s", STR_ARG(place), STR_ARG(text));
}

/* A letter lost, doubled or swapped in some words. */
static struct str spoil(struct str text, struct arena *arena)
{
	char *out = arena_alloc(arena, text.n * 2 + 1, 1);
	size_t n = 0;

	for (size_t i = 0; out && i < text.n; i++) {
		uint64_t dice = next_random() % 100;
		bool letter = (text.p[i] | 32) >= 'a' && (text.p[i] | 32) <= 'z';

		if (letter && dice < 2)
			continue;
		if (letter && dice == 2 && i + 1 < text.n && text.p[i + 1] != ' ') {
			out[n++] = text.p[i + 1];
			out[n++] = text.p[i++];
			continue;
		}
		out[n++] = text.p[i];
		if (letter && dice == 3)
			out[n++] = text.p[i];
	}
	return out ? str_from(out, n) : text;
}

static void learn_classes(const struct feature *f, size_t n, int class, float weight)
{
	float logit[CLASSES_MOST] = { 0 }, most = -1e9f, sum = 0;

	for (size_t i = 0; i < n; i++) {
		const float *w =
			weights + (size_t)(f[i].hash & (BUCKETS - 1)) * CLASSES_MOST;

		for (int k = 0; k < n_classes; k++)
			logit[k] += w[k];
	}
	for (int k = 0; k < n_classes; k++)
		most = logit[k] > most ? logit[k] : most;
	for (int k = 0; k < n_classes; k++) {
		logit[k] = expf(logit[k] - most);
		sum += logit[k];
	}
	for (int k = 0; k < n_classes; k++)
		logit[k] = weight * (logit[k] / sum - (k == class ? 1.0f : 0.0f));
	for (size_t i = 0; i < n; i++) {
		size_t at = (size_t)(f[i].hash & (BUCKETS - 1)) * CLASSES_MOST;

		for (int k = 0; k < n_classes; k++) {
			float g = logit[k] / sqrtf((float)n) +
				  decay * weights[at + (size_t)k];

			squares[at + (size_t)k] += g * g;
			weights[at + (size_t)k] -=
				rate * g / (sqrtf(squares[at + (size_t)k]) + 1e-3f) / 4;
		}
	}
}

static void learn_accusation(const struct feature *f, size_t n, bool accuses,
			     float weight)
{
	float *w = weights + n_classes, *sq = squares + n_classes, logit = 0, g;

	for (size_t i = 0; i < n; i++)
		logit += w[(size_t)(f[i].hash & (BUCKETS - 1)) * CLASSES_MOST];
	g = 1 / (1 + expf(-logit)) - (accuses ? 1.0f : 0.0f);
	g *= weight * (accuses ? accusing : 1.0f) / sqrtf((float)n);
	for (size_t i = 0; i < n; i++) {
		size_t at = (size_t)(f[i].hash & (BUCKETS - 1)) * CLASSES_MOST;
		float step = g + decay * w[at];

		sq[at] += step * step;
		w[at] -= rate * step / (sqrtf(sq[at]) + 1e-3f) / 4;
	}
}

static void learn(const struct example *e, const struct feature *f, size_t n,
		  bool accusations)
{
	if (!accusations)
		learn_classes(f, n, e->class, e->weight);
	else if (e->accuses != DOUBTFUL)
		learn_accusation(f, n, e->accuses == ACCUSES, e->weight);
}

static void shuffle(void)
{
	for (size_t i = n_examples - 1; i > 0; i--) {
		size_t k = next_random() % (i + 1);
		struct example t = examples[i];

		examples[i] = examples[k];
		examples[k] = t;
	}
}

/* What the router will see of it. */
static size_t features_of(const struct tokens *tokens, bool accusations,
			  struct arena *arena,
			  struct feature f[FEATURES_MOST + SIGNS_MOST])
{
	const struct rules *rules = config->router->together;
	size_t n = classify_features(tokens, f);

	return accusations
		       ? n + rules_signs(rules, rules_look(rules, tokens, arena), f + n)
		       : n;
}

static void train(bool accusations, struct arena *arena)
{
	const struct text_rules *rules = router_rules(config->router);
	static struct feature features[FEATURES_MOST + SIGNS_MOST];
	static struct tokens tokens;

	for (int round = 0; round < ROUNDS; round++) {
		shuffle();
		for (size_t i = 0; i < n_examples; i++) {
			struct str text = examples[i].text;

			arena_reset(arena);
			if (round % 2)
				text = spoil(text, arena);
			if (examples[i].complaint)
				text = wrap_courtesy(text, arena);
			text = add_place(&examples[i], text, arena);
			text_tokens(rules, utf8_repair(text, arena), arena, &tokens);
			learn(&examples[i], features,
			      features_of(&tokens, accusations, arena, features),
			      accusations);
		}
	}
}

/* One question, asked in several runs that meet the texts in other orders: their mean
 * depends on no order, and judges better than any of them. */
static void train_mean(bool accusations, struct arena *arena)
{
	const size_t n = (size_t)BUCKETS * CLASSES_MOST;

	for (int run = 0; run < RUNS; run++) {
		memset(weights, 0, n * sizeof(*weights));
		memset(squares, 0, n * sizeof(*squares));
		train(accusations, arena);
		for (size_t i = 0; i < n; i++)
			mean[i] += weights[i] / (float)RUNS;
	}
}

static void write_model(const char *file)
{
	FILE *f = fopen(file, "we");
	float most = 1e-6f, scale;

	if (!f) {
		perror(file);
		exit(73);
	}
	for (size_t i = 0; i < (size_t)BUCKETS * CLASSES_MOST; i++)
		if (i % CLASSES_MOST < (size_t)n_classes && fabsf(mean[i]) > most)
			most = fabsf(mean[i]);
	scale = roundf(most / 127 * 1e6f) / 1e6f;
	fprintf(f, "kentongan-model 1\nclasses");
	for (int k = 0; k < n_classes; k++)
		fprintf(f, " %.*s", STR_ARG(classes[k]));
	fprintf(f, " %s", CLASS_ACCUSATION);
	fprintf(f, "\nbuckets %d scale %d\n", BUCKETS, (int)lroundf(scale * 1e6f));
	for (size_t i = 0; i < (size_t)BUCKETS * CLASSES_MOST; i++) {
		long v = lroundf(mean[i] / scale);

		fputc((int)(v > 127 ? 127 : v < -127 ? -127 : v) & 0xff, f);
	}
	if (fclose(f)) {
		perror(file);
		exit(74);
	}
}

/* The files from i to the next "-", or to the end; where that is. */
static int add_files(char **argv, int i, int argc)
{
	struct labelled_set set = { .n = 0 };

	for (; i < argc && !str_eq(str_of(argv[i]), STR("-")); i++)
		labelled_read(&set, argv[i]);
	for (size_t k = 0; k < set.n; k++)
		add_example(&set.items[k], 1);
	return i;
}

static void add_keywords(void)
{
	for (size_t d = 0; d < config->n_departments; d++)
		for (size_t k = 0; k < config->departments[d].keywords.n; k++) {
			struct labelled l = {
				.label = config->departments[d].code,
				.text = config->departments[d].keywords.items[k],
			};

			add_example(&l, 0.3f);
		}
}

int main(int argc, char **argv)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct arena *arena = arena_new("train", 64 << 20);
	int files;

	if (argc < 4) {
		fputs("Usage: train CONFIG OUT FILE.tsv...\n", stderr);
		return 64;
	}
	config = config_load(argv[1], true, &faults);
	if (!config || !arena) {
		fwrite(faults.text.p, 1, faults.text.n, stderr);
		return 78;
	}
	files = add_files(argv, 3, argc);
	add_keywords();
	weights = calloc((size_t)BUCKETS * CLASSES_MOST, sizeof(*weights));
	squares = calloc((size_t)BUCKETS * CLASSES_MOST, sizeof(*squares));
	mean = calloc((size_t)BUCKETS * CLASSES_MOST, sizeof(*mean));
	if (!weights || !squares || !mean)
		return 71;
	train_mean(false, arena);
	add_files(argv, files + 1, argc);
	train_mean(true, arena);
	write_model(argv[2]);
	fprintf(stderr, "%zu texts, %d classes → %s\n", n_examples, n_classes, argv[2]);
	return 0;
}
