/* SPDX-License-Identifier: MIT */
/*
 * kentongan init: an operator's first five minutes. Writes a folder with a complete,
 * commented configuration made from the key tables and the sample files inside the
 * program, and checks it before it says that it is done. Asks on a terminal for what was
 * not given.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/embedded.h"
#include "config/config.h"
#include "config/config_keys.h"
#include "ctl/ctl.h"

enum { SETTINGS_MOST = 64, LINE = 1000, SECRET_BYTES = 16 };

struct init {
	struct arena *arena;
	const char *folder, *provider, *number, *state, *callbacks, *admin;
	struct str_pair set[SETTINGS_MOST];
	bool used[SETTINGS_MOST];
	size_t n_set;
	const struct sms_adapter *adapter;
	FILE *out;
	bool failed;
};

static const char help[] =
	"Usage: kentongan init DIR [OPTIONS]\n"
	"Writes a complete configuration into the new folder DIR; asks for what is not "
	"given.\n"
	"\n"
	"  --provider NAME        adapter of the SMS provider (africastalking, generic)\n"
	"  --set KEY=VALUE        any setting of the provider; a secret given as a plain "
	"value is\n"
	"                         written to a file of its own (0600)\n"
	"  --number NUMBER        our number there\n"
	"  --state DIR            where the store and the control socket live\n"
	"  --callbacks ADDR:PORT  where the provider may call us; \"\" for nowhere\n"
	"  --admin ADDR:PORT      /healthz, /readyz, /metrics\n"
	"  -h, --help\n";

/* ---- files ---- */

static char *path_in(struct init *in, const char *name)
{
	return (char *)(uintptr_t)arena_printf(in->arena, "%s/%s", in->folder, name).p;
}

/* A new file with exactly these rights; NULL after a message. */
static FILE *file_new(struct init *in, const char *name, mode_t mode)
{
	char *path = path_in(in, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (!f) {
		fprintf(stderr, "kentongan: %s: %s\n", path, strerror(errno));
		in->failed = true;
		if (fd >= 0)
			close(fd);
	}
	return f;
}

static void file_end(struct init *in, FILE *f)
{
	if (f && (fflush(f) || fsync(fileno(f)) || fclose(f)))
		in->failed = true;
}

static void secret_write(struct init *in, const char *name, struct str content)
{
	FILE *f = file_new(in, name, 0600);

	if (!f)
		return;
	fprintf(f, "%.*s\n", STR_ARG(content));
	file_end(in, f);
}

/* Makes the folders of a relative path below DIR. */
static void folders_make(struct init *in, const char *name)
{
	char *path = path_in(in, name);

	for (char *p = path + strlen(in->folder) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(path, 0750);
		*p = '/';
	}
}

/* The sample's parts, ready to edit. */
static void samples_copy(struct init *in)
{
	static const struct str folder = STR_INIT("conf/"),
				main_file = STR_INIT("conf/kentongan.conf");

	for (const struct embedded_file *f = embedded_files; f->path; f++) {
		const char *name = f->path + folder.n;
		FILE *out;

		if (!str_starts(str_of(f->path), folder) ||
		    str_eq(str_of(f->path), main_file))
			continue;
		folders_make(in, name);
		out = file_new(in, name, 0640);
		if (!out)
			return;
		fwrite(f->begin, 1, (size_t)(f->end - f->begin), out);
		file_end(in, out);
	}
}

/* ---- what was asked for ---- */

static struct str given(struct init *in, const char *name)
{
	for (size_t i = 0; i < in->n_set; i++)
		if (str_eq(in->set[i].name, str_of(name))) {
			in->used[i] = true;
			return in->set[i].value;
		}
	return str_from(NULL, 0);
}

static bool is_reference(struct str value)
{
	return str_starts(value, STR("file:")) || str_starts(value, STR("env:")) ||
	       str_starts(value, STR("cred:"));
}

static void quoted(struct init *in, struct str value)
{
	fputc('"', in->out);
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			fputc('\\', in->out);
		fputc(value.p[i], in->out);
	}
	fputc('"', in->out);
}

