/* SPDX-License-Identifier: MIT */
/*
 * kentongan init: an operator's first five minutes. Puts a complete, commented
 * configuration together from the key tables and the sample files inside the program,
 * asks on a terminal for what was not given, writes it, and checks it before it says that
 * it is done. Nothing is written before all is known, and nothing is left behind when it
 * is not good.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/embedded.h"
#include "config/compose.h"
#include "config/config.h"
#include "config/config_keys.h"
#include "config/example.h"
#include "ctl/ctl.h"

enum { SETTINGS_MOST = 128, LINE = 1000, SECRET_BYTES = 16, FILES_MOST = 64 };
enum { ARENA_CEILING = 4 << 20, FILE_CEILING = 1 << 20 };

struct init {
	struct arena *arena;
	const char *folder, *provider, *number, *state, *callbacks, *admin;
	struct str id;
	struct compose_value set[SETTINGS_MOST];
	size_t n_set;
	const struct sms_adapter *adapter;
	struct str example; /* instead: a providers part that is there; n 0: none */
	const char *made[FILES_MOST]; /* files and folders that were not there before */
	size_t n_made;
};

static const char help[] =
	"Usage: kentongan init DIR [OPTIONS]\n"
	"Writes a complete configuration into the folder DIR; asks for what is not "
	"given.\n"
	"\n"
	"  --provider NAME        the SMS provider: africastalking, kannel, playsms, "
	"telerivet,\n"
	"                         zenziva; generic for others, a skeleton to fill in\n"
	"  --set KEY=VALUE        any setting of the provider, inner ones with dots: "
	"poll.url=…;\n"
	"                         a secret given as it is goes into a file of its own;\n"
	"                         gateway.name=… and the like reach the other groups\n"
	"  --number NUMBER        our number there\n"
	"  --state DIR            where the store and the control socket live\n"
	"  --callbacks ADDR:PORT  where the provider may call us; \"\" for nowhere\n"
	"  --admin ADDR:PORT      /healthz, /readyz, /metrics\n"
	"  -h, --help\n";

/* ---- asking ---- */

/* A line from the terminal, not shown while it is typed where `hidden`. */
static struct str read_line(struct init *in, bool hidden)
{
	struct termios shown, quiet;
	char line[LINE] = "";
	bool changed = hidden && tcgetattr(STDIN_FILENO, &shown) == 0;
	struct str s = { NULL, 0 };

	if (changed) {
		quiet = shown;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		changed = tcsetattr(STDIN_FILENO, TCSANOW, &quiet) == 0;
	}
	if (fgets(line, sizeof(line), stdin))
		s = arena_str(in->arena, str_trim(str_of(line)));
	if (changed) {
		tcsetattr(STDIN_FILENO, TCSANOW, &shown);
		putchar('\n');
	}
	crypto_wipe(line, sizeof(line));
	return s;
}

/* n 0: nobody is there, or nothing was said. */
static struct str ask(struct init *in, const char *name, const char *about, bool hidden)
{
	if (!isatty(STDIN_FILENO))
		return str_from(NULL, 0);
	printf("%s (%s): ", name, about);
	fflush(stdout);
	return read_line(in, hidden);
}

static const char *or_asked(struct init *in, const char *value, const char *name,
			    const char *about, const char *otherwise)
{
	struct str said;

	if (value)
		return value;
	if (otherwise[0])
		about = arena_printf(in->arena, "%s; empty: %s", about, otherwise).p;
	said = ask(in, name, about, false);
	return said.n ? said.p : otherwise;
}

static struct str ask_key(void *arg, const struct key *key, const char *name)
{
	struct str said = ask(arg, name, key->help, key->type == KEY_SECRET);

	if (said.n == 0)
		fprintf(stderr,
			"kentongan: nothing was written: --set %s=… is needed: %s\n",
			name, key->help);
	return said;
}

/* ---- putting it together ---- */

/* Unless the operator has said otherwise. */
static void set_ours(struct init *in, const char *name, struct str value)
{
	for (size_t i = 0; i < in->n_set; i++)
		if (str_eq(in->set[i].name, str_of(name)))
			return;
	if (in->n_set < SETTINGS_MOST)
		in->set[in->n_set++] =
			(struct compose_value){ str_of(name), value, false };
}

