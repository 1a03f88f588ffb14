/* SPDX-License-Identifier: MIT */
/*
 * The ways by which tickets reach departments, and the mail account that letters leave
 * and answers come by. What a way's own keys are its forwarder's table says; `sms` and
 * `print` are done by the gateway itself.
 */
#include "config/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "config/ca_file.h"
#include "config/secret.h"

/* ---- addresses ---- */

/* "aduan@serangkab.example" of "Pengaduan <aduan@serangkab.example>". */
static struct str address_of(struct str from)
{
	size_t open = str_find_char(from, '<'), close = str_find_char(from, '>');

	return open < close && close < from.n ? str_slice(from, open + 1, close)
					      : str_trim(from);
}

enum { ADDRESS_MOST = 320 };

/* As the carrier takes it between < and >, and no name beside it. */
static bool is_address(struct str s)
{
	size_t at = str_find_char(s, '@');

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f || strchr("<>()[],;:\\\"", s.p[i]))
			return false;
	return s.n <= ADDRESS_MOST && at > 0 && at + 1 < s.n &&
	       str_find_char(str_slice(s, at + 1, s.n), '@') == s.n - at - 1;
}

/* Each once: two deliveries of one thing to one address would be two mails. */
static void check_addresses(struct load *l, const struct schema_group *g,
			    const char *where, const char *key, struct str_list list)
{
	for (size_t i = 0; i < list.n; i++) {
		struct str one = list.items[i];

		if (!is_address(one))
			schema_item_fault(l->s, g, key, i,
					  "%s.%s: \"%.*s\" is no address; write it "
					  "bare, \"pupr@example.go.id\"",
					  where, key, STR_ARG(one));
		for (size_t k = 0; k < i; k++)
			if (str_eq_nocase(list.items[k], one))
				schema_item_fault(l->s, g, key, i,
						  "%s.%s: \"%.*s\" stands there twice",
						  where, key, STR_ARG(one));
	}
}

/* ---- ways ---- */

/* Of those that are no forwarders. */
static const struct key sms_keys[] = {
	{ "acknowledge", KEY_MS,
	  .offset = offsetof(struct config_way_sms, acknowledge_ms), .def = "0s",
	  .min = 0, .max = 864000000,
	  .help = "One that no officer has answered after this time goes to the next of "
		  "the duty roster, then to the head, then to the desk; \"0s\": never." },
	{ 0 },
};

static const struct key print_keys[] = {
	{ "folder", KEY_PATH, .offset = offsetof(struct config_way_print, folder),
	  .min = 1, .max = 4000,
	  .help = "Where the list of the day is put, a file for each day." },
	{ "at", KEY_STR, .offset = offsetof(struct config_way_print, at), .def = "07.00",
	  .min = 5, .max = 5, .help = "When, on working days." },
	{ "keep", KEY_MS, .offset = offsetof(struct config_way_print, keep_ms),
	  .def = "30d", .min = 0, .max = INT64_C(315360000000),
	  .help = "Lists of its that are older are removed from there: what people wrote "
		  "stands in them, and nothing else takes it away; \"0s\": never." },
	{ 0 },
};

static const struct {
	enum config_way_by by;
	const char *name, *about;
	const struct key *keys;
	size_t size;
} own_ways[] = {
	{ WAY_SMS, "sms", "To the phones of its officers on duty.", sms_keys,
	  sizeof(struct config_way_sms) },
	{ WAY_PRINT, "print",
	  "A list of what is open, for each working day, as an HTML file that a browser "
	  "prints.",
	  print_keys, sizeof(struct config_way_print) },
};

const struct key *config_own_way(size_t i, const char **name, const char **about)
{
	if (i >= sizeof(own_ways) / sizeof(*own_ways))
		return NULL;
	*name = own_ways[i].name;
	*about = own_ways[i].about;
	return own_ways[i].keys;
}

static void way_names(struct load *l, const struct schema_group *g, struct str by)
{
	struct buf all = BUF_INIT(2000);

	for (size_t i = 0; i < sizeof(own_ways) / sizeof(*own_ways); i++)
		buf_printf(&all, "%s\"%s\"", i ? ", " : "", own_ways[i].name);
	for (size_t i = 0; forwarders[i]; i++)
		buf_printf(&all, ", \"%s\"", forwarders[i]->info.name);
	schema_fault(l->s, g, "by", "ways.by: there is no way \"%.*s\"; there are %.*s",
		     STR_ARG(by), STR_ARG(buf_str(&all)));
	buf_free(&all);
}

