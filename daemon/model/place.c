/* SPDX-License-Identifier: MIT */
/* Places by hashes of their words, glued, so that "Kampung Baru" meets "kampungbaru".
 * Pure. */
#include "model/place.h"

#include "model/dict.h"

enum {
	NAME_WORDS = 3,
	FOUND_MOST = 12,
	LEVEL_KECAMATAN = 1,
	LEVEL_DESA = 2,
	SCRATCH_BYTES = 256 << 10
};

enum announce { ANNOUNCE_NO, ANNOUNCE_ANY, ANNOUNCE_DESA, ANNOUNCE_KECAMATAN };

struct named {
	int32_t kecamatan; /* of a desa: its own */
	struct str name;   /* as the operator wrote it */
	bool is_desa, false_friend;
	int32_t same; /* next place with the same glued name, −1: none */
};

struct places {
	struct named *all;
	int32_t n;
	struct dict names; /* glued name → first in `all` */
	struct dict announce;
};

/* Hash of words a … b glued together. */
static uint64_t glued(const struct tokens *t, size_t first, size_t n)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = first; i < first + n; i++)
		for (size_t k = 0; k < t->items[i].seen.n; k++)
			hash = (hash ^ (unsigned char)t->items[i].seen.p[k]) *
			       0x100000001b3u;
	return hash;
}

static uint64_t name_hash(const struct text_rules *rules, struct str name)
{
	struct arena *scratch = arena_new("place", SCRATCH_BYTES);
	struct tokens *t = scratch ? ARENA_NEW(scratch, struct tokens, 1) : NULL;
	uint64_t hash = 0;

	if (t) {
		text_tokens(rules, name, scratch, t);
		hash = t->n ? glued(t, 0, t->n) : 0;
	}
	arena_free(scratch);
	return hash;
}

static void add(struct places *p, uint64_t hash, struct named named)
{
	int32_t had = hash ? dict_get(&p->names, hash) : -1;

	if (!hash)
		return;
	named.same = had;
	p->all[p->n] = named;
	dict_set(&p->names, hash, p->n++);
}

static void announce_add(struct places *p, struct str_list list, enum announce what)
{
	for (size_t i = 0; i < list.n; i++)
		dict_set(&p->announce, str_hash(list.items[i]), (int32_t)what);
}

static void friends_mark(struct places *p, const struct router_spec *spec,
			 const struct text_rules *rules)
{
	for (size_t i = 0; i < spec->false_friends.n; i++) {
		uint64_t hash = name_hash(rules, spec->false_friends.items[i]);

		for (int32_t k = dict_get(&p->names, hash); k >= 0; k = p->all[k].same)
			p->all[k].false_friend = true;
	}
}

struct places *places_build(const struct router_spec *spec,
			    const struct place_words *words,
			    const struct text_rules *rules, struct arena *arena)
{
	struct places *p = ARENA_NEW(arena, struct places, 1);
	size_t n = 0;

	for (size_t i = 0; i < spec->n_kecamatan; i++)
		n += 1 + spec->kecamatan[i].also.n + spec->kecamatan[i].desa.n;
	if (!p || !dict_init(&p->names, n + 1, arena) ||
	    !dict_init(&p->announce, words->any.n + words->desa.n + words->kecamatan.n,
		       arena))
		return NULL;
	p->all = ARENA_NEW(arena, struct named, n + 1);
	if (!p->all)
		return NULL;
	for (size_t i = 0; i < spec->n_kecamatan; i++) {
		const struct router_kecamatan *k = &spec->kecamatan[i];
		struct named named = { .kecamatan = (int32_t)i, .name = k->name };

		add(p, name_hash(rules, k->name), named);
		for (size_t a = 0; a < k->also.n; a++)
			add(p, name_hash(rules, k->also.items[a]), named);
		named.is_desa = true;
		for (size_t d = 0; d < k->desa.n; d++) {
			named.name = k->desa.items[d];
			add(p, name_hash(rules, k->desa.items[d]), named);
		}
	}
	friends_mark(p, spec, rules);
	announce_add(p, words->any, ANNOUNCE_ANY);
	announce_add(p, words->desa, ANNOUNCE_DESA);
	announce_add(p, words->kecamatan, ANNOUNCE_KECAMATAN);
	return p;
}

/* ---- finding ---- */

struct found {
	int32_t first; /* head of the chain of places of this name */
	enum announce announce;
	size_t at, end; /* its words */
};

static enum announce announced(const struct places *p, const struct tokens *t, size_t at)
{
	int32_t what = at ? dict_get(&p->announce, str_hash(t->items[at - 1].word)) : -1;

	return what < 0 ? ANNOUNCE_NO : (enum announce)what;
}

static size_t names_in(const struct places *p, const struct tokens *t,
		       struct found *found)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n && n < FOUND_MOST; i++)
		for (size_t words = NAME_WORDS; words >= 1; words--) {
			int32_t first;

			if (i + words > t->n)
				continue;
			first = dict_get(&p->names, glued(t, i, words));
			if (first < 0)
				continue;
			found[n++] =
				(struct found){ first, announced(p, t, i), i, i + words };
			i += words - 1;
			break;
		}
	return n;
}

