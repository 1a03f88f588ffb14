/* SPDX-License-Identifier: MIT */
/*
 * kentongand: options, signals, readiness and watchdog. Everything else is behind
 * gateway.h. Signals are blocked before any thread starts and read here from a
 * descriptor.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "gateway.h"
#include "notify.h"

static const char default_file[] = KENTONGAN_SYSCONFDIR "/kentongan/kentongan.conf";

static const char help[] =
	"Usage: kentongand [-c FILE] [-t]\n"
	"Takes complaints texted to a regency and brings them to the right department.\n"
	"\n"
	"  -c, --config FILE  read this configuration (default %s)\n"
	"  -t, --test         check the configuration, print every fault, exit 0 or 1\n"
	"  -V, --version      print the version\n"
	"  -h, --help         print this help\n"
	"\n"
	"Signals: TERM, INT finish what is in hand and stop; HUP reads the configuration "
	"anew.\n"
	"Exit status: 0 stopped as asked; 1 faults found by -t; 64 wrong usage; 69 an "
	"address\n"
	"cannot be listened on; 71 system trouble; 74 the store cannot be read or "
	"written;\n"
	"75 the store is in use; 78 faults in the configuration, or a store newer than "
	"this\n"
	"program. See kentongand(8).\n";

struct options {
	const char *file;
	bool test;
};

/* −1: go on; else the exit code. */
static int options_read(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "test", no_argument, NULL, 't' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	*o = (struct options){ .file = default_file };
	while ((c = getopt_long(argc, argv, "c:tVh", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->file = optarg;
			break;
		case 't':
			o->test = true;
			break;
		case 'V':
			printf("kentongand %s\n", KENTONGAN_VERSION);
			return 0;
		case 'h':
			printf(help, default_file);
			return 0;
		default:
			fputs("Try 'kentongand --help'.\n", stderr);
			return EX_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "kentongand: unexpected argument '%s'\n", argv[optind]);
		return EX_USAGE;
	}
	return -1;
}

/* lenient: secrets that only the daemon's own environment has are told of, and no faults.
 */
static struct config *config_or_faults(const char *file, bool lenient)
{
	struct buf notes = BUF_INIT(1 << 20);
	struct config_faults faults = { .text = BUF_INIT(1 << 20),
					.notes = lenient ? &notes : NULL };
	struct config *config = config_load(file, false, &faults);

	if (notes.n)
		fwrite(notes.p, 1, notes.n, stderr);
	buf_free(&notes);
	if (!config && faults.text.n)
		fwrite(faults.text.p, 1, faults.text.n, stderr);
	if (!config)
		fprintf(stderr, "kentongand: %zu fault%s in %s\n", faults.n,
			faults.n == 1 ? "" : "s", file);
	buf_free(&faults.text);
	return config;
}

static int signals_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void reload(struct gateway *gateway)
{
	char line[80];

	snprintf(line, sizeof(line), "RELOADING=1\nMONOTONIC_USEC=%lld",
		 (long long)clock_mono_us());
	notify_send(line);
	gateway_reload(gateway);
	notify_send("READY=1");
}

/* All signals that wait; many SIGHUP are one. */
static void signals_read(int fd, struct gateway *gateway)
{
	struct signalfd_siginfo info;
	bool hup = false, term = false;

	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		hup |= info.ssi_signo == SIGHUP;
		term |= info.ssi_signo != SIGHUP;
	}
	if (term) {
		notify_send("STOPPING=1");
		gateway_stop(gateway);
	} else if (hup) {
		reload(gateway);
	}
}

static void attend(struct gateway *gateway, int signals)
{
	int64_t watchdog_ms = notify_watchdog_ms();
	struct pollfd fds[] = { { signals, POLLIN, 0 },
				{ gateway_fd(gateway), POLLIN, 0 } };
	int wait = watchdog_ms > 0 ? (int)watchdog_ms : -1;
	bool ended = false;

	while (!ended) {
		if (poll(fds, 2, wait) < 0 && errno != EINTR)
			break;
		/* A stuck engine gets no more signs of life, and is started anew. */
		if (watchdog_ms > 0 && gateway_silence_ms(gateway) < 2 * watchdog_ms)
			notify_send("WATCHDOG=1");
		if (fds[0].revents)
			signals_read(signals, gateway);
		if (fds[1].revents)
			ended = gateway_attend(gateway);
	}
}

static int run(struct config *config, const char *file, int signals)
{
	bool sealed = config->store.key.n > 0;
	struct gateway *gateway;
	struct err err;
	int code;

	if (gateway_start(config, file, &gateway, &code, &err)) {
		log_event(LOG_LEVEL_ERROR, "cannot_start", LOG_Z("why", err.text));
		return code;
	}
	log_event(LOG_LEVEL_NOTICE, "started", LOG_Z("version", KENTONGAN_VERSION),
		  LOG_Z("listening", gateway_addresses(gateway)));
	if (!sealed)
		log_event(LOG_LEVEL_WARNING, "store_not_sealed",
			  LOG_Z("why",
				"store.key is not set: whoever gets the database or a "
				"backup can read numbers and complaints"));
	notify_send("READY=1\nSTATUS=taking complaints");
	attend(gateway, signals);
	code = gateway_finish(gateway);
	log_event(LOG_LEVEL_NOTICE, "stopped", LOG_I("exit_code", code));
	return code;
}

int main(int argc, char **argv)
{
	struct options options;
	struct config *config;
	struct err err;
	int signals, code = options_read(argc, argv, &options);

	if (code >= 0)
		return code;
	umask(0077);
	signals = signals_open();
	if (signals < 0 || crypto_start(&err)) {
		fputs("kentongand: the system refuses signals or random numbers\n",
		      stderr);
		return EX_OSERR;
	}
	config = config_or_faults(options.file, options.test);
	if (options.test) {
		if (config)
			printf("%s: ok\n", options.file);
		config_free(config);
		return config ? 0 : 1;
	}
	if (!config)
		return EX_CONFIG;
	log_setup((enum log_format)config->log.format, (enum log_level)config->log.level);
	return run(config, options.file, signals);
}
