/* SPDX-License-Identifier: MIT */
/*
 * kentongan init: what it writes is accepted, complete and private; what it refuses
 * leaves nothing behind. Works in a folder of its own below the system's temporary one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>

#include "ctl/init.c"

static char top[] = "/tmp/kentongan-init-XXXXXX";
static char folder[64], state_folder[64];

int ctl_fail(int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return code;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static int setup(void **state)
{
	(void)state;
	memcpy(strrchr(top, '-'), "-XXXXXX", sizeof("-XXXXXX"));
	if (!mkdtemp(top))
		return -1;
	snprintf(folder, sizeof(folder), "%s/a/conf", top);
	snprintf(state_folder, sizeof(state_folder), "%s/state", top);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* init with the words, then --state; no terminal unless stdin was made one. */
#define INIT(...) init_with((const char *[]){ "init", folder, __VA_ARGS__, NULL })

static int init_with(const char *const *words)
{
	const char *argv[64];
	int argc = 0;

	while (words[argc]) {
		argv[argc] = words[argc];
		argc++;
	}
	argv[argc++] = "--state";
	argv[argc++] = state_folder;
	argv[argc] = NULL;
	return init_main(argc, (char **)(uintptr_t)argv);
}

#define AT     "--provider", "africastalking", "--set", "username=uji"
#define AT_KEY AT, "--set", "api_key=kunci rahasia"

static const char *in_folder(const char *name)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(in_folder(name), &st), 0);
	return st.st_mode & 07777;
}

static char *content_of(const char *name)
{
	static char text[65536];
	FILE *f = fopen(in_folder(name), "r");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static struct config *load(void)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct config *c = config_load(in_folder("kentongan.conf"), false, &faults);

	if (!c)
		fail_msg("%s", faults.text.p);
	buf_free(&faults.text);
	return c;
}

#define assert_str(s, z)                                                        \
	do {                                                                    \
		struct str got_ = (s);                                          \
		if (!str_eq(got_, STR(z)))                                      \
			fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(got_), (z)); \
	} while (0)

static void test_complete(void **state)
{
	struct config *c;

	(void)state;
	assert_int_equal(INIT(AT_KEY, "--number", "21708", "--callbacks", "127.0.0.1:0",
			      "--admin", "127.0.0.1:9"),
			 0);
	c = load();
	assert_int_equal(c->n_providers, 1);
	assert_str(c->providers[0].id, "utama");
	assert_str(c->providers[0].number, "21708");
	assert_int_equal(c->providers[0].path_secret.n, 32);
	assert_str(c->listen.callbacks, "127.0.0.1:0");
	assert_str(c->listen.admin, "127.0.0.1:9");
	assert_int_equal(c->listen.control.n, strlen(state_folder) + 13);
	assert_true(str_ends(c->listen.control, STR("/state/control.sock")));
	assert_true(str_ends(c->store.path, STR("/state/kentongan.db")));
	assert_true(c->n_departments >= 20);
	assert_true(c->places.kecamatan.n >= 20);
	assert_non_null(c->router);
	assert_int_equal(access(state_folder, W_OK), 0);
	config_free(c);
}

static void test_secrets_are_files(void **state)
{
	(void)state;
	assert_int_equal(INIT(AT_KEY, "--callbacks", "127.0.0.1:0"), 0);
	assert_int_equal(mode_of("utama.api_key"), 0600);
	assert_int_equal(mode_of("utama.path_secret"), 0600);
	assert_int_equal(mode_of("kentongan.conf") & 07, 0);
	assert_int_equal(mode_of("store.key"), 0600);
	assert_int_equal(strspn(content_of("store.key"), "0123456789abcdef"), 64);
	assert_non_null(strstr(content_of("kentongan.conf"), "\"file:store.key\""));
	assert_non_null(strstr(content_of("kentongan.conf"), "\n# mail = {"));
	assert_non_null(strstr(content_of("kentongan.conf"), "\n# open311 = {"));
	assert_string_equal(content_of("utama.api_key"), "kunci rahasia");
	assert_null(strstr(content_of("kentongan.conf"), "kunci rahasia"));
	assert_non_null(strstr(content_of("kentongan.conf"), "\"file:utama.api_key\""));
}

