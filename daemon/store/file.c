/* SPDX-License-Identifier: MIT */
/*
 * A store that is a file: who may touch it, and who has it now. Knows nothing of what is
 * inside. The lock is flock(2) on PATH.lock, not on the file itself, whose own locks
 * belong to the database; it goes with the process, however that ends.
 */
#include "store/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* new: a store would be made there. */
static int folder_check(const char *path, bool new, struct err *err)
{
	char folder[4096];
	const char *slash = strrchr(path, '/');
	int n = slash == path ? 1 : slash ? (int)(slash - path) : 1;
	struct stat st;

	if (snprintf(folder, sizeof(folder), "%.*s", n, slash ? path : ".") >=
	    (int)sizeof(folder))
		return err_set(err, ERR_CONFIG, "the store's path is too long");
	if (stat(folder, &st))
		return err_set(err, ERR_CONFIG, "folder of the store, %s: %s%s", folder,
			       strerror(errno),
			       errno == ENOENT ? "; make it for the daemon's user, mode "
						 "0700, or mend store.path"
					       : "");
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ERR_CONFIG, "%s is not a folder", folder);
	if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
		return err_set(err, ERR_CONFIG,
			       "%s: everybody may write here; chmod it 0700", folder);
	/* What root makes here the folder's owner, the daemon's user, could not open. */
	if (new &&geteuid() == 0 && st.st_uid != 0)
		return err_set(
			err, ERR_CONFIG,
			"%s is to be made in a folder that belongs to user %u; run "
			"as that user, not as root",
			path, (unsigned)st.st_uid);
	if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS))
		return err_set(err, ERR_CONFIG,
			       "folder of the store, %s: %s; it must belong to the "
			       "daemon's user (user %u now)",
			       folder, strerror(errno), (unsigned)st.st_uid);
	return 0;
}

int store_file_check(const char *path, struct err *err)
{
	struct stat st;
	int why = stat(path, &st) ? errno : 0;

	if (folder_check(path, why == ENOENT, err))
		return -1;
	if (why)
		return why == ENOENT
			       ? 0
			       : err_set(err, ERR_CONFIG, "%s: %s", path, strerror(why));
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_CONFIG, "%s is not a file", path);
	if (st.st_uid != geteuid())
		return err_set(err, ERR_CONFIG,
			       "%s belongs to user %u; run as that user, or chown it",
			       path, (unsigned)st.st_uid);
	if ((st.st_mode & 077) && chmod(path, 0600))
		return err_set(err, ERR_CONFIG,
			       "%s: readable by others, and chmod fails: %s", path,
			       strerror(errno));
	return 0;
}

static int holder_name(int fd, const char *path, struct err *err)
{
	char who[32];
	ssize_t n = pread(fd, who, sizeof(who) - 1, 0);

	who[n > 0 ? n : 0] = '\0';
	return err_set(err, ERR_LATER, "%s is in use by process %s", path,
		       n > 0 ? who : "?");
}

static int holder_write(int fd, const char *name, struct err *err)
{
	char who[32];
	int n = snprintf(who, sizeof(who), "%d", (int)getpid());

	if (ftruncate(fd, 0) || pwrite(fd, who, (size_t)n, 0) != n)
		return err_set(err, ERR_LATER, "%s: %s", name, strerror(errno));
	return 0;
}

int store_file_lock(const char *path, int *fd, struct err *err)
{
	char name[4096];
	int n = snprintf(name, sizeof(name), "%s.lock", path), got;

	if (n < 0 || (size_t)n >= sizeof(name))
		return err_set(err, ERR_CONFIG, "the store's path is too long");
	got = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (got < 0)
		return err_set(err, ERR_CONFIG, "%s: %s", name, strerror(errno));
	if (flock(got, LOCK_EX | LOCK_NB) ? holder_name(got, path, err)
					  : holder_write(got, name, err)) {
		close(got);
		return -1;
	}
	*fd = got;
	return 0;
}

/*
 * Made here and not by the database, so that no umask decides who may read it. SQLite
 * gives its other files the rights of this one.
 */
int store_file_make(const char *path, struct err *err)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	else if (errno != EEXIST)
		return err_set(err, ERR_CONFIG, "%s: %s", path, strerror(errno));
	return 0;
}
