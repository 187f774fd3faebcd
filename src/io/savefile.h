/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_IO_SAVEFILE_H
#define THRUPATH_IO_SAVEFILE_H

#include "base/err.h"
#include "base/strbuf.h"

/* Writes a new file, whole or not at all; a file of that name is never overwritten. */
NODISCARD bool savefile_write(const char *path, const struct strbuf *text, struct err *err);

/* The same over what is there, for readers who come at any time: they see the old or the new.
 * After a crash of the machine there may be neither. */
NODISCARD bool savefile_replace(const char *path, const struct strbuf *text, struct err *err);

/* Reads a file of at most a megabyte. */
NODISCARD bool savefile_read(const char *path, struct strbuf *ret_text, struct err *err);

#endif