static void write_list(struct init *in, struct str value)
{
	struct str part;
	bool first = true;

	fputs("[ ", in->out);
	while (value.n && str_split(&value, ',', &part)) {
		if (!first)
			fputs(", ", in->out);
		first = false;
		quoted(in, str_trim(part));
	}
	fputs(" ]", in->out);
}

/* A group's or list's value is written as the operator gave it. */
static void write_value(struct init *in, const struct key *key, struct str value)
{
	char *name;

	switch (key->type) {
	case KEY_INT:
	case KEY_REAL:
	case KEY_BOOL:
	case KEY_GROUP:
	case KEY_LIST:
	case KEY_MAP:
	case KEY_TEXTS:
		fprintf(in->out, "%.*s", STR_ARG(value));
		break;
	case KEY_STR_LIST:
		if (value.n && (value.p[0] == '[' || value.p[0] == '('))
			fprintf(in->out, "%.*s", STR_ARG(value));
		else
			write_list(in, value);
		break;
	case KEY_SECRET:
		if (!is_reference(value)) {
			name = (char *)(uintptr_t)arena_printf(in->arena, "utama.%s",
							       key->name)
				       .p;
			secret_write(in, name, value);
			value = arena_printf(in->arena, "file:%s", name);
		}
		quoted(in, value);
		break;
	case KEY_STR:
	case KEY_URL:
	case KEY_PATH:
	case KEY_MS:
	case KEY_ENUM:
	case KEY_ADDRESS:
		quoted(in, value);
		break;
	}
}

/* Asks on a terminal; n 0: nothing was said. */
static struct str ask(struct init *in, const char *name, const char *about)
{
	char line[LINE];

	if (!isatty(STDIN_FILENO))
		return str_from(NULL, 0);
	printf("%s (%s): ", name, about);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return str_from(NULL, 0);
	return arena_str(in->arena, str_trim(str_of(line)));
}

static const char *or_asked(struct init *in, const char *value, const char *name,
			    const char *about, const char *otherwise)
{
	struct str said;

	if (value)
		return value;
	said = ask(in, name, about);
	return said.n ? said.p : otherwise;
}

/* ---- writing ---- */

static void write_key(struct init *in, const struct key *key)
{
	struct str value = given(in, key->name);

	if (!value.p && !key->def) {
		value = ask(in, key->name, key->help);
		if (!value.n) {
			fprintf(stderr, "kentongan: --set %s=… is needed: %s\n",
				key->name, key->help);
			in->failed = true;
			return;
		}
	}
	fprintf(in->out, "\t\t# %s\n\t\t", key->help);
	if (!value.p) {
		if (key->type == KEY_GROUP || key->type == KEY_MAP ||
		    key->type == KEY_STR_LIST)
			fprintf(in->out, "# %s = …;\n", key->name);
		else if (key->type == KEY_INT || key->type == KEY_REAL ||
			 key->type == KEY_BOOL)
			fprintf(in->out, "# %s = %s;\n", key->name, key->def);
		else
			fprintf(in->out, "# %s = \"%s\";\n", key->name, key->def);
		return;
	}
	fprintf(in->out, "%s = ", key->name);
	write_value(in, key, value);
	fputs(";\n", in->out);
}

static void write_path_secret(struct init *in)
{
	struct str token = crypto_token(in->arena, SECRET_BYTES),
		   value = given(in, "path_secret");

	if (value.p || in->callbacks[0] == '\0')
		return;
	secret_write(in, "utama.path_secret", token);
	fputs("\t\t# Secret part of its callback addresses: /utama/SECRET/in\n"
	      "\t\tpath_secret = \"file:utama.path_secret\";\n",
	      in->out);
}

static bool written_already(const char *name)
{
	static const char *const names[] = { "id", "adapter", "number" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq(str_of(name), str_of(names[i])))
			return true;
	return false;
}

