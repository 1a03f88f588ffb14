/* SPDX-License-Identifier: MIT */
/*
 * kentongan, the operator's command: options that all commands share, the table of
 * commands, and how to ask the daemon.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/log.h"
#include "config/config.h"
#include "ctl/client.h"
#include "ctl/ctl.h"

enum { ARENA_CEILING = 64 << 20, CLIENT_MS = 65000 };

struct ctl_command {
	const char *name;
	ctl_fn *run;
	const char *arguments, *about;
};

static const struct ctl_command commands[] = {
	{ "status", ctl_status, "", "providers, queues, tickets by department" },
	{ "tickets", ctl_tickets,
	  "[--department CODE] [--state STATE] [--since WHEN] [--limit N]",
	  "tickets, newest first; WHEN is a date, a time, or an age like 2h" },
	{ "ticket", ctl_ticket, "NO", "one ticket with its whole history" },
	{ "queue", ctl_queue, "[DEPT] [--limit N]",
	  "what waits for departments, by way; of one: deliveries and open tickets" },
	{ "deliver", ctl_deliver,
	  "retry|drop NO | retry|drop --all-parked DEPT | park NO | test|resume DEPT WAY",
	  "a delivery anew, by the next way, or given up; try a way, open it again" },
	{ "messages", ctl_messages, "[--unparsed|--unrouted|--unknown] [--limit N]",
	  "inbound messages; what a human must look at" },
	{ "due", ctl_due, "[--within 2d]", "what falls due, the nearest first" },
	{ "act", ctl_act,
	  "NO EVENT [--to DEPT] [--text …] [--parent NO] [--date DAY] [--outside …] "
	  "[--word]",
	  "what the central desk does with a ticket: route, reject, merge, ask, recall, "
	  "…" },
	{ "desk", ctl_desk,
	  "[--limit N]\n"
	  "       route NO CODE | ask NO TEXT | reject NO TEXT | merge NO PARENT |\n"
	  "       extend NO DAY TEXT | refuse NO | archive NO | apart NO | view NO |\n"
	  "       retry ID | forget ID | resend ID | drop ID | read ID | noted ID | "
	  "seen\n"
	  "       teach NO [--to CODE] [--words WORDS] [--days N] [--write]",
	  "all that waits for the central desk, with reasons, and what it does about "
	  "it" },
	{ "resend", ctl_resend, "ID", "send a message of unknown end once more" },
	{ "drop", ctl_drop, "ID", "give it up" },
	{ "mails", ctl_mails, "[--desk] [--limit N] [--before MAIL]",
	  "mails from departments, newest first; --desk: what a human must look at" },
	{ "mail", ctl_mail, "MAIL [--raw | --attachment N FILE]",
	  "one of them; as it came, or what was attached" },
	{ "mail-in", ctl_mail_in, "< MESSAGE",
	  "take a mail from the local mail server; exit 75: try again" },
	{ "alike", ctl_alike, "", "tickets of several people that seem to be the same" },
	{ "report", ctl_report, "[--month YYYY-MM] [--csv|--json]",
	  "the month's figures: answers, settlements, ratings, missing words" },
	{ "event", ctl_event, "start NAME … | say ID TEXT | end ID | list",
	  "declare a flood: its complaints are merged, its senders told at once" },
	{ "person", ctl_person,
	  "find NUMBER | export NUMBER | erase NUMBER [--force], --reason TEXT",
	  "one sender, for operators named in guards.lookup_by; each look is logged" },
	{ "audit", ctl_audit, "[--limit N]", "who looked up whom, and why" },
	{ "token", ctl_token,
	  "create --name NAME --department CODE|--all [--scopes …] [--expires …] | list "
	  "| "
	  "revoke ID",
	  "who may use the HTTP API, and for what" },
	{ "lifecycle", ctl_lifecycle, "[--dot]",
	  "what may happen to a ticket; --dot draws it with Graphviz" },
	{ "calendar", ctl_calendar, "[--check WHEN]", "how dates are computed" },
	{ "pin", ctl_pin, "", "an officer's PIN as it stands in the configuration" },
	{ "route", ctl_route, "[--json] [TEXT]",
	  "how a text is understood, and why; texts from stdin without TEXT" },
	{ "reload", ctl_reload, "", "read the configuration anew" },
	{ "pause", ctl_pause, "PROVIDER", "stop polling and sending through a provider" },
	{ "resume", ctl_resume, "PROVIDER", "go on" },
	{ "backup", ctl_backup, "FILE", "a consistent copy of the store while it runs" },
	{ "sim", ctl_sim, "text NUMBER TEXT | read NUMBER",
	  "text through the simulator" },
};

enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static const char default_file[] = KENTONGAN_SYSCONFDIR "/kentongan/kentongan.conf";
static const char default_socket[] = "/var/lib/kentongan/control.sock";

static void help(void)
{
	puts("Usage: kentongan [-c FILE] [--socket PATH] [--json] COMMAND …\n"
	     "Looks into and steers the complaint gateway kentongand.\n");
	printf("  init DIR\n\t\twrite a complete configuration folder (init --help)\n");
	for (int i = 0; i < COMMANDS; i++)
		printf("  %s%s%s\n\t\t%s\n", commands[i].name,
		       commands[i].arguments[0] ? " " : "", commands[i].arguments,
		       commands[i].about);
	printf("\n  -c, --config FILE  the daemon's configuration (default %s)\n"
	       "      --socket PATH  its control socket (default: as configured)\n"
	       "  -j, --json         answer as JSON\n"
	       "  -V, --version      print the version\n"
	       "  -h, --help         print this help; COMMAND --help: that one's\n"
	       "\nKENTONGAN_CONFIG names another configuration where --config does "
	       "not.\n",
	       default_file);
}

int ctl_fail(int code, const char *format, ...)
{
	va_list args;

	fputs("kentongan: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return code;
}

void ctl_print_json(const struct json *root)
{
	struct buf buf = BUF_INIT(64 << 20);

	json_dump(root, &buf);
	buf_add_char(&buf, '\n');
	fwrite(buf.p, 1, buf.n, stdout);
	buf_free(&buf);
}

/* The control socket that the configuration names; where that says nothing, the place
 * where `init` puts it. */
