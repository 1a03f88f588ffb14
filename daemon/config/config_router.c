/* SPDX-License-Identifier: MIT */
/*
 * From departments, places and words to the router; and once more with keywords that
 * somebody wants to try, by the same checks.
 */
#include "config/inside.h"

#include <errno.h>
#include <string.h>

#include "config/paths.h"

enum { MODEL_CEILING = 8 << 20 };

static struct router_department *router_departments(const struct config *c,
						    struct arena *arena)
{
	struct router_department *out =
		ARENA_NEW(arena, struct router_department, c->n_departments + 1);

	for (size_t i = 0; out && i < c->n_departments; i++)
		out[i] = (struct router_department){
			.code = c->departments[i].code,
			.keywords = c->departments[i].keywords,
			.not_with = c->departments[i].not_with,
			.sensitive = c->departments[i].sensitive,
			.line = c->departments[i].place,
		};
	return out;
}

static struct router_kecamatan *router_kecamatans(const struct config *c,
						  struct arena *arena)
{
	const struct config_kecamatan *from = c->places.kecamatan.items;
	size_t n = c->places.kecamatan.n;
	struct router_kecamatan *out = ARENA_NEW(arena, struct router_kecamatan, n + 1);

	for (size_t i = 0; out && i < n; i++)
		out[i] = (struct router_kecamatan){ from[i].name, from[i].also,
						    from[i].desa };
	return out;
}

static struct router_spec spec_of(const struct config *c, struct arena *arena)
{
	return (struct router_spec){
		.n_departments = c->n_departments,
		.kecamatan = router_kecamatans(c, arena),
		.n_kecamatan = c->places.kecamatan.n,
		.false_friends = c->places.false_friends,
		.neighbours = c->places.neighbours,
		.words = c->words,
		.number_width = (unsigned)c->gateway.number_width,
	};
}

void load_router(struct load *l)
{
	struct config *c = l->c;
	struct router_department *departments = router_departments(c, c->arena);
	struct router_spec spec = spec_of(c, c->arena);

	spec.departments = departments;
	l->otherwise = schema_place(l->s, schema_root(l->s), "understanding");
	if (c->understanding.model.n) {
		spec.model = file_read(c->understanding.model.p, MODEL_CEILING, c->arena);
		if (!spec.model.p)
			schema_fault(l->s,
				     schema_group(schema_root(l->s), "understanding"),
				     "model", "understanding.model: %s: %s",
				     c->understanding.model.p, strerror(errno));
	}
	if (spec.departments && spec.kecamatan)
		c->router = router_build(&spec, load_complain, l, c->arena);
}

/* The first complaint is what a human reads. */
static void first_complaint(void *arg, unsigned line, const char *sentence)
{
	struct err *err = arg;

	(void)line;
	if (err->kind == ERR_NONE)
		err_set(err, ERR_CONFIG, "%s", sentence);
}

struct router *config_router_with(const struct config *c, int department,
				  struct str_list more, struct arena *arena,
				  struct err *err)
{
	struct router_department *departments = router_departments(c, arena);
	struct router_spec spec = spec_of(c, arena);
	struct str_list *keywords;
	struct router *router;
	struct str *items;

	*err = (struct err){ .kind = ERR_NONE };
	if (!departments || !spec.kecamatan)
		return NULL;
	keywords = &departments[department].keywords;
	items = ARENA_NEW(arena, struct str, keywords->n + more.n);
	if (!items)
		return NULL;
	for (size_t i = 0; i < keywords->n; i++)
		items[i] = keywords->items[i];
	for (size_t i = 0; i < more.n; i++)
		items[keywords->n + i] = more.items[i];
	*keywords = (struct str_list){ items, keywords->n + more.n };
	spec.departments = departments;
	if (c->understanding.model.n) {
		spec.model = file_read(c->understanding.model.p, MODEL_CEILING, arena);
		if (!spec.model.p)
			return NULL;
	}
	router = router_build(&spec, first_complaint, err, arena);
	if (!router && err->kind == ERR_NONE)
		err_set(err, ERR_LIMIT, "no memory to try it");
	return router;
}
