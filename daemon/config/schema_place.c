/* SPDX-License-Identifier: MIT */
/*
 * Where a setting stands, as people would name it from where they are, and faults that
 * say so. Main's thread.
 */
#include "config/schema_inside.h"

#include <stdio.h>

#include "config/faults.h"

enum { LINE_BITS = 22 };

struct str place_folder_in(const char *file)
{
	const char *slash = strrchr(file, '/');

	return str_from(file, slash ? (size_t)(slash - file) + 1 : 0);
}

const char *place_included(const struct schema *s, const struct node *at)
{
	const char *file = node_file(at);

	return file && !str_eq(str_of(file), str_of(s->file)) ? file : NULL;
}

const char *place_file(struct schema *s, const struct node *at)
{
	const char *file = place_included(s, at);
	struct str whole;

	if (!file || file[0] == '/')
		return file ? file : s->file;
	whole = arena_printf(s->arena, "%.*s%s", STR_ARG(place_folder_in(s->file)), file);
	return whole.p ? whole.p : file;
}

/* The whole file has no line of its own. */
unsigned place_line(const struct node *at)
{
	unsigned line = node_line(at);

	return line ? line : 1;
}

unsigned place_of(struct schema *s, const struct node *at)
{
	const char *file = place_file(s, at);
	unsigned i = 0, line = place_line(at);

	while (i < s->n_files && !str_eq(str_of(file), str_of(s->files[i])))
		i++;
	if (i == s->n_files && i < FILES_MOST)
		s->files[s->n_files++] = file;
	if (i == FILES_MOST || line >> LINE_BITS)
		return 0;
	return i << LINE_BITS | line;
}

/* ---- faults ---- */

__attribute__((format(printf, 3, 0))) static void fault_at(struct schema *s,
							   const struct node *at,
							   const char *format,
							   va_list args)
{
	char sentence[600];

	vsnprintf(sentence, sizeof(sentence), format, args);
	faults_add(s->faults, place_file(s, at), place_line(at), sentence);
	++*s->n_faults;
}

void schema_say(struct schema *s, const struct node *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_at(s, at, format, args);
	va_end(args);
}

void schema_fault(struct schema *s, const struct schema_group *group, const char *name,
		  const char *format, ...)
{
	const struct node *at = node_of(group);
	const struct node *member = name ? node_member(at, name) : NULL;
	va_list args;

	va_start(args, format);
	fault_at(s, member ? member : at, format, args);
	va_end(args);
}

void schema_note(struct schema *s, const struct schema_group *group, const char *name,
		 const char *format, ...)
{
	const struct node *at = node_of(group), *member = node_member(at, name);
	char words[500], sentence[600];
	va_list args;

	if (!s->notes)
		return;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	at = member ? member : at;
	snprintf(sentence, sizeof(sentence), "note: %s", words);
	faults_add(s->notes, place_file(s, at), place_line(at), sentence);
}

void schema_item_fault(struct schema *s, const struct schema_group *group,
		       const char *name, size_t i, const char *format, ...)
{
	const struct node *list = node_member(node_of(group), name);
	const struct node *item = list ? node_item(list, i) : NULL;
	va_list args;

	va_start(args, format);
	fault_at(s, item ? item : node_of(group), format, args);
	va_end(args);
}

/* ---- for those who read ---- */

unsigned schema_place(struct schema *s, const struct schema_group *group,
		      const char *name)
{
	const struct node *at = node_of(group);
	const struct node *member = name ? node_member(at, name) : NULL;

	return place_of(s, member ? member : at);
}

unsigned schema_place_line(unsigned place)
{
	return place & ((1U << LINE_BITS) - 1);
}

const char *schema_place_file(const struct schema *s, unsigned place)
{
	return place >> LINE_BITS < s->n_files ? s->files[place >> LINE_BITS] : s->file;
}