static struct str socket_of(struct ctl *ctl)
{
	struct str s;

	if (ctl->socket)
		return str_of(ctl->socket);
	if (!config_control(ctl->file, ctl->arena, &s)) {
		fprintf(stderr, "kentongan: %s: %s; trying %s (--socket names another)\n",
			ctl->file,
			access(ctl->file, R_OK) ? strerror(errno)
						: "broken, see kentongand -t",
			default_socket);
		return str_of(default_socket);
	}
	if (s.n == 0)
		ctl_fail(EX_CONFIG,
			 "%s sets no listen.control: name the socket with "
			 "--socket",
			 ctl->file);
	return s;
}

/* What somebody must be who may ask, or where else to ask; n 0: that is not the trouble.
 */
static struct str socket_hint(struct str socket, int status)
{
	if (status == 403)
		return geteuid() ? STR("; run it with sudo") : STR("");
	if (status || access(socket.p, R_OK | W_OK) == 0)
		return STR("");
	if (errno == ENOENT)
		return STR("; there is no such socket: kentongand does not run, or "
			   "listen.control was changed since its start, which a reload "
			   "does not follow: ask with --socket and the former path");
	return errno == EACCES && geteuid()
		       ? STR("; run it as root (sudo) or as the daemon's user")
		       : STR("");
}

struct json *ctl_ask(struct ctl *ctl, bool post, const char *path, struct str_pairs query,
		     int *code)
{
	struct str socket = socket_of(ctl);
	struct str problem = { NULL, 0 }, hint;
	struct json *root;
	int status;

	if (socket.n == 0) {
		*code = EX_CONFIG;
		return NULL;
	}
	root = client_ask(socket, post ? HTTP_POST : HTTP_GET, path, query, ctl->arena,
			  &status, &problem);
	if (!root) {
		hint = socket_hint(socket, status);
		*code = ctl_fail(status == 0	 ? EX_UNAVAILABLE
				 : status == 400 ? EX_USAGE
						 : 1,
				 "%.*s%.*s", STR_ARG(problem), STR_ARG(hint));
	}
	return root;
}

