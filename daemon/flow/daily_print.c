/* SPDX-License-Identifier: MIT */
/*
 * The list of the day, for departments that work on paper: an HTML file that a browser
 * prints, a table with room for the disposition and a signature, cut into pages that each
 * have their heading and number. The file stands in its folder whole or not at all: it is
 * written beside its place, brought to disk, and renamed. Old lists go: they hold what
 * people wrote, and an erasure does not reach them.
 */
#include "flow/flow.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mime_write.h"
#include "base/utf8.h"

enum {
	LIST_BYTES = 4 << 20,
	ARENA_BYTES = 64 << 20,
	ROWS_OF_PAGE = 12,
	ROWS_MOST = 40 * ROWS_OF_PAGE, /* the nearest: paper for a day */
	FILES_MOST = 100000,	       /* that are looked at in a folder */
	DAY_MS = 86400000,
	TEXT_MOST =
		300, /* bytes of a complaint: the whole is in the mail, or at the desk */
};

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"id\"><head><meta charset=\"utf-8\">\n<title>";
static const char style[] =
	"</title>\n<style>\n"
	"@page { size: A4 landscape; margin: 12mm }\n"
	"body { font: 10pt/1.3 sans-serif; margin: 0 }\n"
	"section { page-break-after: always; break-after: page }\n"
	"section:last-child { page-break-after: auto; break-after: auto }\n"
	"h1 { font-size: 13pt; margin: 0 0 2mm }\n"
	"p { margin: 0 0 3mm }\n"
	"table { border-collapse: collapse; width: 100% }\n"
	"th, td { border: 1px solid #000; padding: 1mm 2mm; text-align: left; "
	"vertical-align: top }\n"
	"tr { page-break-inside: avoid; break-inside: avoid; height: 12mm }\n"
	"th { background: #eee }\n"
	"td.room { width: 45mm }\n"
	"</style></head><body>\n";
static const char columns[] =
	"<table><thead><tr><th>Nomor</th><th>Diterima</th><th>Perihal</th>"
	"<th>Lokasi</th><th>Batas</th><th>Status</th><th>Disposisi</th><th>Paraf</th>"
	"</tr></thead><tbody>\n";

/* ---- the page ---- */

static struct str cut(struct str s, size_t most)
{
	size_t n = s.n < most ? s.n : most;

	while (n < s.n && n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	return str_slice(s, 0, n);
}

static void cell(struct buf *b, struct str s, struct arena *arena)
{
	buf_add(b, STR("<td>"));
	mime_add_html(b, s.n ? utf8_clean(s, arena) : s);
	buf_add(b, STR("</td>"));
}

static struct str matter(const struct forward_row *r, struct arena *arena)
{
	if (r->hidden)
		return STR("(dirahasiakan; isinya di meja pengaduan)");
	return arena_printf(arena, "%.*s%s", STR_ARG(cut(r->text, TEXT_MOST)),
			    r->text.n > TEXT_MOST ? " ..." : "");
}

static struct str place(const struct forward_row *r, struct arena *arena)
{
	return arena_printf(arena, "%s%.*s%s%s%.*s", r->desa.n ? "ds " : "",
			    STR_ARG(r->desa), r->desa.n && r->kecamatan.n ? ", " : "",
			    r->kecamatan.n ? "kec " : "", STR_ARG(r->kecamatan));
}

static struct str limit(const struct engine *e, const struct forward_row *r,
			struct arena *arena)
{
	if (!r->due_ms)
		return STR("-");
	return arena_printf(
		arena, "%s %.*s%s", r->answer ? "jawab" : "selesai",
		STR_ARG(calendar_show_date(e->config->calendar, r->due_ms, arena)),
		r->late ? " TERLAMBAT" : "");
}

static void row(const struct engine *e, const struct forward_row *r, struct buf *b,
		struct arena *arena)
{
	buf_add(b, STR("<tr>"));
	cell(b,
	     arena_printf(arena, "%lld%s", (long long)r->no,
			  r->urgent ? " MENDESAK" : ""),
	     arena);
	cell(b, calendar_show_date(e->config->calendar, r->opened_ms, arena), arena);
	cell(b, matter(r, arena), arena);
	cell(b, place(r, arena), arena);
	cell(b, limit(e, r, arena), arena);
	cell(b, r->state, arena);
	buf_add(b, STR("<td class=\"room\"></td><td></td></tr>\n"));
}

static void heading(const struct engine *e, const struct config_department *d,
		    size_t page, size_t pages, struct buf *b, struct arena *arena)
{
	buf_add(b, STR("<section>\n<h1>Daftar pengaduan terbuka: "));
	mime_add_html(b, d->code);
	buf_add(b, STR(", "));
	mime_add_html(b, d->name);
	buf_add(b, STR("</h1>\n<p>"));
	mime_add_html(b, e->config->gateway.name);
	buf_printf(b, ", %.*s. Halaman %zu dari %zu.</p>\n",
		   STR_ARG(calendar_show_date(e->config->calendar, e->wall_ms, arena)),
		   page, pages);
}

static void list(const struct engine *e, const struct config_department *d,
		 const struct forward_row *rows, size_t n, bool more, struct buf *b,
		 struct arena *arena)
{
	size_t pages = n ? (n + ROWS_OF_PAGE - 1) / ROWS_OF_PAGE : 1;

