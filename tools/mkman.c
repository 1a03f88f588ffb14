/* SPDX-License-Identifier: MIT */
/*
 * Writes kentongan.conf(5) to stdout from the key tables of the configuration, those of
 * each adapter, and the table of replies, so that the page cannot say what is not so.
 * Only the frame around them stands here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config/config.h"
#include "config/config_keys.h"

enum { WIDTH = 78, NAME = 80 };

/* ---- mdoc ---- */

/*
 * Running text in lines of its own, each sentence beginning one. A backslash is written
 * \e; a dot or quote that a line would begin with gets \& before it, or it would be a
 * macro.
 */
static void text(const char *s)
{
	size_t column = 0;
	bool ended = false;

	while (*s) {
		size_t n = strcspn(s, " ");

		if (column && (ended || column + 1 + n > WIDTH))
			column = 0, putchar('\n');
		else if (column)
			column++, putchar(' ');
		if (column == 0 && (*s == '.' || *s == '\''))
			fputs("\\&", stdout);
		for (size_t i = 0; i < n; i++)
			if (s[i] == '\\')
				fputs("\\e", stdout);
			else
				putchar(s[i]);
		column += n;
		ended = s[n - 1] == '.' && n > 1;
		s += n + strspn(s + n, " ");
	}
	putchar('\n');
}

/* What b holds, as a sentence; b is empty afterwards. */
static void line(struct buf *b)
{
	buf_add_char(b, '.');
	buf_add_char(b, '\0');
	text(b->failed ? "" : b->p);
	b->n = 0;
}

/* ---- one setting ---- */

/* Columns: how the type is called; whether min and max are a range of its value. */
static const struct {
	const char *word;
	bool ranged;
} types[] = {
	[KEY_STR] = { "string", false },
	[KEY_URL] = { "URL", false },
	[KEY_PATH] = { "path", false },
	[KEY_SECRET] = { "secret", false },
	[KEY_INT] = { "number", true },
	[KEY_REAL] = { "number, also with a point", true },
	[KEY_BOOL] = { "true or false", false },
	[KEY_MS] = { "time", true },
	[KEY_ENUM] = { "one of", false },
	[KEY_ADDRESS] = { "HOST:PORT", false },
	[KEY_STR_LIST] = { "list of strings", false },
	[KEY_MAP] = { "group of strings", false },
	[KEY_GROUP] = { "group", false },
	[KEY_LIST] = { "list of groups", false },
	[KEY_TEXTS] = { "group of texts", false },
};

/* A time in the largest unit that divides it. */
static void time_add(struct buf *b, int64_t ms)
{
	static const struct {
		int64_t ms;
		const char *unit;
	} units[] = { { 86400000, "d" },
		      { 3600000, "h" },
		      { 60000, "m" },
		      { 1000, "s" },
		      { 1, "ms" } };
	size_t i = 0;

	while (ms % units[i].ms)
		i++;
	buf_printf(b, "%" PRId64 "%s", ms / units[i].ms, ms ? units[i].unit : "s");
}

static void bound_add(struct buf *b, const struct key *k, int64_t bound)
{
	if (k->type == KEY_MS)
		time_add(b, bound);
	else
		buf_printf(b, "%" PRId64, bound);
}

/* "number, 3 to 9; default 5." */
static void facts(const struct key *k)
{
	struct buf b = BUF_INIT(4096);

	buf_printf(&b, "%s", types[k->type].word);
	for (int i = 0; k->names && k->names[i]; i++)
		buf_printf(&b, "%s%s", i ? ", " : " ", k->names[i]);
	if (types[k->type].ranged && (k->min || k->max)) {
		buf_printf(&b, ", ");
		bound_add(&b, k, k->min);
		buf_printf(&b, " to ");
		bound_add(&b, k, k->max);
	}
	if (!k->def)
		buf_printf(&b, "; required");
	else if (k->def[0])
		buf_printf(&b, "; default %s", k->def);
	line(&b);
	buf_free(&b);
}

/* Groups inside: one level is spelt out, "poll.url"; deeper ones repeat what stands
 * elsewhere. */
static void key(const struct key *k, const char *group)
{
	char name[NAME];

	snprintf(name, sizeof(name), "%s%s%s", group, group[0] ? "." : "", k->name);
	printf(".It Ic %s\n", name);
	facts(k);
	text(k->help);
	for (const struct key *sub = k->sub; sub && sub->name && !group[0]; sub++)
		key(sub, k->name);
}

