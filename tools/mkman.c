/* SPDX-License-Identifier: MIT */
/* Writes kentongan.conf(5) from the key tables, so that the page cannot say what is not
 * so. */
#include <stdio.h>

#include "config/config.h"

static const char *type_word(enum key_type type)
{
	static const char *const words[] = {
		[KEY_STR] = "string",
		[KEY_URL] = "URL",
		[KEY_PATH] = "path",
		[KEY_SECRET] = "secret reference",
		[KEY_INT] = "number",
		[KEY_REAL] = "number",
		[KEY_BOOL] = "true or false",
		[KEY_MS] = "time",
		[KEY_ENUM] = "word",
		[KEY_ADDRESS] = "HOST:PORT",
		[KEY_STR_LIST] = "list of strings",
		[KEY_MAP] = "group of strings",
		[KEY_GROUP] = "group",
		[KEY_LIST] = "list of groups",
		[KEY_TEXTS] = "group of texts",
	};

	return words[type];
}

/* Text for mdoc: backslashes and a leading dot or quote are escaped. */
static void text(const char *s)
{
	for (const char *p = s; *p; p++) {
		if (*p == '\\')
			fputs("\\e", stdout);
		else if (p == s && (*p == '.' || *p == '\''))
			printf("\\&%c", *p);
		else
			putchar(*p);
	}
}

static void key(const struct key *k, const char *prefix)
{
	printf(".It Ic %s%s\n", prefix, k->name);
	printf("%s", type_word(k->type));
	for (int i = 0; k->names && k->names[i]; i++)
		printf("%s%s", i ? ", " : ": ", k->names[i]);
	if (!k->def)
		fputs("; required", stdout);
	else if (k->def[0]) {
		fputs("; default ", stdout);
		text(k->def);
	}
	fputs(".\n", stdout);
	text(k->help);
	putchar('\n');
	for (const struct key *sub = k->sub; sub && sub->name && prefix[0] == '\0';
	     sub++) {
		char inner[64];

		snprintf(inner, sizeof(inner), "%s.", k->name);
		key(sub, inner);
	}
}

static void keys(const struct key *k)
{
	fputs(".Bl -tag -width Ds\n", stdout);
	for (; k->name; k++)
		key(k, "");
	fputs(".El\n", stdout);
}

int main(void)
{
	fputs(".\\\" SPDX-License-Identifier: MIT\n"
	      ".\\\" Made by `make man` from the key tables; do not edit.\n"
	      ".Dd November 24, 2026\n.Dt KENTONGAN.CONF 5\n.Os\n.Sh NAME\n.Nm "
	      "kentongan.conf\n"
	      ".Nd configuration of the complaint gateway\n.Sh DESCRIPTION\n"
	      "The configuration of\n.Xr kentongand 8\n"
	      "is in the format of libconfig: groups in braces, lists in parentheses, "
	      "other files by\n"
	      ".Ql @include .\n"
	      "Relative paths start at the folder of the file that names them.\n"
	      "A secret is never written here but named:\n"
	      ".Ql file:NAME\n(mode 0600),\n.Ql env:NAME\nor\n.Ql cred:NAME .\n"
	      "Times are written like 250ms, 2s, 5m, 3h, 2d.\n"
	      "The group\n.Ic texts\nholds, by language, what citizens are told, "
	      "and\n.Ic words\n"
	      "the word lists of the language; both are explained in their sample "
	      "files.\n",
	      stdout);
	for (const struct config_table *t = config_tables; t->group; t++) {
		printf(".Ss %s\n%s\n", t->group, t->about);
		keys(t->keys);
	}
	for (size_t i = 0; sms_adapters[i]; i++) {
		printf(".Ss providers, adapter %s\n", sms_adapters[i]->info.name);
		text(sms_adapters[i]->info.about);
		putchar('\n');
		keys(sms_adapters[i]->info.keys);
	}
	fputs(".Sh SEE ALSO\n.Xr kentongan 1 ,\n.Xr kentongand 8\n", stdout);
	return 0;
}
