/* SPDX-License-Identifier: MIT */
/* A decision shown, for programs and for people. Pure. */
#include <stdio.h>

#include "model/router_inside.h"

static struct json *code_json(const struct router *r, int department)
{
	return department < 0 ? json_new_null()
			      : json_new_str(r->spec.departments[department].code);
}

static double rounded(double x)
{
	return (double)(int64_t)(x * 1000 + 0.5) / 1000;
}

static struct json *alternatives_json(const struct router *r, const struct routing *g)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < g->n_alternatives; i++) {
		struct json *o = json_new_object();

		json_set(o, "department", code_json(r, g->alternatives[i].department));
		json_set(o, "score", json_new_real(rounded(g->alternatives[i].score)));
		json_add(list, o);
	}
	return list;
}

static struct json *place_json(struct str name)
{
	return name.n ? json_new_str(name) : json_new_null();
}

struct json *router_json(const struct router *r, const struct routing *g)
{
	struct json *o = json_new_object(), *matched = json_new_array();

	json_set(o, "kind", json_new_str(str_of(text_kind_name(g->kind))));
	json_set(o, "department", code_json(r, g->department));
	json_set(o, "score", json_new_real(rounded(g->score)));
	json_set(o, "alternatives", alternatives_json(r, g));
	for (size_t i = 0; i < g->n_reasons; i++)
		if (!str_eq(g->reasons[i].what, STR("suspicion")))
			json_add(matched, json_new_str(g->reasons[i].matched));
	json_set(o, "matched", matched);
	if (g->kind == KIND_UNCLEAR && g->nearest.score > 0) {
		json_set(o, "nearest", code_json(r, g->nearest.department));
		json_set(o, "nearest_score", json_new_real(rounded(g->nearest.score)));
		json_set(o, "no_complaint", json_new_real(rounded(g->others)));
	}
	if (g->suspected)
		json_set(o, "suspected", json_new_bool(true));
	json_set(o, "urgent", json_new_bool(g->urgent));
	json_set(o, "sensitive", json_new_bool(g->sensitive));
	json_set(o, "kecamatan", place_json(g->kecamatan));
	json_set(o, "desa", place_json(g->desa));
	return o;
}

static void explain_reason(const struct router *r, const struct routing *g,
			   const struct router_reason *why, struct buf *out)
{
	if (str_eq(why->what, STR("suspicion")) && g->suspected) {
		buf_printf(out,
			   "  suspicion %.*s is sensitive: %.0f %% by its words alone, a "
			   "human looks\n",
			   STR_ARG(why->matched), why->weight * 100);
		return;
	}
	if (str_eq(why->what, STR("suspicion"))) {
		buf_printf(out,
			   "  suspicion %.*s is sensitive: %.0f %% are enough to keep it "
			   "there\n",
			   STR_ARG(why->matched), why->weight * 100);
		return;
	}
	buf_printf(out, "  %-9.*s \"%.*s\"", STR_ARG(why->what), STR_ARG(why->matched));
	if (why->seen.n && !str_eq(why->seen, why->matched))
		buf_printf(out, " (written \"%.*s\")", STR_ARG(why->seen));
	if (why->department >= 0)
		buf_printf(out, " %+.1f %.*s", why->weight,
			   STR_ARG(r->spec.departments[why->department].code));
	buf_add_char(out, '\n');
}

/* Words may be known and yet not enough. */
static void explain_unclear(const struct router *r, const struct routing *g,
			    struct buf *out)
{
	const struct router_candidate *c = &g->nearest;

	if (g->suspected)
		buf_add(out, STR("  because   it may accuse somebody in office: a human "
				 "decides who may read it\n"));
	if (g->suspected || g->kind != KIND_UNCLEAR || (c->score <= 0 && g->others <= 0))
		return;
	if (c->score < g->wanted)
		buf_printf(out,
			   "  because   no department is likely enough: %.*s, %.0f %% of "
			   "%.0f\n",
			   STR_ARG(r->spec.departments[c->department].code),
			   c->score * 100, g->wanted * 100);
	else
		buf_printf(out, "  nearest   %.*s, %.0f %%\n",
			   STR_ARG(r->spec.departments[c->department].code),
			   c->score * 100);
	if (g->others > g->others_most)
		buf_printf(out,
			   "  because   it may be no complaint at all: %.0f %%, at most "
			   "%.0f\n",
			   g->others * 100, g->others_most * 100);
}

void router_explain(const struct router *r, const struct routing *g, struct buf *out)
{
	buf_add(out, str_of(text_kind_name(g->kind)));
	if (g->department >= 0)
		buf_printf(out, " for %.*s",
			   STR_ARG(r->spec.departments[g->department].code));
	buf_printf(out, ", %.0f %% sure%s%s\n", g->score * 100,
		   g->urgent ? ", URGENT" : "", g->sensitive ? ", sensitive" : "");
	if (g->kecamatan.n || g->desa.n)
		buf_printf(out, "  place     desa %.*s, kecamatan %.*s\n",
			   STR_ARG(g->desa.n ? g->desa : STR("-")),
			   STR_ARG(g->kecamatan.n ? g->kecamatan : STR("-")));
	for (size_t i = 0; i < g->n_reasons; i++)
		explain_reason(r, g, &g->reasons[i], out);
	explain_unclear(r, g, out);
	for (size_t i = 0; i < g->n_alternatives; i++)
		buf_printf(
			out, "  or else   %.*s, %.0f %%\n",
			STR_ARG(r->spec.departments[g->alternatives[i].department].code),
			g->alternatives[i].score * 100);
}