/* Whether the name may be believed by itself, at this level. */
static bool sure(const struct named *named, enum announce a)
{
	if (a == ANNOUNCE_NO)
		return false;
	if (named->is_desa && a == ANNOUNCE_KECAMATAN)
		return false;
	return !named->false_friend || a == ANNOUNCE_DESA || a == ANNOUNCE_KECAMATAN;
}

static int32_t kecamatan_of(const struct places *p, const struct found *found, size_t n)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < n; i++)
			for (int32_t k = found[i].first; k >= 0; k = p->all[k].same)
				if (!p->all[k].is_desa &&
				    found[i].announce != ANNOUNCE_DESA &&
				    sure(&p->all[k], found[i].announce) &&
				    (pass || found[i].announce == ANNOUNCE_KECAMATAN))
					return p->all[k].kecamatan;
	return -1;
}

/* A desa of that kecamatan (any when −1) which may be believed; *several: more than one
 * fits. */
static int32_t desa_of(const struct places *p, const struct found *found, size_t n,
		       int32_t kecamatan, bool *several)
{
	for (size_t i = 0; i < n; i++) {
		int32_t best = -1, fits = 0;

		for (int32_t k = found[i].first; k >= 0; k = p->all[k].same) {
			const struct named *d = &p->all[k];

			if (!d->is_desa || (kecamatan >= 0 && d->kecamatan != kecamatan))
				continue;
			/* Beside its own kecamatan any name is believed: two levels
			 * agree. */
			if (!(kecamatan >= 0 &&
			      found[i].announce != ANNOUNCE_KECAMATAN) &&
			    !sure(d, found[i].announce))
				continue;
			if (found[i].announce != ANNOUNCE_DESA && kecamatan < 0 &&
			    !p->all[found[i].first].is_desa)
				continue; /* "di Ciruas" is the kecamatan, not its desa */
			best = k;
			fits++;
		}
		if (fits) {
			*several = fits > 1;
			return best;
		}
	}
	return -1;
}

/* Names of both levels, believed by nothing else, that belong together. */
static bool agree(const struct places *p, const struct found *found, size_t n,
		  int32_t *kecamatan, int32_t *desa)
{
	for (size_t i = 0; i < n; i++)
		for (int32_t k = found[i].first; k >= 0; k = p->all[k].same)
			for (size_t j = 0; !p->all[k].is_desa && j < n; j++)
				for (int32_t d = found[j].first; j != i && d >= 0;
				     d = p->all[d].same)
					if (p->all[d].is_desa &&
					    p->all[d].kecamatan == p->all[k].kecamatan) {
						*kecamatan = p->all[k].kecamatan;
						*desa = d;
						return true;
					}
	return false;
}

static bool has_desa(const struct places *p, int32_t k)
{
	while (k >= 0 && !p->all[k].is_desa)
		k = p->all[k].same;
	return k >= 0;
}

static bool has_kecamatan(const struct places *p, int32_t k)
{
	while (k >= 0 && (p->all[k].is_desa || p->all[k].false_friend))
		k = p->all[k].same;
	return k >= 0;
}

/* "ds ciherang padarincang", "padarincang ds ciherang": beside an announced desa the name
 * of a kecamatan says which one, also when that has no such desa. */
static void announce_beside(const struct places *p, struct found *found, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct found *before = i ? &found[i - 1] : NULL;
		const struct found *behind = i + 1 < n ? &found[i + 1] : NULL;

		if (found[i].announce != ANNOUNCE_NO || !has_kecamatan(p, found[i].first))
			continue;
		if ((before && before->announce != ANNOUNCE_NO &&
		     before->end == found[i].at && has_desa(p, before->first)) ||
		    (behind && behind->announce == ANNOUNCE_DESA &&
		     behind->at == found[i].end + 1 && has_desa(p, behind->first)))
			found[i].announce = ANNOUNCE_KECAMATAN;
	}
}

static struct str kecamatan_name(const struct places *p, int32_t kecamatan)
{
	for (int32_t i = 0; i < p->n; i++)
		if (!p->all[i].is_desa && p->all[i].kecamatan == kecamatan)
			return p->all[i].name;
	return STR("");
}

void places_find(const struct places *p, const struct tokens *t, struct str *kecamatan,
		 struct str *desa)
{
	struct found found[FOUND_MOST];
	size_t n = names_in(p, t, found);
	int32_t k, d = -1;
	bool several = false;

	*kecamatan = *desa = STR("");
	if (n == 0)
		return;
	k = kecamatan_of(p, found, n);
	if (k < 0 && !agree(p, found, n, &k, &d)) {
		announce_beside(p, found, n);
		k = kecamatan_of(p, found, n);
	}
	if (d < 0)
		d = desa_of(p, found, n, k, &several);
	if (d >= 0)
		*desa = p->all[d].name;
	if (k < 0 && d >= 0 && !several)
		k = p->all[d].kecamatan;
	if (k >= 0)
		*kecamatan = kecamatan_name(p, k);
}