/* Each has a key of its own, and one that is given is left where it is. */
static void test_store_keys(void **state)
{
	struct config *c;
	char first[80];

	(void)state;
	assert_int_equal(INIT(AT_KEY), 0);
	snprintf(first, sizeof(first), "%s", content_of("store.key"));
	assert_int_equal(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	assert_int_equal(INIT(AT_KEY), 0);
	assert_string_not_equal(content_of("store.key"), first);
	assert_int_equal(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	assert_int_equal(setenv("INIT_STORE_KEY", first, 1), 0);
	assert_int_equal(INIT(AT_KEY, "--set", "store.key=env:INIT_STORE_KEY"), 0);
	assert_int_not_equal(access(in_folder("store.key"), F_OK), 0);
	c = load();
	assert_true(str_eq(c->store.key, str_of(first)));
	config_free(c);
	assert_int_equal(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	assert_int_equal(INIT(AT_KEY, "--set", "store.key=terlalu-pendek"), EX_CONFIG);
}

static void test_references_stay(void **state)
{
	struct config *c;

	(void)state;
	assert_int_equal(setenv("INIT_TEST_KEY", "dari luar", 1), 0);
	assert_int_equal(INIT(AT, "--set", "api_key=env:INIT_TEST_KEY"), 0);
	assert_non_null(strstr(content_of("kentongan.conf"), "\"env:INIT_TEST_KEY\""));
	assert_int_not_equal(access(in_folder("utama.api_key"), F_OK), 0);
	c = load();
	assert_int_equal(c->providers[0].path_secret.n, 0); /* nobody calls */
	config_free(c);
}

/* What only the daemon's own environment has is no fault here; to the daemon it is. */
static void test_references_unseen(void **state)
{
	struct buf notes = BUF_INIT(1 << 20);
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct config *c;

	(void)state;
	assert_int_equal(INIT(AT, "--set", "api_key=cred:utama.key", "--set",
			      "store.key=env:INIT_NOT_HERE", "--set",
			      "path_secret=env:INIT_NOT_HERE", "--callbacks",
			      "127.0.0.1:0"),
			 0);
	assert_null(config_load(in_folder("kentongan.conf"), false, &faults));
	assert_int_equal(faults.n, 3);
	buf_free(&faults.text);
	faults = (struct config_faults){ .text = BUF_INIT(1 << 20), .notes = &notes };
	c = config_load(in_folder("kentongan.conf"), false, &faults);
	assert_non_null(c);
	assert_true(str_find(buf_str(&notes),
			     STR("note: providers.api_key: cred:utama.key is wanted")) <
		    notes.n);
	config_free(c);
	buf_free(&notes);
	buf_free(&faults.text);
}

/* The reason of the trouble itself, not of what was looked at afterwards. */
static void test_errno(void **state)
{
	struct init in = { .arena = arena_new("init", ARENA_CEILING) };
	FILE *f;

	(void)state;
	assert_non_null(in.arena);
	f = fopen(state_folder, "w");
	assert_non_null(f);
	fclose(f);
	assert_false(folder_make(&in, state_folder));
	assert_int_equal(errno, ENOTDIR);
	assert_false(folder_make(&in, "/proc/kentongan/conf"));
	assert_int_equal(errno, ENOENT);
	arena_free(in.arena);
}

static void test_any_key(void **state)
{
	struct config *c;

	(void)state;
	assert_int_equal(INIT(AT_KEY, "--set", "poll_every=250ms", "--set",
			      "send_rate=2.5", "--set", "connections=3", "--set",
			      "connections=7", "--set", "polling=true", "--set",
			      "allow_from=10.0.0.0/8, ::1", "--set", "on_unknown=hold",
			      "--set", "id=kedua", "--set", "number=+62\"1\\", "--set",
			      "gateway.name=Kabupaten \"Uji\"", "--set",
			      "guards.same_text=0"),
			 0);
	c = load();
	assert_int_equal(c->providers[0].poll_every_ms, 250);
	assert_true(c->providers[0].send_rate == 2.5);
	assert_int_equal(c->providers[0].connections, 7); /* the last one counts */
	assert_int_equal(c->providers[0].allow_from.n, 2);
	assert_str(c->providers[0].allow_from.items[1], "::1");
	assert_int_equal(c->providers[0].on_unknown, UNKNOWN_HOLD);
	assert_str(c->providers[0].id, "kedua");
	assert_str(c->providers[0].number, "+62\"1\\");
	assert_str(c->gateway.name, "Kabupaten \"Uji\"");
	assert_int_equal(c->guards.same_text, 0);
	assert_int_equal(mode_of("kedua.api_key"), 0600);
	config_free(c);
}

static void test_inner_keys(void **state)
{
	struct config *c;

	(void)state;
	assert_int_equal(INIT("--provider", "generic", "--set",
			      "send.url=http://p.test/s", "--set", "send.form.to={to}",
			      "--set", "send.form.text={text}", "--set",
			      "auth.kind=bearer", "--set", "auth.secret=tanda", "--set",
			      "settle={ url = \"http://p.test/{id}\"; }"),
			 EX_CONFIG); /* the adapter's own check: settle needs poll */
	assert_int_equal(INIT("--provider", "generic", "--set",
			      "send.url=http://p.test/s", "--set", "send.form.to={to}",
			      "--set", "send.form.text={text}", "--set",
			      "auth.kind=bearer", "--set", "auth.secret=tanda"),
			 0);
	c = load();
	assert_true(c->providers[0].caps & SMS_SEND);
	assert_string_equal(content_of("utama.auth.secret"), "tanda");
	assert_int_equal(mode_of("utama.auth.secret"), 0600);
	config_free(c);
}

/* An example's part with what was given in it; its comments stay, how to copy it goes. */
static void test_examples(void **state)
{
	struct config *c;

	(void)state;
	assert_int_equal(INIT("--provider", "zenziva", "--set", "userkey=u"), EX_USAGE);
	assert_int_equal(INIT("--provider", "zenziva", "--number", "+62811", "--set",
			      "userkey=u", "--set", "passkey=rahasia", "--set",
			      "api_base=https://uji.test", "--set", "poll_every=2s",
			      "--set", "on_unknown=hold", "--set", "poll.query.lagi=1",
			      "--set", "poll.window=7d", "--set",
			      "path_secret=lang-genug"),
			 0);
	c = load();
	assert_int_equal(c->n_providers, 1);
	assert_str(c->providers[0].id, "zenziva");
	assert_str(c->providers[0].number, "+62811");
	assert_str(c->providers[0].path_secret, "lang-genug");
	assert_int_equal(c->providers[0].poll_every_ms, 2000);
	assert_int_equal(c->providers[0].on_unknown, UNKNOWN_HOLD);
	assert_string_equal(content_of("zenziva.passkey"), "rahasia");
	assert_int_equal(mode_of("zenziva.passkey") & 07, 0);
	assert_int_equal(mode_of("zenziva.path_secret") & 07, 0);
	assert_null(strstr(content_of("kentongan.conf"), "Copy this part"));
	assert_non_null(strstr(content_of("kentongan.conf"), "The inbox has no cursor"));
	assert_non_null(strstr(content_of("kentongan.conf"), "lagi = \"1\";"));
	assert_non_null(strstr(content_of("kentongan.conf"), "https://uji.test"));
	config_free(c);
}

static void test_each_example(void **state)
{
	struct config *c;
	char address[100];

	assert_int_equal(
		INIT("--provider", "telerivet", "--set", "key=k", "--set", "webhook=w"),
		0);
	assert_int_equal(teardown(state) | setup(state), 0);
	assert_int_equal(INIT("--provider", "playsms", "--set", "token=t"), 0);
	assert_int_equal(teardown(state) | setup(state), 0);
	assert_int_equal(INIT("--provider", "kannel", "--set", "password=p"), 0);
	c = load();
	assert_str(c->listen.callbacks, "127.0.0.1:8080"); /* its only way in */
	assert_true(c->providers[0].caps & SMS_PUSH);
	assert_true(c->providers[0].path_secret.n >= 16);
	snprintf(address, sizeof(address), "/kannel/%.*s/report",
		 STR_ARG(c->providers[0].path_secret));
	assert_non_null(strstr(content_of("kentongan.conf"), address)); /* dlr-url */
	config_free(c);
	assert_int_equal(teardown(state) | setup(state), 0);
	assert_int_equal(INIT("--provider", "kannel", "--set", "password=p", "--set",
			      "settle.url=/x"),
			 EX_USAGE); /* no such group there */
	assert_int_equal(INIT("--provider", "generic"), 0);
	c = load();
	assert_true(c->providers[0].caps & SMS_FETCH);
	assert_true(c->providers[0].caps & SMS_SEND);
	config_free(c);
}

static void test_refusals_leave_nothing(void **state)
{
	(void)state;
	assert_int_equal(INIT(AT), EX_USAGE); /* api_key is needed */
	assert_int_equal(INIT(AT_KEY, "--set", "polll=1"), EX_USAGE);
	assert_int_equal(INIT(AT_KEY, "--set", "polling"), EX_USAGE);
	assert_int_equal(INIT(AT_KEY, "too", "many"), EX_USAGE);
	assert_int_equal(INIT("--provider", "nobody"), EX_USAGE);
	assert_int_equal(INIT(AT_KEY, "--set", "connections=many"), EX_CONFIG);
	assert_int_equal(INIT(AT_KEY, "--set", "connections=4294967296"), EX_CONFIG);
	assert_int_equal(INIT(AT_KEY, "--callbacks", "nowhere"), EX_CONFIG);
	assert_int_equal(access(folder, F_OK), -1);
	assert_int_equal(access(state_folder, F_OK), -1);
}

static void test_never_overwrites(void **state)
{
	char *before;
	FILE *f;

	(void)state;
	assert_int_equal(INIT(AT_KEY), 0);
	before = strdup(content_of("kentongan.conf"));
	assert_non_null(before);
	assert_int_equal(INIT(AT_KEY, "--number", "5"), EX_CANTCREAT);
	assert_string_equal(content_of("kentongan.conf"), before);
	free(before);
	/* A part of somebody's is not overwritten either, and stays. */
	assert_int_equal(unlink(in_folder("kentongan.conf")), 0);
	f = fopen(in_folder("departments.conf"), "w");
	assert_non_null(f);
	fputs("mine", f);
	fclose(f);
	assert_int_equal(INIT(AT_KEY), EX_CANTCREAT);
	assert_string_equal(content_of("departments.conf"), "mine");
	assert_int_equal(access(in_folder("kentongan.conf"), F_OK), -1);
}

/* Somebody at a terminal answers; the secret is not shown there. */
static void test_asks(void **state)
{
	static const char answers[] =
		"africastalking\n21708\n\n127.0.0.1:0\nuji\nrahasia\n";
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave, saved = dup(STDIN_FILENO);
	struct config *c;

	(void)state;
	assert_true(master >= 0 && saved >= 0);
	assert_int_equal(grantpt(master) | unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0 && dup2(slave, STDIN_FILENO) >= 0);
	clearerr(stdin);
	assert_int_equal(write(master, answers, strlen(answers)), strlen(answers));
	assert_int_equal(init_with((const char *[]){ "init", folder, NULL }), 0);
	assert_true(dup2(saved, STDIN_FILENO) >= 0);
	close(saved);
	close(slave);
	close(master);
	c = load();
	assert_str(c->providers[0].number, "21708");
	assert_str(c->listen.callbacks, "");
	assert_str(c->listen.admin, "127.0.0.1:0");
	assert_string_equal(content_of("utama.api_key"), "rahasia");
	config_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_complete, setup, teardown),
		cmocka_unit_test_setup_teardown(test_secrets_are_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_store_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_references_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(test_references_unseen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_errno, setup, teardown),
		cmocka_unit_test_setup_teardown(test_any_key, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inner_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_examples, setup, teardown),
		cmocka_unit_test_setup_teardown(test_each_example, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refusals_leave_nothing, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_never_overwrites, setup, teardown),
		cmocka_unit_test_setup_teardown(test_asks, setup, teardown),
	};
	struct err err;

	if (!freopen("/dev/null", "r", stdin) || crypto_start(&err))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