	buf_add(b, str_of(head));
	mime_add_html(b, d->code);
	buf_add(b, str_of(style));
	for (size_t p = 0; p < pages; p++) {
		heading(e, d, p + 1, pages, b, arena);
		if (n == 0)
			buf_add(b, STR("<p>Tidak ada pengaduan yang terbuka.</p>\n"));
		else
			buf_add(b, str_of(columns));
		for (size_t i = p * ROWS_OF_PAGE; i < n && i < (p + 1) * ROWS_OF_PAGE;
		     i++)
			row(e, &rows[i], b, arena);
		if (n)
			buf_add(b, STR("</tbody></table>\n"));
		if (more && p + 1 == pages)
			buf_add(b, STR("<p>Masih ada lagi; tanyakan kepada meja "
				       "pengaduan.</p>\n"));
		buf_add(b, STR("</section>\n"));
	}
	buf_add(b, STR("</body></html>\n"));
}

/* ---- the file ---- */

static int write_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		s = str_slice(s, (size_t)n, s.n);
	}
	return 0;
}

/* Into the open folder. The group may read it: it is printed by others than we. */
static int put_in(int folder, const char *name, const char *beside, struct str s)
{
	int fd = openat(folder, beside,
			O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640);
	int failed;

	if (fd < 0)
		return -1;
	failed = write_all(fd, s) || fchmod(fd, 0640) || fsync(fd);
	failed = close(fd) || failed;
	if (failed || renameat(folder, beside, folder, name) || fsync(folder)) {
		int why = errno;

		unlinkat(folder, beside, 0);
		errno = why;
		return -1;
	}
	return 0;
}

/* Day number of "CODE-2026-11-24.html"; false: it is no list of that department. */
static bool list_day(struct str name, struct str code, int64_t *day)
{
	struct str rest = str_slice(name, code.n, name.n);
	struct when_date date;

	if (!str_starts(name, code) || !when_take_char(&rest, "-") ||
	    !when_take_date(&rest, &date) || !str_eq(rest, STR(".html")))
		return false;
	*day = when_day_number(date);
	return true;
}

/* Lists of before that day; whatever else lies there stays. */
static void remove_old(int folder, struct str code, int64_t before_day)
{
	int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = again < 0 ? NULL : fdopendir(again);
	struct dirent *f;
	int64_t day;

	if (!dir && again >= 0)
		close(again);
	for (int n = 0; dir && n < FILES_MOST && (f = readdir(dir)) != NULL; n++)
		if (list_day(str_of(f->d_name), code, &day) && day < before_day &&
		    unlinkat(folder, f->d_name, 0) == 0)
			log_event(LOG_LEVEL_INFO, "list_removed",
				  LOG_Z("file", f->d_name));
	if (dir)
		closedir(dir);
}

struct page_file {
	struct str folder, name, code;
	int64_t keep_from; /* day number; older ones go */
};

static int put_file(const struct page_file *p, struct str s, struct arena *arena,
		    struct err *err)
{
	struct str beside = arena_printf(arena, ".%.*s.new", STR_ARG(p->name));
	struct str path = arena_str(arena, p->folder);
	int fd, failed;

	if (!beside.p || !path.p || !p->name.p)
		return err_set(err, ERR_LIMIT, "no room for a file's name");
	fd = open(path.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	failed = fd < 0 || put_in(fd, p->name.p, beside.p, s);
	if (!failed)
		remove_old(fd, p->code, p->keep_from);
	if (failed)
		err_set(err, ERR_CONFIG,
			"ways.folder: %s/%s: %s; does the folder exist, and may the "
			"daemon write there?",
			path.p, p->name.p, strerrordesc_np(errno));
	if (fd >= 0)
		close(fd);
	return failed ? -1 : 0;
}

int daily_print(struct engine *e, size_t department, const struct config_way *way,
		struct err *err)
{
	const struct config_department *d = &e->config->departments[department];
	const struct config_way_print *settings = way->settings;
	struct when_date day = calendar_date_of(e->config->calendar, e->wall_ms);
	struct arena *arena = arena_new("daily", ARENA_BYTES);
	struct buf b = BUF_INIT(LIST_BYTES);
	struct forward_row *rows;
	bool more;
	size_t n;
	int failed;

	if (!arena)
		return err_set(err, ERR_LIMIT, "no memory for a list");
	failed = daily_rows(e, department, arena, &rows, &n, &more, err);
	if (!failed && n > ROWS_MOST) {
		more = true;
		n = ROWS_MOST;
	}
	if (!failed) {
		struct page_file file = {
			.folder = settings->folder,
			.code = d->code,
			.name = arena_printf(arena, "%.*s-%04d-%02d-%02d.html",
					     STR_ARG(d->code), day.year, day.month,
					     day.day),
			.keep_from = settings->keep_ms
					     ? when_day_number(day) -
						       settings->keep_ms / DAY_MS
					     : INT64_MIN,
		};

		list(e, d, rows, n, more, &b, arena);
		failed = b.failed ? err_set(err, ERR_LIMIT, "the list is too long")
				  : put_file(&file, buf_str(&b), arena, err);
	}
	if (!failed)
		log_event(LOG_LEVEL_INFO, "list_printed", LOG_S("department", d->code),
			  LOG_I("tickets", n));
	buf_free(&b);
	arena_free(arena);
	return failed ? -1 : 0;
}
