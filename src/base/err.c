/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *err, enum err_code code, const char *format, ...)
{
	va_list args;

	if (err == NULL) {
		return false;
	}
	err->code = code;
	err->sys = 0;
	va_start(args, format);
	(void)vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	return false;
}

bool err_set_sys(struct err *err, enum err_code code, int sys, const char *format, ...)
{
	va_list args;
	size_t len;

	if (err == NULL) {
		return false;
	}
	err->code = sys == EPERM || sys == EACCES ? ERR_PERMISSION : code;
	err->sys = sys;
	va_start(args, format);
	(void)vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	len = strlen(err->text);
	(void)snprintf(err->text + len, sizeof err->text - len, ": %s", strerror(sys));
	return false;
}

bool err_wrap(struct err *err, const char *format, ...)
{
	char old[sizeof err->text];
	va_list args;
	size_t len;

	if (err == NULL) {
		return false;
	}
	memcpy(old, err->text, sizeof old);
	va_start(args, format);
	(void)vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	len = strlen(err->text);
	(void)snprintf(err->text + len, sizeof err->text - len, ": %s", old);
	return false;
}
