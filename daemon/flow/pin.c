/* SPDX-License-Identifier: MIT */
/*
 * No officer's PIN stays readable in the store: it is hidden in the row of the text, and
 * in those of its parts, before the text is acted upon, whatever comes of it. Taken for a
 * PIN are digits of its length that stand where a command has it, behind "pin", alone in
 * a text, or that are this officer's PIN wherever they stand. Engine's thread.
 */
#include "flow/flow.h"

#include "base/crypto.h"
#include "model/officer.h"
#include "model/ticketno.h"

enum {
	PINS_MOST = 4,
	TRIES_MOST = 4, /* each costs about as much as a commit */
};

struct pins {
	const struct engine *e;
	const struct config_officer *by;
	struct str found[PINS_MOST];
	size_t n;
	int tries;
};

/* The next row of digits from *at on; n 0: none. */
static struct str digits_next(struct str text, size_t *at)
{
	size_t from, i = *at;

	while (i < text.n && (text.p[i] < '0' || text.p[i] > '9'))
		i++;
	for (from = i; i < text.n && text.p[i] >= '0' && text.p[i] <= '9';)
		i++;
	*at = i;
	return str_slice(text, from, i);
}

static bool is_found(const struct pins *p, struct str digits)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->found[i], digits))
			return true;
	return false;
}

static bool is_his(struct pins *p, struct str digits)
{
	return p->by->pin.n && p->tries++ < TRIES_MOST &&
	       crypto_pin_right(p->by->pin, digits);
}

/* "pin 1234", "PIN: 1234" */
static bool behind_pin(struct str text, size_t at)
{
	static const struct str between = STR_INIT(" :=.-");

	while (at && str_find_char(between, text.p[at - 1]) < between.n)
		at--;
	return at >= 3 && str_eq_nocase(str_slice(text, at - 3, at), STR("pin"));
}

static bool is_number(const struct engine *e, struct str digits)
{
	int64_t no;

	return ticketno_read(digits, (unsigned)e->config->gateway.number_width, &no,
			     NULL) == digits.n;
}

static void pins_find(struct pins *p, struct str text, const struct officer_command *read)
{
	size_t at = 0;
	struct str d;

	while (p->n < PINS_MOST && (d = digits_next(text, &at)).n) {
		bool alone = d.n == str_trim(text).n;
		bool placed = officer_needs_pin(read->kind) && str_eq(read->pin, d);

		if (!officer_is_pin(d) || is_found(p, d))
			continue;
		if (placed || behind_pin(text, at - d.n) ||
		    (alone && !is_number(p->e, d)) || is_his(p, d))
			p->found[p->n++] = d;
	}
}

/* n 0: no room. */
static struct str starred(const struct pins *p, struct str text)
{
	struct str s = arena_str(p->e->item, text), d;
	size_t at = 0;

	while ((d = digits_next(s, &at)).n)
		if (is_found(p, d))
			memset((char *)(uintptr_t)d.p, '*', d.n);
	return s;
}

/* Joined again, so that a PIN across two of them is found. */
static int parts_hide(struct engine *e, const struct pins *p, int64_t group,
		      struct err *err)
{
	struct part *parts;
	size_t n, bytes = 0;
	struct str whole;
	char *joined;

	if (store_parts(e->store, group, e->item, &parts, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		bytes += parts[i].text.n;
	joined = arena_alloc(e->item, bytes + 1, 1);
	if (!joined)
		return err_set(err, ERR_LIMIT, "no room to hide a PIN");
	bytes = 0;
	for (size_t i = 0; i < n; bytes += parts[i++].text.n)
		if (parts[i].text.n)
			memcpy(joined + bytes, parts[i].text.p, parts[i].text.n);
	whole = starred(p, str_from(joined, bytes));
	if (!whole.p)
		return err_set(err, ERR_LIMIT, "no room to hide a PIN");
	bytes = 0;
	for (size_t i = 0; i < n; i++) {
		struct str text = str_slice(whole, bytes, bytes + parts[i].text.n);

		bytes += text.n;
		if (!str_eq(text, parts[i].text) &&
		    store_in_rewrite(e->store, parts[i].message_id, text, err))
			return -1;
	}
	return 0;
}

int pins_hide(struct engine *e, const struct heard *h, const struct config_officer *by,
	      const struct officer_command *read, struct str *hidden, struct err *err)
{
	struct pins p = { .e = e, .by = by };

	*hidden = h->text;
	pins_find(&p, h->text, read);
	if (p.n == 0)
		return 0;
	*hidden = starred(&p, h->text);
	if (!hidden->p)
		return err_set(err, ERR_LIMIT, "no room to hide a PIN");
	if (store_in_rewrite(e->store, h->id, *hidden, err))
		return -1;
	return h->group ? parts_hide(e, &p, h->group, err) : 0;
}
