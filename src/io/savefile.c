/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "io/savefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

bool savefile_replace(const char *path, const struct strbuf *text, struct err *err)
{
	return write_beside(path, text, true) ||
	       err_set_sys(err, ERR_IO, errno, "cannot write %.100s", path);
}

bool savefile_read(const char *path, struct strbuf *ret_text, struct err *err)
{
	struct strbuf text = {0};
	FILE *file = fopen(path, "rbe");
	char chunk[4096];
	bool is_ok = file != NULL;
	size_t len;

	while (is_ok && text.len < READ_MAX && (len = fread(chunk, 1, sizeof chunk, file)) > 0) {
		strbuf_add(&text, chunk, len);
	}
	if (!is_ok || ferror(file)) {
		(void)err_set_sys(err, ERR_IO, errno, "cannot read %.100s", path);
		is_ok = false;
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