static void write_provider(struct init *in)
{
	fputs("providers = (\n\t{\n\t\tid = \"utama\";\n\t\tadapter = ", in->out);
	quoted(in, str_of(in->provider));
	fputs(";\n\t\tnumber = ", in->out);
	quoted(in, str_of(in->number));
	fputs(";\n", in->out);
	for (const struct key *k = in->adapter->info.keys; k->name; k++)
		write_key(in, k);
	write_path_secret(in);
	for (const struct key *k = config_provider_keys; k->name; k++)
		if (!written_already(k->name) &&
		    (given(in, k->name).p ||
		     !str_eq(str_of(k->name), STR("path_secret"))))
			write_key(in, k);
	fputs("\t}\n);\n\n", in->out);
}

static void write_main(struct init *in)
{
	in->out = file_new(in, "kentongan.conf", 0640);
	if (!in->out)
		return;
	fputs("# Made by `kentongan init`. Check with `kentongand -t -c FILE`, load "
	      "changes with\n"
	      "# `kentongan reload`. All settings: kentongan.conf(5).\n\n"
	      "gateway = {\n\tname = \"Kabupaten Serang\";\n\tlanguage = \"id\";\n"
	      "\tcountry_code = \"62\";\n\ttimezone = \"Asia/Jakarta\";\n};\n\n"
	      "store = {\n\tdriver = \"sqlite\";\n\tpath = ",
	      in->out);
	quoted(in, arena_printf(in->arena, "%s/kentongan.db", in->state));
	fputs(";\n};\n\nlisten = {\n\tcallbacks = ", in->out);
	quoted(in, str_of(in->callbacks));
	fputs(";\n\tadmin = ", in->out);
	quoted(in, str_of(in->admin));
	fputs(";\n\tcontrol = ", in->out);
	quoted(in, arena_printf(in->arena, "%s/control.sock", in->state));
	fputs(";\n};\n\n# Secrets are never written here: \"file:NAME\", \"env:NAME\" or "
	      "\"cred:NAME\".\n",
	      in->out);
	write_provider(in);
	fputs("guards = {\n"
	      "\treplies_hour = 20;\t\t# to one sender\n"
	      "\treplies_day = 60;\n"
	      "\treplies_total_day = 200000;\t# to all\n"
	      "\treserve_percent = 20;\t\t# of it, kept for urgent ones\n"
	      "\tsame_text = 3;\t\t\t# the 3rd identical text in an hour is not "
	      "answered\n"
	      "\tblock = [ ];\n};\n\n"
	      "@include \"departments.conf\"\n@include \"places.conf\"\n@include "
	      "\"holidays.conf\"\n"
	      "@include \"words/id.conf\"\n@include \"texts/id.conf\"\n",
	      in->out);
	file_end(in, in->out);
}

/* ---- checking ---- */

static void check_used(struct init *in)
{
	for (size_t i = 0; i < in->n_set; i++)
		if (!in->used[i] && !written_already(in->set[i].name.p)) {
			fprintf(stderr, "kentongan: provider %s has no setting '%.*s'\n",
				in->provider, STR_ARG(in->set[i].name));
			in->failed = true;
		}
}

static int check_result(struct init *in)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	char *file = path_in(in, "kentongan.conf");
	struct config *config = in->failed ? NULL : config_load(file, false, &faults);
	int code = config ? 0 : EX_CONFIG;

	if (faults.text.n)
		fwrite(faults.text.p, 1, faults.text.n, stderr);
	if (config)
		printf("%s is complete and checked. Start: kentongand -c %s\n", file,
		       file);
	config_free(config);
	buf_free(&faults.text);
	return code;
}

