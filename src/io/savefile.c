/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "io/savefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_MAX = 1 << 20 };

static bool write_all(int fd, const struct strbuf *text, bool is_kept)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t len = write(fd, text->text + done, text->len - done);

		if (len < 0 && errno != EINTR) {
			return false;
		}
		done += len > 0 ? (size_t)len : 0;
	}
	return !is_kept || fsync(fd) == 0 || errno == EINVAL;
}

/* Beside the new file, so that one step gives it its name: link() takes none that is taken,
 * rename() takes it over. */
static bool write_beside(const char *path, const struct strbuf *text, bool may_replace)
{
	struct strbuf beside = {0};
	bool is_ok = false;
	int fd, error;

	strbuf_printf(&beside, "%s.%ld.part", path, (long)getpid());
	fd = open(beside.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0) {
		is_ok = write_all(fd, text, !may_replace);
		error = errno;
		if (close(fd) != 0 && is_ok) {
			is_ok = false;
			error = errno;
		}
		errno = error;
		is_ok = is_ok && (may_replace ? rename(beside.text, path) : link(beside.text, path)) == 0;
		error = errno;
		if (!may_replace || !is_ok) {
			(void)unlink(beside.text);
		}
		errno = error;
	}
	strbuf_finish(&beside);
	return is_ok;
}

/* Some file systems have no links: there the file grows under its name, and is taken away again if
 * it does not become whole. */
static bool write_in_place(const char *path, const struct strbuf *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666), error;
	bool is_ok;

	if (fd < 0) {
		return false;
	}
	is_ok = write_all(fd, text, true);
	error = errno;
	if (close(fd) != 0 && is_ok) {
		is_ok = false;
		error = errno;
	}
	if (!is_ok) {
		(void)unlink(path);
	}
	errno = error;
	return is_ok;
}

static bool has_no_links(int error)
{
	return error == EPERM || error == EOPNOTSUPP || error == ENOSYS;
}

bool savefile_write(const char *path, const struct strbuf *text, struct err *err)
{
	if (write_beside(path, text, false) || (has_no_links(errno) && write_in_place(path, text))) {
		return true;
	}
	if (errno == EEXIST) {
		return err_set(err, ERR_IO, "%.100s already exists: not overwritten", path);
	}
	return err_set_sys(err, ERR_IO, errno, "cannot write %.100s", path);
}

/* What one would lose, or wait for, where one meant a file. */
static bool refuse_kind(const char *path, const struct stat *is, struct err *err)
{
	return err_set(err, ERR_IO, "%.100s is %s: not %s", path, S_ISLNK(is->st_mode) ?
		"a symbolic link" : S_ISDIR(is->st_mode) ? "a directory" : "no regular file",
		S_ISLNK(is->st_mode) ? "followed" : "replaced");
}

bool savefile_check(const char *path, struct err *err)
{
	struct stat is;

	return lstat(path, &is) != 0 || S_ISREG(is.st_mode) || refuse_kind(path, &is, err);
}

/* The file that is there keeps its place in the directory, which may be closed to us. */
static bool write_over(int fd, const struct strbuf *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t len = pwrite(fd, text->text + done, text->len - done, (off_t)done);

		if (len <= 0 && errno != EINTR) {
			return false;
		}
		done += len > 0 ? (size_t)len : 0;
	}
	return ftruncate(fd, (off_t)text->len) == 0;
}

bool savefile_replace(const char *path, int fd, const struct strbuf *text, struct err *err)
{
	return savefile_check(path, err) && (write_beside(path, text, true) ||
		((errno == EACCES || errno == EPERM) && fd >= 0 && write_over(fd, text)) ||
	       err_set_sys(err, ERR_IO, errno, "cannot write %.100s", path));
}

bool savefile_keep(const char *path, int *ret_fd, struct err *err)
{
	int fd;

	if (!savefile_check(path, err)) {
		return false;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0644);
	if (fd < 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot write %.100s", path);
	}
	*ret_fd = fd;
	return true;
}

static int create_private(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR);
}

/* Whoever has the file open that was there, or may open it, is to see nothing of what comes: so it
 * makes way for one of our own. Where it cannot be taken away it has to be ours at least. */
static int renew_private(const char *path, const struct stat *is)
{
	int fd;

	if (unlink(path) == 0) {
		return create_private(path);
	}
	if (is->st_uid != geteuid()) {
		errno = EACCES;
		return -1;
	}
	fd = open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0 && (fchmod(fd, S_IRUSR | S_IWUSR) != 0 || ftruncate(fd, 0) != 0)) {
		int sys = errno;

		(void)close(fd);
		errno = sys;
		return -1;
	}
	return fd;
}

bool savefile_begin(const char *path, const char *what, int *ret_fd, struct err *err)
{
	struct stat is;
	int fd;

	if (lstat(path, &is) != 0) {
		fd = create_private(path);
	} else if (S_ISREG(is.st_mode)) {
		fd = renew_private(path, &is);
	} else if (S_ISCHR(is.st_mode) || S_ISFIFO(is.st_mode)) {
		/* A pipe that nobody reads is no place to wait at, nor is one that is full. */
		fd = open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
		if (fd < 0 && errno == ENXIO && S_ISFIFO(is.st_mode)) {
			return err_set(err, ERR_IO, "%s %.100s: nobody reads that pipe", what, path);
		}
	} else {
		return refuse_kind(path, &is, err);
	}
	if (fd < 0) {
		return err_set_sys(err, ERR_IO, errno, "%s %.100s", what, path);
	}
	*ret_fd = fd;
	return true;
}

FILE *savefile_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), flags;
	FILE *file;

	if (fd < 0) {
		return NULL;
	}
	flags = fcntl(fd, F_GETFL);
	file = flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0 ? fdopen(fd, "rb") : NULL;
	if (file == NULL) {
		int sys = errno;

		(void)close(fd);
		errno = sys;
	}
	return file;
}

bool savefile_read(const char *path, struct strbuf *ret_text, struct err *err)
{
	struct strbuf text = {0};
	FILE *file = savefile_open(path);
	char chunk[4096];
	bool is_ok = file != NULL;
	size_t len;

	while (is_ok && text.len <= READ_MAX && (len = fread(chunk, 1, sizeof chunk, file)) > 0) {
		strbuf_add(&text, chunk, len);
	}
	if (!is_ok || ferror(file)) {
		is_ok = err_set_sys(err, ERR_IO, errno, "cannot read %.100s", path);
	} else if (text.len > READ_MAX) {
		is_ok = err_set(err, ERR_LIMIT, "%.100s is larger than a megabyte", path);
	}
	if (file != NULL) {
		(void)fclose(file);
	}
	if (is_ok) {
		*ret_text = text;
	} else {
		strbuf_finish(&text);
	}
	return is_ok;
}
