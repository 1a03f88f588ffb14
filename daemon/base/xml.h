/* SPDX-License-Identifier: MIT */
/*
 * XML 1.0 read and written, over libxml2. Reading is for small answers of others: a
 * ceiling on size and depth, no document type, so no entities but the five of XML itself,
 * and nothing is ever fetched. Elements of a tree live as long as it; attributes and
 * comments are passed over. Writing escapes by itself and cannot leave an element open.
 */
#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/arena.h"
#include "base/err.h"

enum { XML_BYTES_MOST = 1 << 20, XML_DEPTH_MOST = 32 };

struct xml;	    /* in truth an xmlDoc */
struct xml_element; /* … an xmlNode */

/* To be released with xml_free; NULL and *err (ERR_NEVER) otherwise. */
struct xml *xml_parse(struct str text, struct err *err);
void xml_free(struct xml *xml);
const struct xml_element *xml_root(const struct xml *xml);
/* The first child, or the next sibling, of that name (NULL: of any); NULL: none. They
 * accept NULL, so that paths may be walked without checks. Namespaces are passed over. */
const struct xml_element *xml_child(const struct xml_element *element, const char *name);
const struct xml_element *xml_next(const struct xml_element *element, const char *name);
struct str xml_name(const struct xml_element *element);
/* All text within, trimmed; n 0 for NULL or at the arena's ceiling. */
struct str xml_text(const struct xml_element *element, struct arena *arena);

struct xml_writer;

/* NULL: no memory; the others accept it. What fails shows in xml_end only. */
struct xml_writer *xml_begin(size_t ceiling_bytes);
/* Names are ours, and names in XML. */
void xml_open(struct xml_writer *w, const char *name);
void xml_close(struct xml_writer *w);
/* <name>value</name>; what XML cannot hold is left out of the value. */
void xml_put(struct xml_writer *w, const char *name, struct str value);
/* Closes what is open and releases the writer. p NULL: no room. */
struct str xml_end(struct xml_writer *w, struct arena *arena);

#endif