int ctl_exchange(struct ctl *ctl, enum http_method method, const char *path,
		 struct str body, struct response *response)
{
	struct exchange exchange = {
		.method = method,
		.url = arena_printf(ctl->arena, "http://kentongand%s", path),
		.body = body,
		.unix_path = socket_of(ctl),
	};
	struct str hint;
	struct err why;

	if (exchange.unix_path.n == 0)
		return EX_CONFIG;
	if (client_run(&exchange, CLIENT_MS, ctl->arena, response, &why)) {
		hint = socket_hint(exchange.unix_path, 0);
		return ctl_fail(EX_UNAVAILABLE,
				"the daemon does not answer on %.*s: %s%.*s",
				STR_ARG(exchange.unix_path), why.text, STR_ARG(hint));
	}
	return 0;
}

/* −1: go on. */
static int options_read(int argc, char **argv, struct ctl *ctl)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "socket", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "+c:jVh", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			ctl->file = optarg;
			ctl->file_given = true;
			break;
		case 's':
			ctl->socket = optarg;
			break;
		case 'j':
			ctl->json = true;
			break;
		case 'V':
			printf("kentongan %s\n", KENTONGAN_VERSION);
			return 0;
		case 'h':
			help();
			return 0;
		default:
			fputs("Try 'kentongan --help'.\n", stderr);
			return EX_USAGE;
		}
	}
	ctl->argc = argc - optind;
	ctl->argv = argv + optind;
	if (ctl->argc > 0)
		return -1;
	fputs("kentongan: a command is missing. Try 'kentongan --help'.\n", stderr);
	return EX_USAGE;
}

static bool help_wanted(const struct ctl *ctl)
{
	for (int i = 1; i < ctl->argc && strcmp(ctl->argv[i], "--") != 0; i++)
		if (strcmp(ctl->argv[i], "--help") == 0 ||
		    strcmp(ctl->argv[i], "-h") == 0)
			return true;
	return false;
}

/* getopt names argv[0] in its complaints. */
static void name_whole(struct ctl *ctl)
{
	struct str whole = arena_printf(ctl->arena, "kentongan %s", ctl->argv[0]);

	if (whole.p)
		ctl->argv[0] = (char *)(uintptr_t)whole.p;
}

static int command_run(struct ctl *ctl)
{
	for (int i = 0; i < COMMANDS; i++) {
		const struct ctl_command *c = &commands[i];

		if (!str_eq(str_of(ctl->argv[0]), str_of(c->name)))
			continue;
		if (help_wanted(ctl)) {
			printf("Usage: kentongan %s%s%s\n%s\n", c->name,
			       c->arguments[0] ? " " : "", c->arguments, c->about);
			return 0;
		}
		name_whole(ctl);
		return c->run(ctl);
	}
	return ctl_fail(EX_USAGE, "no command '%s'. Try 'kentongan --help'.",
			ctl->argv[0]);
}

int main(int argc, char **argv)
{
	const char *from_env = getenv("KENTONGAN_CONFIG");
	struct ctl ctl = { .file = from_env ? from_env : default_file,
			   .file_given = from_env != NULL };
	struct err err;
	int code;

	log_setup(LOG_FORMAT_AUTO, LOG_LEVEL_ERROR);
	if (crypto_start(&err))
		return ctl_fail(EX_OSERR, "%s", err.text);
	code = options_read(argc, argv, &ctl);
	if (code >= 0)
		return code;
	ctl.arena = arena_new("command", ARENA_CEILING);
	if (!ctl.arena)
		return ctl_fail(EX_OSERR, "no memory");
	if (str_eq(str_of(ctl.argv[0]), STR("init"))) {
		name_whole(&ctl);
		code = init_main(ctl.argc, ctl.argv);
	} else {
		code = command_run(&ctl);
	}
	arena_free(ctl.arena);
	return code;
}
