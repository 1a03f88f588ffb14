/* SPDX-License-Identifier: MIT */
/*
 * What we asked somebody, kept until it is answered or out of date, so that a bare "1",
 * "ya" or an address is understood (model/context.h). One question a person: the newest
 * counts.
 */
#include "flow/flow.h"

int asking_set(struct engine *e, struct person *p, const struct asking *asking,
	       struct err *err)
{
	struct buf choices = BUF_INIT(400);
	struct asked_row row = {
		.asked = str_of(asked_name(asking->asked)),
		.no = asking->no,
		.command = str_of(command_name(asking->command)),
		.message_id = asking->message_id,
		.asked_ms = e->wall_ms,
		.expires_ms = e->wall_ms + asked_lasts_ms(asking->asked),
	};
	int rc;

	for (size_t i = 0; i < asking->n_choices; i++)
		buf_printf(&choices, "%s%.*s", i ? " " : "", STR_ARG(asking->choices[i]));
	row.choices = buf_str(&choices);
	rc = choices.failed ? err_set(err, ERR_LIMIT, "no room for a question")
			    : store_asked_set(e->store, p, &row, err);
	buf_free(&choices);
	return rc;
}

int asking_about(struct engine *e, struct person *p, enum asked asked, int64_t no,
		 struct err *err)
{
	return asking_set(e, p, &(struct asking){ .asked = asked, .no = no }, err);
}

static enum command_kind command_of(struct str name)
{
	for (int k = 0; k < COMMAND_COUNT; k++)
		if (str_eq(name, str_of(command_name((enum command_kind)k))))
			return (enum command_kind)k;
	return COMMAND_NONE;
}

static void choices_read(struct asking *a, struct str list)
{
	while (list.n && a->n_choices < ASKING_CHOICES) {
		size_t n = str_find_char(list, ' ');

		a->choices[a->n_choices++] = str_slice(list, 0, n);
		list = str_trim(str_slice(list, n, list.n));
	}
}

int asking_get(struct engine *e, struct person *p, struct asking *out, bool *found,
	       struct err *err)
{
	struct asked_row row;

	*out = (struct asking){ .asked = ASKED_NOTHING };
	if (store_asked_get(e->store, p, e->item, &row, found, err))
		return -1;
	if (!*found)
		return 0;
	if (row.expires_ms <= e->wall_ms || !asked_read(row.asked, &out->asked)) {
		*found = false;
		return store_asked_remove(e->store, p, err);
	}
	out->no = row.no;
	out->command = command_of(row.command);
	out->message_id = row.message_id;
	out->text = row.text;
	out->asked_ms = row.asked_ms;
	out->expires_ms = row.expires_ms;
	choices_read(out, row.choices);
	return 0;
}

struct context asking_context(const struct asking *a)
{
	struct context c = {
		.asked = a->asked,
		.no = a->no,
		.choices = a->asked == ASKED_CHOICE ? (unsigned)a->n_choices : 0,
		.asked_ms = a->asked_ms,
		.expires_ms = a->expires_ms,
	};

	for (size_t i = 0; a->asked == ASKED_WHICH && i < a->n_choices &&
			   c.n_which < CONTEXT_WHICH_MOST;
	     i++)
		if (str_to_int(a->choices[i], &c.which[c.n_which]))
			c.n_which++;
	return c;
}