static void keys(const char *title, const char *about, const struct key *k)
{
	printf(".Ss %s\n", title);
	text(about);
	fputs(".Bl -tag -width Ds\n", stdout);
	for (; k->name; k++)
		key(k, "");
	fputs(".El\n", stdout);
}

/* ---- the page ---- */

static const char head[] =
	".\\\" SPDX-License-Identifier: MIT\n"
	".\\\" Made by `make man` from the key tables; do not edit.\n"
	".Dd November 24, 2026\n"
	".Dt KENTONGAN.CONF 5\n"
	".Os\n"
	".Sh NAME\n"
	".Nm kentongan.conf\n"
	".Nd configuration of the complaint gateway\n"
	".Sh DESCRIPTION\n"
	".Xr kentongand 8\n"
	"is configured by one file and the files that it includes.\n"
	"They are in the format of libconfig:\n"
	".Bd -literal -offset indent\n"
	"# a comment to the end of the line\n"
	"gateway = { name = \"Kabupaten Serang\"; number_width = 5; };\n"
	"providers = ( { id = \"utama\"; }, { id = \"kedua\"; } );\n"
	"guards = { block = [ \"+6281234567890\" ]; };\n"
	"@include \"departments.conf\"\n"
	".Ed\n"
	".Pp\n"
	"Groups are in braces, lists of strings in brackets, lists of groups in\n"
	"parentheses; a setting ends with a semicolon.\n"
	"What is not marked as required may be left out.\n"
	"An unknown name, a wrong type and a value out of range are faults;\n"
	".Ql kentongand -t\n"
	"prints all of them with file and line.\n"
	".Pp\n"
	"Relative paths start at the folder of the file that names them.\n"
	"Times are written\n"
	".Ql 250ms ,\n"
	".Ql 2s ,\n"
	".Ql 5m ,\n"
	".Ql 3h ,\n"
	".Ql 2d .\n"
	".Pp\n"
	"A secret is never written here, but named:\n"
	".Bl -tag -width \"file:NAME\"\n"
	".It Li file:NAME\n"
	"The content of a file that others cannot read: mode 0600, or owned by root "
	"and\n"
	"mode 0640.\n"
	".It Li env:NAME\n"
	"The value of a variable of the environment.\n"
	".It Li cred:NAME\n"
	"A credential of the service manager, in\n"
	".Ev CREDENTIALS_DIRECTORY .\n"
	".El\n"
	".Pp\n"
	"A running daemon takes a changed configuration with\n"
	".Ql kentongan reload ,\n"
	"but for\n"
	".Ic store ,\n"
	".Ic listen\n"
	"and\n"
	".Ic log ,\n"
	"which need a new start.\n"
	"A configuration with faults changes nothing.\n"
	".Sh SETTINGS\n";

static const char texts_head[] =
	".Ss texts_id, texts_su, texts_jv, texts_en\n"
	"What citizens and officers are told, a group for each language:\n"
	"Indonesian, Sundanese, Javanese, English.\n"
	"That of\n"
	".Ic gateway.language\n"
	"is required; the others may be left out, and are spoken to whoever chose them\n"
	"with BAHASA or writes them.\n"
	".Bd -literal -offset indent\n"
	"texts_id = { BATAL_OK = \"Baik, tidak jadi. No {no} tetap seperti semula.\"; "
	"};\n"
	".Ed\n"
	".Pp\n"
	"A text is a string, or a list of up to six wordings, the fullest first; the\n"
	"first that fits one SMS with its values is sent.\n"
	"In the main language all are required, in another all but those for officers.\n"
	"When each is said, and which placeholders have a value there, stands in\n"
	".Pa texts/id.conf .\n"
	".Pp\n";

/* After the keys of `deadlines` and `officers`, by the group's name. */
static const struct {
	const char *group, *words;
} remarks[] = {
	{ "deadlines", ".Pp\n"
		       "Periods are written\n"
		       ".Ql 3 working\n"
		       "(days of the calendar, until the offices close on the last)\n"
		       "or\n"
		       ".Ql 30 calendar\n"
		       "(until midnight of the last).\n"
		       "What is left out is as the sample\n"
		       ".Pa deadlines.conf\n"
		       "has it; a department may have its own in its group\n"
		       ".Ic deadlines .\n"
		       ".Ql kentongan calendar --check\n"
		       "shows what comes of it.\n" },
	{ "officers",
	  ".Pp\n"
	  "A text from one of these numbers is read as an officer's command.\n"
	  "One is either of a department, or of the desk, or of the rank sekda\n"
	  "or regent.\n" },
};

