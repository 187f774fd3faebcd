/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_ERR_H
#define THRUPATH_BASE_ERR_H

#include <stdbool.h>

/*
 * An error is made where the fact is known and carries a sentence for a person.
 * Callers pass it up unchanged or put a prefix before it; only app/ prints it.
 * Every function here accepts a NULL err, so that callers may not care.
 */

enum err_code {
	ERR_NONE,
	ERR_USAGE,      /* decidable from the command line alone */
	ERR_SYNTAX,     /* a file's content is wrong */
	ERR_PERMISSION,
	ERR_NOT_FOUND,  /* name, route, interface, file */
	ERR_LIMIT,      /* does not fit: size, depth, rate */
	ERR_IO,
	ERR_NO_ROUTE,   /* there may be one later */
	ERR_NO_RAW,     /* no raw socket for this process; privs_refused() knows why */
	ERR_CODE_COUNT
};

struct err {
	enum err_code code;
	int sys;        /* errno where a system call failed, else 0 */
	char text[200];
};

#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* Sets the error and returns false, so that `return err_set(...)` reads well. */
bool err_set(struct err *err, enum err_code code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Like err_set, with ": " and the text of errno value `sys` after the sentence.
 * EPERM and EACCES make the code ERR_PERMISSION whatever was asked for. */
bool err_set_sys(struct err *err, enum err_code code, int sys, const char *format, ...)
	PRINTF_LIKE(4, 5);

/* Puts "prefix: " before the text that is there. Returns false. */
bool err_wrap(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
