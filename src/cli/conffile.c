/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "cli/conffile.h"

#include <stdlib.h>
#include <unistd.h>

#include "io/savefile.h"

bool conffile_read(struct strbuf *ret_name, struct strbuf *ret_text, struct err *err)
{
	/* Not from the environment of somebody else's privileges. */
	const char *base = secure_getenv("XDG_CONFIG_HOME"), *home = secure_getenv("HOME");

	if (base != NULL && base[0] == '/') {
		strbuf_printf(ret_name, "%s/thrupath/config", base);
	} else if (home != NULL && home[0] == '/') {
		strbuf_printf(ret_name, "%s/.config/thrupath/config", home);
	} else {
		return true;
	}
	return access(ret_name->text, F_OK) != 0 || savefile_read(ret_name->text, ret_text, err);
}
