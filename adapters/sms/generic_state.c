/* SPDX-License-Identifier: MIT */
/*
 * The cursor of a generic provider: how the state text is written and read, and how a
 * page moves it. Pure.
 */
#include "sms/generic.h"
#include "sms/common.h"

enum { STATE_MOST = 8 };

static int no_room(struct err *err)
{
	return err_set(err, ERR_LIMIT, "no room in the arena");
}

int generic_state_read(struct str text, struct arena *arena, struct generic_state *out,
		       struct err *err)
{
	struct generic_state state = { .size = 0 };
	struct str_pairs form;

	if (!str_starts(text, STR("at="))) { /* written by nobody, or by hand */
		state.at = text;
		*out = state;
		return 0;
	}
	if (form_parse(text, STATE_MOST, arena, &form, err))
		return -1;
	state.at = pairs_get(form, STR("at"));
	state.page = pairs_get(form, STR("page"));
	state.next = pairs_get(form, STR("next"));
	if (!str_to_int(pairs_get(form, STR("size")), &state.size) || state.size < 0)
		state.size = 0;
	*out = state;
	return 0;
}

struct str generic_state_write(const struct generic_state *s, struct arena *arena)
{
	struct str_pair fields[STATE_MOST] = { { STR("at"), s->at } };
	struct str_pairs form = { fields, 1 };

	if (s->page.n)
		fields[form.n++] = (struct str_pair){ STR("page"), s->page };
	if (s->next.n)
		fields[form.n++] = (struct str_pair){ STR("next"), s->next };
	if (s->size)
		fields[form.n++] = (struct str_pair){
			STR("size"), arena_printf(arena, "%lld", (long long)s->size)
		};
	return form_encode(form, arena);
}

/* The greater as numbers; a is kept where b is none. */
static struct str greater(struct str a, struct str b)
{
	int64_t x, y;

	if (!str_to_int(b, &y))
		return a;
	return str_to_int(a, &x) && x >= y ? a : b;
}

static struct str id_of(const struct generic_fields *f, const struct sms_in *in)
{
	return str_slice(in->external_id, f->id_prefix.n, in->external_id.n);
}

static struct str highest_id(const struct generic_fields *f, const struct sms_page *page)
{
	struct str highest = { NULL, 0 };

	for (size_t i = 0; i < page->n; i++)
		highest = greater(highest, id_of(f, &page->items[i]));
	return highest;
}

static struct str last_id(const struct generic_fields *f, const struct sms_page *page)
{
	for (size_t i = page->n; i-- > 0;)
		if (page->items[i].external_id.n)
			return id_of(f, &page->items[i]);
	return str_from(NULL, 0);
}

/* A clock that runs ahead must not carry the cursor past what has yet to come. */
static struct str latest_time(const struct sms_ctx *ctx, const struct sms_page *page)
{
	int64_t latest = 0;

	for (size_t i = 0; i < page->n; i++)
		if (page->items[i].sent_ms > latest)
			latest = page->items[i].sent_ms;
	if (latest > ctx->wall_ms)
		latest = ctx->wall_ms;
	return latest ? arena_printf(ctx->arena, "%lld", (long long)latest)
		      : str_from(NULL, 0);
}

/* The cursor that this page alone would give; n 0: none. */
static struct str cursor_of(const struct sms_ctx *ctx, const struct json *root,
			    const struct sms_page *page)
{
	const struct generic_poll *p = &((const struct generic *)ctx->settings)->poll;

	switch ((enum generic_cursor)p->cursor) {
	case CURSOR_HIGHEST:
		return highest_id(&p->fields, page);
	case CURSOR_LAST:
		return last_id(&p->fields, page);
	case CURSOR_TIME:
		return latest_time(ctx, page);
	case CURSOR_PATH:
		return json_text(json_at(root, p->cursor_path), ctx->arena);
	case CURSOR_AUTO:
	case CURSOR_NONE:
		break;
	}
	return str_from(NULL, 0);
}

/* Of an earlier cursor and a later page's. */
static struct str further(const struct generic_poll *p, struct str have, struct str got)
{
	bool number = p->cursor == CURSOR_HIGHEST || p->cursor == CURSOR_TIME;

	if (have.n == 0 || got.n == 0)
		return got.n ? got : have;
	if (number)
		return greater(have, got);
	return p->order == NEWEST_FIRST && p->cursor == CURSOR_LAST ? have : got;
}

/* The mark of the page that follows; n 0: this was the last. */
static struct str next_page(const struct sms_ctx *ctx, const struct json *root,
			    const struct sms_page *page, struct str asked)
{
	const struct generic_poll *p = &((const struct generic *)ctx->settings)->poll;
	struct str mark = { NULL, 0 };
	bool more = true;

	if (p->next.n == 0 || page->n == 0)
		return mark;
	if (p->more.n && !json_bool(json_at(root, p->more), &more))
		more = json_text(json_at(root, p->more), ctx->arena).n > 0;
	if (more)
		mark = json_text(json_at(root, p->next), ctx->arena);
	return str_eq(mark, asked) ? str_from(NULL, 0) : mark;
}

/* A list that is cut at its largest size: what was cut off can only be seen by a human.
 */
static int say_cut(const struct sms_ctx *ctx, const struct generic_state *state,
		   struct sms_page *page, struct err *err)
{
	struct sms_in *in = &page->items[page->n];

	in->external_id = sms_id_join(ctx->arena, STR("cut:"), state->at);
	in->text = STR("The provider's list was cut at page_most messages; older ones "
		       "may be missing. Raise poll.page_most.");
	in->bad = STR("a full page of page_most messages");
	page->n++;
	return in->external_id.p ? 0 : no_room(err);
}

static bool same(const struct generic_state *a, const struct generic_state *b)
{
	return str_eq(a->at, b->at) && str_eq(a->page, b->page) &&
	       str_eq(a->next, b->next) && a->size == b->size;
}

/*
 * A full page of a newest-first list has lost its oldest messages: the cursor stays and a
 * larger page is asked for. Otherwise the cursor moves when no further page is promised.
 */
int generic_move(const struct sms_ctx *ctx, const struct json *root,
		 const struct generic_state *was, struct sms_page *page, struct err *err)
{
	const struct generic_poll *p = &((const struct generic *)ctx->settings)->poll;
	int64_t size = was->size ? was->size : p->page_size;
	bool cut = p->page_size && p->order == NEWEST_FIRST && (int64_t)page->n >= size;
	struct generic_state now = { .at = was->at };

	if (cut) {
		now.size = size * 2 < p->page_most ? size * 2 : p->page_most;
		if (size >= p->page_most && say_cut(ctx, was, page, err))
			return -1;
	} else {
		now.page = next_page(ctx, root, page, was->page);
		now.next = further(p, was->next, cursor_of(ctx, root, page));
	}
	if (!cut && now.page.n == 0) {
		now.at = further(p, was->at, now.next);
		now.next = str_from(NULL, 0);
	}
	if (same(&now, was))
		return 0;
	page->state = generic_state_write(&now, ctx->arena);
	/* A mark of the provider's own may be another one in every answer. */
	page->more = now.page.n || now.size > was->size ||
		     (p->cursor != CURSOR_PATH && !str_eq(now.at, was->at));
	return page->state.p ? 0 : no_room(err);
}