static void remark(const char *group)
{
	for (size_t i = 0; i < sizeof(remarks) / sizeof(*remarks); i++)
		if (strcmp(remarks[i].group, group) == 0)
			fputs(remarks[i].words, stdout);
}

static const char tail[] =
	".Ss words\n"
	"Lists of words of the language, by name, explained in\n"
	".Pa words/id.conf .\n"
	".Sh FILES\n"
	".Bl -tag -width Ds\n"
	".It Pa /etc/kentongan/kentongan.conf\n"
	"The machine: store, addresses, providers, guards.\n"
	".It Pa /etc/kentongan/departments.conf\n"
	"Departments and their keywords.\n"
	".It Pa /etc/kentongan/places.conf\n"
	"Sub-districts and villages.\n"
	".It Pa /etc/kentongan/holidays.conf\n"
	"Working days; to be edited every year.\n"
	".It Pa /etc/kentongan/deadlines.conf\n"
	"Deadlines, conversation, retention.\n"
	".It Pa /etc/kentongan/officers.conf\n"
	"Officers who answer by text, and superiors.\n"
	".It Pa /etc/kentongan/store.key\n"
	"What the store is sealed with.\n"
	".It Pa /etc/kentongan/words/id.conf\n"
	"Words of the language, and the trained model beside it.\n"
	".It Pa /etc/kentongan/texts/id.conf , su.conf , jv.conf , en.conf\n"
	"What citizens and officers are told.\n"
	".El\n"
	".Sh EXAMPLES\n"
	"A provider of Africa's Talking, polled and calling back:\n"
	".Bd -literal -offset indent\n"
	"providers = ( {\n"
	"\tid = \"utama\";\n"
	"\tadapter = \"africastalking\";\n"
	"\tusername = \"serang\";\n"
	"\tapi_key = \"file:utama.key\";\n"
	"\tpath_secret = \"file:utama.path\";\n"
	"\tnumber = \"21708\";\n"
	"\tsend_rate = 30;\n"
	"\tconnections = 16;\n"
	"} );\n"
	".Ed\n"
	".Pp\n"
	"Files for other providers are installed in\n"
	".Pa share/kentongan/examples ,\n"
	"the complete sample in\n"
	".Pa share/kentongan/sample .\n"
	".Sh SEE ALSO\n"
	".Xr kentongan 1 ,\n"
	".Xr kentongan-webhook 7 ,\n"
	".Xr kentongand 8\n";

static void texts(void)
{
	struct buf b = BUF_INIT(4096);

	fputs(texts_head, stdout);
	buf_printf(&b, "Texts:");
	for (int i = 0; i < REPLY_COUNT; i++)
		buf_printf(&b, "%s %s", i ? "," : "", reply_key_name((enum reply_key)i));
	line(&b);
	buf_printf(&b, "Placeholders:");
	for (int i = 0; i < VALUE_COUNT; i++)
		buf_printf(&b, "%s {%s}", i ? "," : "",
			   reply_value_name((enum reply_value)i));
	line(&b);
	buf_free(&b);
}

static void own_ways(void)
{
	const struct key *own;
	const char *name, *about;

	for (size_t i = 0; (own = config_own_way(i, &name, &about)); i++) {
		char title[NAME];

		snprintf(title, sizeof(title), "ways, by = \\(dq%s\\(dq", name);
		keys(title, about, own);
	}
}

int main(void)
{
	fputs(head, stdout);
	for (const struct config_table *t = config_tables; t->group; t++)
		keys(t->group, t->about, t->keys), remark(t->group);
	for (size_t i = 0; sms_adapters[i]; i++) {
		const struct adapter_info *info = &sms_adapters[i]->info;
		char title[NAME];

		snprintf(title, sizeof(title), "providers, adapter = \\(dq%s\\(dq",
			 info->name);
		keys(title, info->about, info->keys);
	}
	for (size_t i = 0; forwarders[i]; i++) {
		const struct adapter_info *info = &forwarders[i]->info;
		char title[NAME];

		snprintf(title, sizeof(title), "ways, by = \\(dq%s\\(dq", info->name);
		keys(title, info->about, info->keys);
	}
	own_ways();
	texts();
	fputs(tail, stdout);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
