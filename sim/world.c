/* SPDX-License-Identifier: MIT */
/*
 * Handsets and what passed between them and the provider. Everything grows by doubling;
 * nothing is scanned for a request.
 */
#include "sim.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"

enum { HANDSETS = 1024, INBOX = 1024 };

int world_init(struct world *w, int64_t first_id)
{
	*w = (struct world){ .first_id = first_id, .last_sent_id = (uint64_t)first_id };
	w->handsets_room = HANDSETS;
	w->index_size = HANDSETS * 4;
	w->inbox_room = INBOX;
	w->handsets = calloc(w->handsets_room, sizeof(*w->handsets));
	w->index = calloc(w->index_size, sizeof(*w->index));
	w->inbox = calloc(w->inbox_room, sizeof(*w->inbox));
	return w->handsets && w->index && w->inbox ? 0 : -1;
}

void world_free(struct world *w)
{
	for (uint32_t i = 0; i < w->n_handsets; i++) {
		struct entry *next;

		for (struct entry *e = w->handsets[i].first; e; e = next) {
			next = e->next;
			free(e);
		}
	}
	free(w->handsets);
	free(w->index);
	free(w->inbox);
}

static uint32_t *slot_of(const struct world *w, struct str number)
{
	uint32_t at = (uint32_t)str_hash(number) & (w->index_size - 1);

	while (w->index[at] && !str_eq(w->handsets[w->index[at] - 1].number, number))
		at = (at + 1) & (w->index_size - 1);
	return &w->index[at];
}

static bool handsets_grow(struct world *w)
{
	uint32_t room = w->handsets_room * 2;
	struct handset *grown = realloc(w->handsets, room * sizeof(*grown));
	uint32_t *index = calloc((size_t)room * 4, sizeof(*index));

	if (grown)
		w->handsets = grown;
	if (!grown || !index) {
		free(index);
		return false;
	}
	free(w->index);
	w->index = index;
	w->index_size = room * 4;
	w->handsets_room = room;
	for (uint32_t i = 0; i < w->n_handsets; i++)
		*slot_of(w, w->handsets[i].number) = i + 1;
	return true;
}

uint32_t world_handset(struct world *w, struct str number)
{
	uint32_t *slot = slot_of(w, number);
	char *copy;

	if (*slot)
		return *slot - 1;
	if (w->n_handsets == w->handsets_room && !handsets_grow(w))
		return UINT32_MAX;
	copy = malloc(number.n + 1);
	if (!copy)
		return UINT32_MAX;
	if (number.n)
		memcpy(copy, number.p, number.n);
	w->handsets[w->n_handsets] = (struct handset){
		.number = { copy, number.n },
		.load_index = -1,
	};
	*slot_of(w, number) = ++w->n_handsets;
	/* cppcheck-suppress memleak ; the handset owns it */
	return w->n_handsets - 1;
}

bool world_note(struct world *w, uint32_t handset, bool received, struct str text)
{
	struct handset *h = &w->handsets[handset];
	struct entry *e = malloc(sizeof(*e) + text.n + 1);
	char *copy = (char *)(e + 1);

	if (!e)
		return false;
	if (text.n)
		memcpy(copy, text.p, text.n);
	*e = (struct entry){
		.received = received,
		.at_ms = clock_wall_ms(),
		.text = { copy, text.n },
	};
	*(h->last ? &h->last->next : &h->first) = e;
	h->last = e;
	return true;
}

static struct mo *inbox_add(struct world *w, uint32_t handset, struct str to,
			    struct str text)
{
	struct mo *grown;

	if (w->n_inbox == w->inbox_room) {
		grown = realloc(w->inbox, w->inbox_room * 2 * sizeof(*grown));
		if (!grown)
			return NULL;
		w->inbox = grown;
		w->inbox_room *= 2;
	}
	w->inbox[w->n_inbox] = (struct mo){
		.id = w->first_id + (int64_t)w->n_inbox,
		.handset = handset,
		.to = to,
		.text = text,
		.at_ms = clock_wall_ms(),
	};
	w->handsets[handset].sent++;
	return &w->inbox[w->n_inbox++];
}

int64_t world_text(struct world *w, uint32_t handset, struct str to, struct str text)
{
	struct mo *mo = inbox_add(w, handset, to, text);

	return mo ? mo->id : 0;
}

/* Where a part of at most `units` characters ends. */
static size_t part_end(struct str text, size_t from, size_t units)
{
	size_t at = from;

	while (units-- && utf8_next(text, &at) >= 0)
		;
	return at;
}

static size_t parts_of(struct str text, size_t units)
{
	size_t n = 0, at = 0;

	while (at < text.n) {
		at = part_end(text, at, units);
		n++;
	}
	return n ? n : 1;
}

int64_t world_say(struct world *w, struct str from, struct str to, struct str text,
		  size_t units)
{
	uint32_t handset = world_handset(w, from), ours = world_handset(w, to);
	size_t total, at = 0;
	struct str kept;
	static uint32_t ref;
	int64_t id = 0;

	if (handset == UINT32_MAX || ours == UINT32_MAX ||
	    !world_note(w, handset, false, text))
		return 0;
	kept = w->handsets[handset].last->text; /* lives as long as the world */
	total = units ? parts_of(kept, units) : 1;
	ref = (ref + 1) & 255;
	for (size_t part = 1; part <= total && part < 256; part++) {
		size_t end = total == 1 ? kept.n : part_end(kept, at, units);
		struct mo *mo = inbox_add(w, handset, w->handsets[ours].number,
					  str_slice(kept, at, end));

		if (!mo)
			return 0;
		mo->generic = units > 0;
		if (total > 1) {
			mo->ref = ref;
			mo->total = (uint8_t)total;
			mo->part = (uint8_t)part;
		}
		at = end;
		id = mo->id;
	}
	return id;
}
