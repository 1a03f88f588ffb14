/* SPDX-License-Identifier: MIT */
/* base/xml: what is read, what is refused, that what is written comes back as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/buf.h"
#include "base/xml.h"

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 16 << 20);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

#define assert_str(s, z)                                                        \
	do {                                                                    \
		struct str got_ = (s);                                          \
		if (!str_eq(got_, str_of(z)))                                   \
			fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(got_), (z)); \
	} while (0)

static struct xml *good(const char *text)
{
	struct err err;
	struct xml *xml = xml_parse(str_of(text), &err);

	if (!xml)
		fail_msg("%s", err.text);
	return xml;
}

static void bad(struct str text, const char *why)
{
	struct err err = { .kind = ERR_NONE };
	struct xml *xml = xml_parse(text, &err);

	assert_null(xml);
	assert_int_equal(err.kind, ERR_NEVER);
	if (str_find(str_of(err.text), str_of(why)) == strlen(err.text))
		fail_msg("\"%s\" does not say \"%s\"", err.text, why);
}

static void test_read(void **state)
{
	struct xml *xml = good("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
			       "<a:list xmlns:a=\"urn:x\"><!-- no -->\n"
			       " <r id=\"1\"><n> satu &amp; &lt;dua&gt; &#65; </n></r>\n"
			       " <s/><r><n><![CDATA[<b>]]>x<i>y</i></n></r></a:list>");
	const struct xml_element *root = xml_root(xml), *r = xml_child(root, "r");

	(void)state;
	assert_str(xml_name(root), "list");
	assert_str(xml_text(xml_child(r, "n"), arena), "satu & <dua> A");
	assert_str(xml_name(xml_next(r, NULL)), "s");
	r = xml_next(r, "r");
	assert_str(xml_text(xml_child(r, "n"), arena), "<b>xy");
	assert_null(xml_next(r, "r"));
	assert_null(xml_child(xml_child(NULL, "a"), "b"));
	assert_str(xml_text(xml_child(r, "none"), arena), "");
	xml_free(xml);
	xml_free(NULL);
}

static void test_other_encoding(void **state)
{
	struct xml *xml = good("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
			       "<a>caf\xe9</a>");

	(void)state;
	assert_str(xml_text(xml_root(xml), arena), "caf\xc3\xa9");
	xml_free(xml);
}

/* Entities that fetch, entities that multiply, any document type at all. */
static void test_document_types(void **state)
{
	(void)state;
	bad(STR("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"),
	    "document type");
	bad(STR("<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x.dtd\"><a/>"), "document type");
	bad(STR("<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;\">"
		"<!ENTITY d \"&c;&c;&c;&c;&c;\">]><a>&d;&d;</a>"),
	    "document type");
	bad(STR("<!DOCTYPE a><a/>"), "document type");
	bad(STR("<a>&x;</a>"), "no XML");
}

static void test_not_xml(void **state)
{
	static const char *const texts[] = { "<a>",
					     "<a></b>",
					     "{\"a\":1}",
					     "<a/><b/>",
					     "<a>\x01</a>",
					     "<a>\xff</a>",
					     "<?xml version=\"1.0\"?>",
					     "  ",
					     "<html><body><br></body></html>" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		bad(str_of(texts[i]), "no XML");
	bad(STR(""), "empty");
}

static struct str nested(int depth)
{
	struct buf b = BUF_INIT(1 << 20);
	struct str s;

	for (int i = 0; i < depth; i++)
		buf_add(&b, STR("<a>"));
	for (int i = 0; i < depth; i++)
		buf_add(&b, STR("</a>"));
	s = arena_str(arena, buf_str(&b));
	buf_free(&b);
	return s;
}

static void test_limits(void **state)
{
	char *big = malloc(XML_BYTES_MOST + 1);
	struct err err;
	struct xml *xml = xml_parse(nested(XML_DEPTH_MOST), &err);

	(void)state;
	assert_non_null(xml);
	xml_free(xml);
	bad(nested(XML_DEPTH_MOST + 1), "deeper");
	bad(nested(5000), "");
	memset(big, ' ', XML_BYTES_MOST + 1);
	bad(str_from(big, XML_BYTES_MOST + 1), "too large");
	free(big);
}

static void test_write(void **state)
{
	const struct str odd =
		STR("a<b>&\"' ]]>\r\n\x01\x1b\xef\xbf\xbf é \xf0\x9f\x98\x80 "
		    "\xff");
	struct xml_writer *w = xml_begin(10000);
	struct str made;
	struct xml *xml;

	(void)state;
	xml_open(w, "list");
	xml_put(w, "one", odd);
	xml_put(w, "none", STR(""));
	xml_open(w, "left");
	made = xml_end(w, arena);
	assert_non_null(made.p);
	assert_true(str_starts(made, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")));
	xml = good(arena_str(arena, made).p);
	assert_str(xml_text(xml_child(xml_root(xml), "one"), arena),
		   "a<b>&\"' ]]>\n é \xf0\x9f\x98\x80 \xef\xbf\xbd");
	assert_non_null(xml_child(xml_root(xml), "left"));
	assert_non_null(xml_child(xml_root(xml), "none"));
	xml_free(xml);
}

static void test_write_ceiling(void **state)
{
	struct xml_writer *w = xml_begin(200);

	(void)state;
	xml_open(w, "list");
	for (int i = 0; i < 100; i++)
		xml_put(w, "one", STR("0123456789"));
	assert_null(xml_end(w, arena).p);
	assert_null(xml_end(NULL, arena).p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_other_encoding),
		cmocka_unit_test(test_document_types),
		cmocka_unit_test(test_not_xml),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_write_ceiling),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