static bool setting_take(struct init *in, const char *text)
{
	struct str s = str_of(text);
	size_t eq = str_find_char(s, '=');

	if (eq == s.n || eq == 0 || in->n_set == SETTINGS_MOST) {
		fprintf(stderr, "kentongan: --set wants KEY=VALUE, not '%s'\n", text);
		return false;
	}
	for (size_t i = 0; i < in->n_set; i++)
		if (str_eq(in->set[i].name,
			   str_slice(s, 0, eq))) { /* the last one counts */
			in->set[i].value =
				arena_str(in->arena, str_slice(s, eq + 1, s.n));
			return true;
		}
	in->set[in->n_set++] = (struct str_pair){
		arena_str(in->arena, str_slice(s, 0, eq)),
		arena_str(in->arena, str_slice(s, eq + 1, s.n)),
	};
	return true;
}

/* −1: go on. */
static int options_read(int argc, char **argv, struct init *in)
{
	static const struct option longs[] = {
		{ "provider", 1, NULL, 'p' },  { "set", 1, NULL, 's' },
		{ "number", 1, NULL, 'n' },    { "state", 1, NULL, 'd' },
		{ "callbacks", 1, NULL, 'c' }, { "admin", 1, NULL, 'a' },
		{ "help", 0, NULL, 'h' },      { NULL, 0, NULL, 0 },
	};
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		const char **to = c == 'p'   ? &in->provider
				  : c == 'n' ? &in->number
				  : c == 'd' ? &in->state
				  : c == 'c' ? &in->callbacks
				  : c == 'a' ? &in->admin
					     : NULL;

		if (c == 'h') {
			fputs(help, stdout);
			return 0;
		}
		if (to)
			*to = optarg;
		else if (c != 's' || !setting_take(in, optarg))
			return EX_USAGE;
	}
	if (argc - optind != 1) {
		fputs("kentongan: init needs one folder. Try 'kentongan init --help'.\n",
		      stderr);
		return EX_USAGE;
	}
	in->folder = argv[optind];
	return -1;
}

/* DIR with the folders above it; false when the last cannot be made. */
static bool folder_make(const char *folder)
{
	char *path = strdup(folder);

	for (char *p = path ? path + 1 : NULL; p && (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(path, 0750);
		*p = '/';
	}
	free(path);
	return mkdir(folder, 0750) == 0 || errno == EEXIST;
}

static int prepare(struct init *in)
{
	in->provider = or_asked(in, in->provider, "provider", "africastalking or generic",
				"africastalking");
	in->adapter = sms_adapter_find(str_of(in->provider));
	if (!in->adapter)
		return ctl_fail(EX_USAGE,
				"no adapter '%s'; there are africastalking and generic",
				in->provider);
	in->number = or_asked(in, in->number, "number", "our number at the provider", "");
	in->state = or_asked(in, in->state, "state", "folder for the store",
			     "/var/lib/kentongan");
	in->callbacks =
		or_asked(in, in->callbacks, "callbacks",
			 "ADDR:PORT where the provider may call us; empty: nowhere", "");
	in->admin = or_asked(in, in->admin, "admin", "ADDR:PORT for metrics",
			     "127.0.0.1:8081");
	if (!folder_make(in->folder))
		return ctl_fail(EX_CANTCREAT, "%s: %s", in->folder, strerror(errno));
	if (access(path_in(in, "kentongan.conf"), F_OK) == 0)
		return ctl_fail(EX_CANTCREAT,
				"%s has a kentongan.conf already; nothing was changed",
				in->folder);
	if (!folder_make(in->state))
		fprintf(stderr, "kentongan: note: %s: %s; make it before the start\n",
			in->state, strerror(errno));
	return -1;
}

int init_main(int argc, char **argv)
{
	struct init in = { .arena = arena_new("init", 4 << 20) };
	char state[4096];
	int code;

	if (!in.arena)
		return EX_OSERR;
	umask(0027);
	code = options_read(argc, argv, &in);
	if (code < 0)
		code = prepare(&in);
	if (code < 0) {
		/* Relative folders are meant from here, not from the configuration's
		 * folder. */
		if (realpath(in.state, state))
			in.state = state;
		samples_copy(&in);
		if (!in.failed)
			write_main(&in);
		check_used(&in);
		code = check_result(&in);
	}
	arena_free(in.arena);
	return code;
}