/* *keys, *size: of the settings of its own; false: no such way. */
static bool way_kind(struct config_way *w, struct str by, const struct key **keys,
		     size_t *size)
{
	for (size_t i = 0; i < sizeof(own_ways) / sizeof(*own_ways); i++)
		if (str_eq(by, str_of(own_ways[i].name))) {
			w->by = own_ways[i].by;
			*keys = own_ways[i].keys;
			*size = own_ways[i].size;
			return true;
		}
	w->by = WAY_FORWARDER;
	w->forwarder = forwarder_find(by);
	if (!w->forwarder)
		return false;
	*keys = w->forwarder->info.keys;
	*size = w->forwarder->info.settings_size;
	return true;
}

static void way_check(struct load *l, const struct schema_group *g,
		      const struct config_department *d, const struct config_way *w)
{
	bool addresses = w->forwarder && w->forwarder->has_addresses;
	struct err err;

	for (size_t k = 0; k < d->n_ways; k++)
		if (str_eq(d->ways[k].name, w->name))
			schema_fault(l->s, g, "name",
				     "ways.name: \"%.*s\" stands there twice; give each "
				     "its own name",
				     STR_ARG(w->name));
	if (addresses && w->to.n == 0)
		schema_fault(l->s, g, "to", "ways.to: to which address?");
	if (addresses)
		check_addresses(l, g, "ways", "to", w->to);
	if (!addresses && w->to.n)
		schema_fault(l->s, g, "to", "ways.to: this way has no addresses");
	for (size_t i = 0; i < w->kinds.n; i++) {
		enum ticket_kind kind;

		if (!ticket_kind_read(w->kinds.items[i], &kind))
			schema_item_fault(l->s, g, "kinds", i,
					  "ways.kinds: there is no kind \"%.*s\"",
					  STR_ARG(w->kinds.items[i]));
	}
	if (w->by == WAY_PRINT) {
		const struct config_way_print *print = w->settings;
		int minutes;

		if (!calendar_read_clock(print->at, &minutes))
			schema_fault(l->s, g, "at", "ways.at: a time, \"07.00\"");
		if (faccessat(AT_FDCWD, print->folder.p, W_OK | X_OK, AT_EACCESS))
			schema_note(l->s, g, "folder",
				    "ways.folder: %s: %s; the daemon's user must be able "
				    "to write there",
				    print->folder.p, strerror(errno));
	}
	if (w->by == WAY_FORWARDER && w->forwarder && w->forwarder->info.check &&
	    !l->without_secrets &&
	    w->forwarder->info.check(w->settings, l->c->arena, &err))
		schema_fault(l->s, g, NULL, "ways.%.*s: %s", STR_ARG(w->name), err.text);
	if (addresses && l->c->mail.server.n == 0)
		schema_fault(l->s, g, "by", "ways.by: mail needs mail.server");
}

static void read_way(struct load *l, const struct schema_group *g,
		     struct config_department *d)
{
	struct config_way *w = &d->ways[d->n_ways];
	const struct key *keys = NULL;
	struct str by = schema_string(g, "by");
	size_t size = 0, before = l->faults->n;

	if (!way_kind(w, by, &keys, &size)) {
		schema_read(l->s, g, "ways", config_way_keys, schema_any, w);
		if (by.n)
			way_names(l, g, by);
		return;
	}
	schema_read(l->s, g, "ways", config_way_keys, keys, w);
	if (w->name.n == 0)
		w->name = w->by_name; /* `by` lives as long as the file */
	w->settings = arena_alloc(l->c->arena, 1, size ? size : 1);
	if (!w->settings)
		return;
	/* Unknown names were told just now. */
	schema_read(l->s, g, "ways", keys, schema_any, w->settings);
	if (l->faults->n == before)
		way_check(l, g, d, w);
	d->n_ways++;
}

