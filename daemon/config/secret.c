/* SPDX-License-Identifier: MIT */
/* Reading secrets from where they are kept. Main's thread; knows nothing of key tables.
 */
#include "config/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"

enum { CEILING = 4096 };

const struct str secret_unseen = STR_INIT("?");

bool secret_is_unseen(struct str s)
{
	return s.p == secret_unseen.p;
}

bool secret_is_reference(struct str s)
{
	return str_starts(s, STR("file:")) || str_starts(s, STR("env:")) ||
	       str_starts(s, STR("cred:"));
}

static int keep(struct str content, struct arena *arena, struct secret **known,
		struct str *out, struct err *err)
{
	struct secret *s = ARENA_NEW(arena, struct secret, 1);
	char *p;

	while (content.n &&
	       (content.p[content.n - 1] == '\n' || content.p[content.n - 1] == '\r'))
		content.n--;
	if (content.n == 0)
		return err_set(err, ERR_CONFIG, "the secret is empty");
	if (memchr(content.p, '\0', content.n) || memchr(content.p, '\n', content.n))
		return err_set(err, ERR_CONFIG, "a secret is one line of text");
	p = ARENA_NEW(arena, char, content.n + 1);
	if (!s || !p)
		return err_set(err, ERR_LIMIT, "no room for the secret");
	memcpy(p, content.p, content.n);
	*s = (struct secret){ p, content.n, *known };
	*known = s;
	*out = str_from(p, content.n);
	return 0;
}

/* Only its owner may read it; its group too, where root is the owner, for then nobody but
 * root decides who is in it. */
static int check_rights(const struct stat *st, const char *path, struct err *err)
{
	if (!S_ISREG(st->st_mode))
		return err_set(err, ERR_CONFIG, "%s is no file", path);
	if ((st->st_mode & 037) || ((st->st_mode & 040) && st->st_uid != 0))
		return err_set(err, ERR_CONFIG,
			       "%s: others may read or change it; let it be 0640 and "
			       "root:kentongan, or 0600 and the daemon's own",
			       path);
	return 0;
}

static int read_file(const char *path, struct arena *arena, struct secret **known,
		     struct str *out, struct err *err)
{
	char content[CEILING];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), result = -1;
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st)) {
		err_set(err, ERR_CONFIG, "%s: %s%s", path, strerror(errno),
			errno == EACCES ? "; the daemon's user must be able to read it: "
					  "0640 and root:kentongan"
					: "");
	} else if (check_rights(&st, path, err) == 0) {
		n = read(fd, content, sizeof(content));
		if (n < 0 || n == (ssize_t)sizeof(content))
			err_set(err, ERR_CONFIG,
				"%s cannot be read, or is too large for a secret", path);
		else
			result = keep(str_from(content, (size_t)n), arena, known, out,
				      err);
		crypto_wipe(content, sizeof(content));
	}
	if (fd >= 0)
		close(fd);
	return result;
}

static int read_credential(struct str name, struct arena *arena, struct secret **known,
			   struct str *out, struct err *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	struct str path;

	if (!folder)
		return err_set(err, ERR_LATER,
			       "cred:%.*s is wanted, but CREDENTIALS_DIRECTORY is not "
			       "set (LoadCredential=)",
			       STR_ARG(name));
	if (name.n == 0 || str_find_char(name, '/') < name.n)
		return err_set(err, ERR_CONFIG, "\"%.*s\" is no name of a credential",
			       STR_ARG(name));
	path = arena_printf(arena, "%s/%.*s", folder, STR_ARG(name));
	if (!path.p)
		return err_set(err, ERR_LIMIT, "no room for the secret");
	return read_file(path.p, arena, known, out, err);
}

static int read_environment(struct str name, struct arena *arena, struct secret **known,
			    struct str *out, struct err *err)
{
	struct str z = arena_str(arena, name);
	const char *value = z.p ? getenv(z.p) : NULL;

	if (!value)
		return err_set(err, ERR_LATER, "the environment has no %.*s",
			       STR_ARG(name));
	return keep(str_of(value), arena, known, out, err);
}

int secret_read(struct str reference, const char *path, struct arena *arena,
		struct secret **known, struct str *out, struct err *err)
{
	struct str rest =
		str_slice(reference, str_find_char(reference, ':') + 1, reference.n);

	if (str_starts(reference, STR("file:")))
		return read_file(path, arena, known, out, err);
	if (str_starts(reference, STR("cred:")))
		return read_credential(rest, arena, known, out, err);
	if (str_starts(reference, STR("env:")))
		return read_environment(rest, arena, known, out, err);
	return err_set(err, ERR_CONFIG,
		       "a secret is not written here: put it into a file (0640, "
		       "root:kentongan) and "
		       "say \"file:NAME\", or use \"env:NAME\" or \"cred:NAME\"");
}

void secret_wipe(struct secret *known)
{
	for (; known; known = known->next)
		crypto_wipe(known->p, known->n);
}
