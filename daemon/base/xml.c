/* SPDX-License-Identifier: MIT */
/* XML over libxml2, the only file that knows of it. Any thread, one at a time for each
 * tree or writer. */
#include "base/xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlwriter.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"

/* ---- reading ---- */

/* A document type is where entities, and what they fetch or multiply, come from: there
 * is none in what we read. */
static void refuse_type(void *context, const xmlChar *name, const xmlChar *external,
			const xmlChar *system)
{
	xmlParserCtxtPtr ctxt = context;

	(void)name;
	(void)external;
	(void)system;
	ctxt->wellFormed = 0;
	xmlStopParser(ctxt);
}

/* Without recursion: the other side says how deep it goes. */
static bool too_deep(const xmlNode *root)
{
	const xmlNode *at = root;
	int depth = 1;

	while (at) {
		if (depth > XML_DEPTH_MOST)
			return true;
		if (at->type == XML_ELEMENT_NODE && at->children) {
			at = at->children;
			depth++;
			continue;
		}
		while (at != root && !at->next) {
			at = at->parent;
			depth--;
		}
		if (at == root)
			return false;
		at = at->next;
	}
	return false;
}

/* The library quotes what it has read: any byte. */
static struct str ascii(const char *message, char *out, size_t size)
{
	size_t n = 0;

	for (; n < size && message[n] && message[n] != '\n'; n++)
		out[n] = message[n] >= ' ' && message[n] <= '~' ? message[n] : '?';
	return str_trim(str_from(out, n));
}

static int fault(const struct str *text, xmlParserCtxtPtr ctxt, struct err *err)
{
	const xmlError *last = xmlCtxtGetLastError(ctxt);
	char room[200];
	struct str words = ascii(last && last->message ? last->message : "no element",
				 room, sizeof(room));

	if (str_find(*text, STR("<!DOCTYPE")) < text->n)
		return err_set(err, ERR_NEVER,
			       "XML with a document type, which is not read");
	return err_set(err, ERR_NEVER, "no XML: line %d: %.*s", last ? last->line : 1,
		       STR_ARG(words));
}

struct xml *xml_parse(struct str text, struct err *err)
{
	xmlParserCtxtPtr ctxt;
	xmlDocPtr doc = NULL;
	bool good;

	if (text.n == 0 || text.n > XML_BYTES_MOST) {
		err_set(err, ERR_NEVER, "no XML: %s", text.n ? "too large" : "empty");
		return NULL;
	}
	ctxt = xmlNewParserCtxt();
	if (!ctxt) {
		err_set(err, ERR_LIMIT, "no memory to read XML");
		return NULL;
	}
	ctxt->sax->internalSubset = refuse_type;
	ctxt->sax->externalSubset = refuse_type;
	doc = xmlCtxtReadMemory(ctxt, text.p, (int)text.n, NULL, NULL,
				XML_PARSE_NONET | XML_PARSE_NOERROR |
					XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
	good = doc && ctxt->wellFormed && !doc->intSubset && xmlDocGetRootElement(doc);
	if (!good)
		fault(&text, ctxt, err);
	else if (too_deep(xmlDocGetRootElement(doc))) {
		err_set(err, ERR_NEVER, "XML deeper than %d elements", XML_DEPTH_MOST);
		good = false;
	}
	xmlFreeParserCtxt(ctxt);
	if (good)
		return (struct xml *)doc;
	xmlFreeDoc(doc);
	return NULL;
}

void xml_free(struct xml *xml)
{
	xmlFreeDoc((xmlDocPtr)xml);
}

const struct xml_element *xml_root(const struct xml *xml)
{
	return (const struct xml_element *)(xml ? xmlDocGetRootElement(
							  (const xmlDoc *)xml)
						: NULL);
}

static const struct xml_element *first_of(const xmlNode *node, const char *name)
{
	while (node && (node->type != XML_ELEMENT_NODE ||
			(name && strcmp((const char *)node->name, name) != 0)))
		node = node->next;
	return (const struct xml_element *)node;
}

const struct xml_element *xml_child(const struct xml_element *element, const char *name)
{
	const xmlNode *node = (const xmlNode *)element;

	return node ? first_of(node->children, name) : NULL;
}

const struct xml_element *xml_next(const struct xml_element *element, const char *name)
{
	const xmlNode *node = (const xmlNode *)element;

	return node ? first_of(node->next, name) : NULL;
}

struct str xml_name(const struct xml_element *element)
{
	const xmlNode *node = (const xmlNode *)element;

