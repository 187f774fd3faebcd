/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_IO_SAVEFILE_H
#define THRUPATH_IO_SAVEFILE_H

#include <stdio.h>

#include "base/err.h"
#include "base/strbuf.h"

/* Writes a new file, whole or not at all; a file of that name is never overwritten. */
NODISCARD bool savefile_write(const char *path, const struct strbuf *text, struct err *err);

/* The same over what is there, for readers who come at any time: they see the old or the new.
 * After a crash of the machine there may be neither. What is no regular file stays what it is: a
 * device, a pipe, a link are no file of ours. `fd`: of the file, from savefile_keep(); where the
 * directory is closed to us it is written in place by that. Below 0: there is none. */
NODISCARD bool savefile_replace(const char *path, int fd, const struct strbuf *text,
	struct err *err);
/* Whether it may be replaced. */
NODISCARD bool savefile_check(const char *path, struct err *err);
/* Opens the file, new or not, for a process that is to lose what opens it. */
NODISCARD bool savefile_keep(const char *path, int *ret_fd, struct err *err);

/* Begins a file that its owner alone may read, whatever stood there; a pipe or a device that is
 * there is written to, without waiting for it. A symbolic link is not followed. `what`: cannot be
 * done, for the error. */
NODISCARD bool savefile_begin(const char *path, const char *what, int *ret_fd,
	struct err *err);

/* Opens for reading without waiting for who writes; NULL: errno says why. */
FILE *savefile_open(const char *path);

/* Reads a file of at most a megabyte. */
NODISCARD bool savefile_read(const char *path, struct strbuf *ret_text, struct err *err);

#endif