static void set_all_ours(struct init *in)
{
	set_ours(in, "gateway.name", STR("Kabupaten Serang"));
	set_ours(in, "gateway.language", STR("id"));
	set_ours(in, "gateway.country_code", STR("62"));
	set_ours(in, "gateway.timezone", STR("Asia/Jakarta"));
	set_ours(in, "store.driver", STR("sqlite"));
	set_ours(in, "store.path", arena_printf(in->arena, "%s/kentongan.db", in->state));
	set_ours(in, "store.key", crypto_token(in->arena, CRYPTO_KEY_BYTES));
	set_ours(in, "listen.callbacks", str_of(in->callbacks));
	set_ours(in, "listen.admin", str_of(in->admin));
	set_ours(in, "listen.control",
		 arena_printf(in->arena, "%s/control.sock", in->state));
	if (in->number[0] || !in->example.n)
		set_ours(in, "number", str_of(in->number));
	if (in->example.n)
		return;
	set_ours(in, "adapter", str_of(in->provider));
	set_ours(in, "id", STR("utama"));
	if (in->callbacks[0])
		set_ours(in, "path_secret", crypto_token(in->arena, SECRET_BYTES));
}

static void compose_provider(struct init *in, struct compose *c)
{
	static const char *const first[] = { "id", "adapter", "number", NULL };
	static const struct key none = { 0 };

	c->secret_prefix = compose_given(c, "", "id")->value;
	buf_add(c->out,
		STR("# A list: one group { } for each SMS provider. Secrets are never "
		    "written here, but\n# \"file:NAME\" (0640, root:kentongan), "
		    "\"env:NAME\" or \"cred:NAME\".\nproviders = (\n\t{\n"));
	for (const char *const *name = first; *name; name++)
		for (const struct key *k = config_provider_keys; k->name; k++)
			if (str_eq(str_of(k->name), str_of(*name))) {
				const struct key one[] = { *k, none };

				compose_keys(c, one, "", 2, NULL);
			}
	compose_keys(c, in->adapter->info.keys, "", 2, NULL);
	compose_keys(c, config_provider_keys, "", 2, first);
	buf_add(c->out, STR("\t}\n);\n\n"));
}

/* What few need at the beginning: shown, and not there unless something of it is set. */
static const struct {
	const char *group, *shown;
} optional[] = {
	{ "mail", "# Mail to departments, and their answers by it (INSTALL, 17).\n"
		  "# mail = {\n"
		  "#\tserver = \"smtp://mail.example.go.id:587\";\t# STARTTLS; or "
		  "smtps://…:465\n"
		  "#\tuser = \"aduan\"; password = \"file:mail.password\";\n"
		  "#\tfrom = \"Pengaduan <aduan@example.go.id>\";\t# answers go there\n"
		  "#\tkey = \"file:mail.key\";\t\t\t\t# openssl rand -hex 32\n"
		  "#\tinbox = \"imaps://mail.example.go.id/INBOX\";\n"
		  "#\tinbox_user = \"aduan\"; inbox_password = \"file:mail.password\";\n"
		  "# };\n\n" },
	{ "open311", "# Complaints over Open311 from web forms, on listen.api (INSTALL, "
		     "17).\n"
		     "# open311 = { serve = true; };\n\n" },
};

static bool is_set(const struct init *in, const char *group)
{
	struct str start = arena_printf(in->arena, "%s.", group);

	for (size_t i = 0; i < in->n_set; i++)
		if (str_starts(in->set[i].name, start))
			return true;
	return false;
}

/* False: it is to be written as it is set. */
static bool compose_optional(struct init *in, struct compose *c, const char *group)
{
	for (size_t i = 0; i < sizeof(optional) / sizeof(*optional); i++)
		if (strcmp(optional[i].group, group) == 0 && !is_set(in, group)) {
			buf_add(c->out, str_of(optional[i].shown));
			return true;
		}
	return false;
}

