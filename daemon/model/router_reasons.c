/* SPDX-License-Identifier: MIT */
/*
 * Why a text was understood so: the reasons that a decision carries, and what of the text
 * spoke most for what the model says. Pure.
 */
#include "model/router_inside.h"

static const float little = 0.3f; /* logits that are worth naming */

void router_reason(struct routed *t, const char *what, struct str matched,
		   struct str seen, int department, double weight)
{
	if (t->out->n_reasons == REASONS_MOST)
		return;
	t->out->reasons[t->out->n_reasons++] = (struct router_reason){
		.what = str_of(what),
		.matched = matched,
		.seen = seen,
		.department = department,
		.weight = weight,
	};
}

/* The words that spoke most for a class of the model. */
static void explain_words(struct routed *t, int class, int department)
{
	float parts[TEXT_TOKENS];

	if (class < 0)
		return;
	classify_explain(&t->r->model, t->features, t->n_features, (size_t) class, parts,
			 t->tokens->n);
	for (int k = 0; k < MODEL_REASONS; k++) {
		size_t best = 0;

		for (size_t i = 1; i < t->tokens->n; i++)
			if (parts[i] > parts[best])
				best = i;
		if (t->tokens->n == 0 || parts[best] < little)
			return;
		router_reason(t, "model", t->tokens->items[best].word,
			      t->tokens->items[best].seen, department,
			      (double)parts[best]);
		parts[best] = 0;
	}
}

void router_reasons_model(struct routed *t, size_t choice)
{
	if (t->r->has_model)
		explain_words(t, t->r->class_of[choice],
			      choice < t->r->spec.n_departments ? (int)choice : -1);
}

/* The words and the sign that spoke most for an accusation. */
void router_reasons_accusation(struct routed *t, int department)
{
	const struct feature *best = NULL;
	float most = little;

	explain_words(t, t->r->accusation_class, department);
	for (size_t i = 0; i < t->n_signs; i++) {
		float w = classify_score_one(&t->r->model, &t->signs[i], 1,
					     (size_t)t->r->accusation_class);

		if (w > most) {
			most = w;
			best = &t->signs[i];
		}
	}
	if (best)
		router_reason(t, "signs",
			      rules_sign_text(t->r->together, best, t->scratch), STR(""),
			      department, (double)most);
}