	return node ? str_of((const char *)node->name) : STR("");
}

struct str xml_text(const struct xml_element *element, struct arena *arena)
{
	xmlChar *content = element ? xmlNodeGetContent((const xmlNode *)element) : NULL;
	struct str text = str_trim(str_of((const char *)content));

	text = arena_str(arena, text);
	xmlFree(content);
	return text.p ? text : STR("");
}

/* ---- writing ---- */

struct xml_writer {
	xmlTextWriterPtr to;
	struct buf out;
	struct buf value; /* scratch */
	int open;
	bool failed;
};

/* What does not fit shows at the end: a failure here would be printed by the library. */
static int take(void *context, const char *bytes, int n)
{
	struct xml_writer *w = context;

	buf_add(&w->out, str_from(bytes, (size_t)n));
	return n;
}

static void keep(struct xml_writer *w, int result)
{
	if (result < 0)
		w->failed = true;
}

struct xml_writer *xml_begin(size_t ceiling_bytes)
{
	struct xml_writer *w = calloc(1, sizeof(*w));
	xmlOutputBufferPtr sink;

	if (!w)
		return NULL;
	w->out = (struct buf)BUF_INIT(ceiling_bytes);
	w->value = (struct buf)BUF_INIT(ceiling_bytes);
	sink = xmlOutputBufferCreateIO(take, NULL, w, NULL);
	w->to = sink ? xmlNewTextWriter(sink) : NULL;
	if (!w->to) {
		xmlOutputBufferClose(sink);
		free(w);
		return NULL;
	}
	keep(w, xmlTextWriterStartDocument(w->to, "1.0", "utf-8", NULL));
	return w;
}

void xml_open(struct xml_writer *w, const char *name)
{
	if (!w)
		return;
	keep(w, xmlTextWriterStartElement(w->to, (const xmlChar *)name));
	w->open++;
}

void xml_close(struct xml_writer *w)
{
	if (!w || w->open == 0)
		return;
	keep(w, xmlTextWriterEndElement(w->to));
	w->open--;
}

/* XML 1.0 clause 2.2; a carriage return would be written as a reference. */
static bool is_char(int32_t c)
{
	return c == '\t' || c == '\n' || (c >= 0x20 && c <= 0xd7ff) ||
	       (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);
}

void xml_put(struct xml_writer *w, const char *name, struct str value)
{
	int32_t c;
	size_t at = 0;

	if (!w)
		return;
	xml_open(w, name);
	buf_clear(&w->value);
	while ((c = utf8_next(value, &at)) >= 0)
		if (is_char(c))
			utf8_add(&w->value, c);
	buf_add_char(&w->value, '\0');
	if (w->value.failed)
		w->failed = true;
	else if (w->value.n > 1)
		keep(w, xmlTextWriterWriteString(w->to, (const xmlChar *)w->value.p));
	xml_close(w);
}

struct str xml_end(struct xml_writer *w, struct arena *arena)
{
	struct str made = { NULL, 0 };

	if (!w)
		return made;
	keep(w, xmlTextWriterEndDocument(w->to));
	keep(w, xmlTextWriterFlush(w->to));
	xmlFreeTextWriter(w->to);
	if (!w->failed && !w->out.failed)
		made = arena_str(arena, buf_str(&w->out));
	buf_free(&w->out);
	buf_free(&w->value);
	free(w);
	return made;
}