static void compose_main(struct init *in, struct compose *c)
{
	static const char *const groups[] = { "gateway",   "store", "listen",
					      "providers", "mail",  "open311",
					      "guards",	   "log",   NULL };

	buf_add(c->out,
		STR("# Made by `kentongan init`. Check with `kentongand -t -c "
		    "FILE`, load changes with\n# `kentongan reload`. Settings "
		    "with # in front hold as they stand there. All about\n# them: "
		    "kentongan.conf(5).\n\n"));
	for (const char *const *name = groups; *name; name++)
		for (const struct config_table *t = config_tables; t->group; t++) {
			if (!str_eq(str_of(t->group), str_of(*name)) ||
			    compose_optional(in, c, t->group))
				continue;
			c->all = str_eq(str_of(t->group), STR("guards"));
			if (str_eq(str_of(t->group), STR("providers"))) {
				if (in->example.n)
					compose_example(c, in->example);
				else
					compose_provider(in, c);
			} else
				compose_group(c, t->group, t->keys, t->about);
		}
	buf_add(c->out, STR("@include \"departments.conf\"\n@include \"places.conf\"\n"
			    "@include \"holidays.conf\"\n@include \"deadlines.conf\"\n"
			    "@include \"officers.conf\"\n@include \"words/id.conf\"\n"
			    "@include \"texts/id.conf\"\n@include \"texts/su.conf\"\n"
			    "@include \"texts/jv.conf\"\n@include \"texts/en.conf\"\n"));
	c->failed |= c->out->failed;
}

static bool all_used(const struct init *in)
{
	bool good = true;

	for (size_t i = 0; i < in->n_set; i++)
		if (!in->set[i].used) {
			fprintf(stderr, "kentongan: provider %s has no setting '%.*s'\n",
				in->provider, STR_ARG(in->set[i].name));
			good = false;
		}
	return good;
}

/* ---- files ---- */

static char *path_in(struct init *in, const char *name)
{
	return (char *)(uintptr_t)arena_printf(in->arena, "%s/%s", in->folder, name).p;
}

static void made(struct init *in, const char *path)
{
	struct str kept = arena_str(in->arena, str_of(path));

	if (kept.p && in->n_made < FILES_MOST)
		in->made[in->n_made++] = kept.p;
}