static void check_digest(struct load *l, const struct schema_group *g,
			 const struct config_department *d)
{
	bool mails = false;
	int minutes;

	if (d->digest_at.n == 0)
		return;
	for (size_t i = 0; i < d->n_ways; i++)
		mails = mails ||
			(d->ways[i].forwarder && d->ways[i].forwarder->has_addresses);
	if (!calendar_read_clock(d->digest_at, &minutes))
		schema_fault(l->s, g, "digest_at",
			     "departments.digest_at: a time, \"07.00\"");
	else if (!mails)
		schema_fault(l->s, g, "digest_at",
			     "departments.digest_at: needs a way by email");
}

void load_ways(struct load *l, const struct schema_group *g, struct config_department *d)
{
	size_t n = schema_list_count(g, "ways");

	d->ways = ARENA_NEW(l->c->arena, struct config_way, n + 1);
	for (size_t i = 0; d->ways && i < n; i++) {
		const struct schema_group *way = schema_list_item(g, "ways", i);

		if (!way) {
			schema_fault(l->s, g, "ways", "ways: groups in { }, please");
			continue;
		}
		read_way(l, way, d);
	}
	check_digest(l, g, d);
	check_addresses(l, g, "departments", "answer_from", d->answer_from);
	if (d->outside && d->n_ways)
		schema_fault(l->s, g, "ways",
			     "ways: \"%.*s\" is outside, nothing is sent there",
			     STR_ARG(d->code));
}

/* ---- mail ---- */

static bool starts(struct str url, const char *scheme)
{
	return str_starts(url, str_of(scheme));
}

static bool on_loopback(struct str url)
{
	size_t at = str_find(url, STR("://"));
	struct str host = str_slice(url, at < url.n ? at + 3 : url.n, url.n);
	size_t digits = 0, end = str_find_char(host, '/');

	host = str_slice(host, 0, end);
	if (!str_starts(host, STR("[")))
		host = str_slice(host, 0, str_find_char(host, ':'));
	while (digits < host.n && (host.p[digits] == '.' ||
				   (host.p[digits] >= '0' && host.p[digits] <= '9')))
		digits++; /* "127.example.org" may be anywhere */
	return (str_starts(host, STR("127.")) && digits == host.n) ||
	       str_eq_nocase(host, STR("localhost")) || str_starts(host, STR("[::1]"));
}

static void check_account(struct load *l, const struct schema_group *g, const char *key,
			  struct str url, const char *plain, const char *tls)
{
	if (url.n == 0)
		return;
	if (!starts(url, plain) && !starts(url, tls))
		schema_fault(l->s, g, key, "mail.%s: %sHOST:PORT or %sHOST:PORT", key,
			     plain, tls);
}

/* Each server by itself: a relay on this machine says nothing of a mailbox elsewhere. */
static void check_plain(struct load *l, const struct schema_group *g)
{
	struct forward_mail *m = &l->c->mail;

	m->inbox_plain = m->plain && on_loopback(m->inbox);
	if (m->plain && !m->inbox_plain && !on_loopback(m->server))
		schema_fault(l->s, g, "plain",
			     "mail.plain: only for a server on this machine; mail must "
			     "not cross a network unsealed");
	m->plain = m->plain && on_loopback(m->server);
}

void load_mail(struct load *l)
{
	const struct schema_group *g = schema_group(schema_root(l->s), "mail");
	struct forward_mail *m = &l->c->mail;
	struct str address = address_of(m->from);
	size_t at = str_find_char(address, '@');
	struct err err;

	if (!g)
		return;
	check_account(l, g, "server", m->server, "smtp://", "smtps://");
	check_account(l, g, "inbox", m->inbox, "imap://", "imaps://");
	check_plain(l, g);
	if ((m->server.n || m->inbox.n) && !is_address(address))
		schema_fault(
			l->s, g, "from",
			"mail.from: an address, \"Pengaduan <aduan@example.go.id>\"");
	else if (m->domain.n == 0 && address.n)
		m->domain = str_slice(address, at + 1, address.n);
	if (m->server.n && m->key.n < 16 && !l->without_secrets &&
	    !secret_is_unseen(m->key))
		schema_fault(
			l->s, g, "key",
			"mail.key: at least 16 random characters, \"file:mail.key\": "
			"answers are known by it");
	if (m->ca_file.n && !l->without_secrets && ca_file_check(m->ca_file.p, &err))
		schema_fault(l->s, g, "ca_file", "mail.ca_file: %s", err.text);
}