/* The folder with those above it; false when the last is not there then (errno). */
static bool folder_make(struct init *in, const char *folder)
{
	struct stat st;
	char *path = strdup(folder);
	int why;

	for (char *p = path ? path + 1 : NULL; p && (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (mkdir(path, 0750) == 0)
			made(in, path);
		*p = '/';
	}
	if (path && mkdir(path, 0750) == 0)
		made(in, path);
	why = errno;
	free(path);
	if (stat(folder, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	errno = why == EEXIST ? ENOTDIR : why;
	return false;
}

/* A new file with exactly these rights. */
static bool file_write(struct init *in, const char *name, mode_t mode, struct str content)
{
	char *path = path_in(in, name);
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) : -1;
	int why = errno;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	bool good = false;

	if (fd >= 0)
		made(in, path);
	if (f) {
		errno = 0;
		good = fwrite(content.p, 1, content.n, f) == content.n && !fflush(f) &&
		       !fsync(fd);
		why = errno;
		good = !fclose(f) && good;
	} else if (fd >= 0) {
		close(fd);
	}
	if (!good)
		fprintf(stderr, "kentongan: %s: %s\n", path ? path : name, strerror(why));
	return good;
}

/* The sample's parts, ready to edit. */
static bool samples_copy(struct init *in)
{
	static const struct str folder = STR_INIT("conf/"),
				main_file = STR_INIT("conf/kentongan.conf"),
				examples = STR_INIT("conf/examples/");

	for (const struct embedded_file *f = embedded_files; f->path; f++) {
		const char *name = f->path + folder.n, *slash;
		struct str above;

		if (!str_starts(str_of(f->path), folder) ||
		    str_starts(str_of(f->path), examples) ||
		    str_eq(str_of(f->path), main_file))
			continue;
		slash = strrchr(name, '/');
		above = arena_printf(in->arena, "%s/%.*s", in->folder,
				     slash ? (int)(slash - name) : 0, name);
		if (slash && (!above.p || !folder_make(in, above.p)))
			return false;
		if (!file_write(in, name, 0640,
				str_from(f->begin, (size_t)(f->end - f->begin))))
			return false;
	}
	return true;
}

static bool write_all(struct init *in, const struct compose *c)
{
	bool good = samples_copy(in);

	for (size_t i = 0; good && i < c->n_secrets; i++)
		good = c->secrets[i].file.p &&
		       file_write(in, c->secrets[i].file.p, 0600, c->secrets[i].content);
	return good && file_write(in, "kentongan.conf", 0640, buf_str(c->out));
}

static void made_remove(struct init *in)
{
	while (in->n_made)
		remove(in->made[--in->n_made]);
}

static bool good_config(const char *file)
{
	struct buf notes = BUF_INIT(FILE_CEILING);
	struct config_faults faults = { .text = BUF_INIT(FILE_CEILING), .notes = &notes };
	struct config *config = config_load(file, false, &faults);
	bool good = config != NULL;

	if (notes.n)
		fwrite(notes.p, 1, notes.n, stderr);
	if (faults.text.n)
		fwrite(faults.text.p, 1, faults.text.n, stderr);
	config_free(config);
	buf_free(&faults.text);
	buf_free(&notes);
	return good;
}

/* ---- options ---- */

static bool setting_take(struct init *in, const char *text)
{
	struct str s = str_of(text), name;
	size_t eq = str_find_char(s, '='), i = 0;

	if (eq == s.n || eq == 0) {
		fprintf(stderr, "kentongan: --set wants KEY=VALUE, not '%s'\n", text);
		return false;
	}
	name = arena_str(in->arena, str_slice(s, 0, eq));
	while (i < in->n_set && !str_eq(in->set[i].name, name))
		i++; /* the last one counts */
	if (i == SETTINGS_MOST / 2) {
		fprintf(stderr, "kentongan: more than %d settings\n", SETTINGS_MOST / 2);
		return false;
	}
	in->set[i] = (struct compose_value){
		name, arena_str(in->arena, str_slice(s, eq + 1, s.n)), false
	};
	if (i == in->n_set)
		in->n_set++;
	return name.p && in->set[i].value.p;
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

/* Relative folders are meant from here, not from the configuration's folder. */
static const char *absolute(struct init *in, const char *folder)
{
	char *here = folder[0] == '/' ? NULL : getcwd(NULL, 0);
	struct str s =
		here ? arena_printf(in->arena, "%s/%s", here, folder) : str_of(folder);

	free(here);
	return s.p ? s.p : folder;
}

static void set_take_back(struct init *in, const char *name, const char **option)
{
	for (size_t i = 0; i < in->n_set; i++)
		if (str_eq(in->set[i].name, str_of(name))) {
			if (!*option)
				*option = in->set[i].value.p;
			in->set[i].value = str_of(*option);
		}
}

/* Whether a generic provider is described by --set: then its own keys say the rest. */
static bool described(const struct init *in)
{
	for (size_t i = 0; i < in->n_set; i++)
		if (str_starts(in->set[i].name, STR("poll.")) ||
		    str_starts(in->set[i].name, STR("send.")) ||
		    str_starts(in->set[i].name, STR("push.")))
			return true;
	return false;
}

static int provider_take(struct init *in)
{
	static const char generic[] = "generic";
	struct buf names = BUF_INIT(1000);

	set_take_back(in, "adapter", &in->provider);
	example_names(&names);
	buf_add_char(&names, '\0');
	in->provider = or_asked(in, in->provider, "provider", names.p, "africastalking");
	in->adapter = sms_adapter_find(str_of(in->provider));
	if (!in->adapter || (strcmp(in->provider, generic) == 0 && !described(in)))
		in->example = example_find(in->provider);
	if (!in->adapter && !in->example.n)
		fprintf(stderr,
			"kentongan: no provider '%s'; there are %s (generic: a skeleton "
			"to fill in)\n",
			in->provider, names.p);
	buf_free(&names);
	return in->adapter || in->example.n ? -1 : EX_USAGE;
}

static int answers_take(struct init *in)
{
	int code;

	if (access(path_in(in, "kentongan.conf"), F_OK) == 0)
		return ctl_fail(EX_CANTCREAT,
				"%s has a kentongan.conf already; nothing was changed",
				in->folder);
	code = provider_take(in);
	if (code >= 0)
		return code;
	set_take_back(in, "number", &in->number);
	in->number = or_asked(in, in->number, "number", "our number at the provider", "");
	in->state = absolute(in, or_asked(in, in->state, "state", "folder for the store",
					  "/var/lib/kentongan"));
	set_take_back(in, "listen.callbacks", &in->callbacks);
	in->callbacks =
		or_asked(in, in->callbacks, "callbacks",
			 "ADDR:PORT where the provider may call us; empty: nowhere", "");
	if (in->example.n && !example_polls(in->example) && !in->callbacks[0])
		in->callbacks = "127.0.0.1:8080"; /* its only way in */
	set_take_back(in, "listen.admin", &in->admin);
	in->admin = or_asked(in, in->admin, "admin", "ADDR:PORT for metrics",
			     "127.0.0.1:8081");
	return -1;
}

/* Who will run it must read the one and write the other. */
static void next_steps(const struct init *in, const struct compose *c, const char *file)
{
	const struct passwd *user = geteuid() == 0 ? getpwnam("kentongan") : NULL;
	struct stat st;
	bool ours = stat(in->state, &st) || (user && st.st_uid == user->pw_uid);

	printf("%s is complete and checked. ", file);
	if (geteuid() != 0) {
		printf("Next, as the same user:\n\n\tkentongand -c %s\n", file);
		return;
	}
	printf("Next%s:\n\n\tchown -R root:kentongan %s\n",
	       user ? "" : ", once there is a user kentongan (INSTALL, 2)", in->folder);
	if (c->n_secrets)
		printf("\tchmod 0640");
	for (size_t i = 0; i < c->n_secrets; i++)
		printf(" %s/%.*s", in->folder, STR_ARG(c->secrets[i].file));
	printf("%s", c->n_secrets ? "\n" : "");
	if (!ours)
		printf("\tchown kentongan:kentongan %s && chmod 0700 %s\n", in->state,
		       in->state);
	printf("\trunuser -u kentongan -- kentongand -t -c %s\n"
	       "\tsystemctl enable --now kentongand\n",
	       file);
}

static int write_checked(struct init *in, const struct compose *c)
{
	const char *file = path_in(in, "kentongan.conf");

	if (!folder_make(in, in->folder))
		return ctl_fail(EX_CANTCREAT, "%s: %s", in->folder, strerror(errno));
	if (!write_all(in, c)) {
		made_remove(in);
		return EX_CANTCREAT;
	}
	if (!good_config(file)) {
		made_remove(in);
		return ctl_fail(EX_CONFIG, "nothing was kept in %s", in->folder);
	}
	if (!folder_make(in, in->state))
		fprintf(stderr, "kentongan: note: %s: %s; make it before the start\n",
			in->state, strerror(errno));
	next_steps(in, c, file);
	return 0;
}

int init_main(int argc, char **argv)
{
	struct init in = { .arena = arena_new("init", ARENA_CEILING) };
	struct buf out = BUF_INIT(FILE_CEILING);
	int code;

	if (!in.arena)
		return EX_OSERR;
	umask(0027);
	code = options_read(argc, argv, &in);
	if (code < 0)
		code = answers_take(&in);
	if (code < 0) {
		struct compose c = { .arena = in.arena,
				     .out = &out,
				     .given = in.set,
				     .ask = ask_key,
				     .arg = &in };

		set_all_ours(&in);
		c.n_given = in.n_set;
		compose_main(&in, &c);
		code = all_used(&in) && !c.failed ? write_checked(&in, &c) : EX_USAGE;
	}
	buf_free(&out);
	arena_free(in.arena);
	return code;
}
