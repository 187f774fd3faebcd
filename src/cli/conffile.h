/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_CLI_CONFFILE_H
#define THRUPATH_CLI_CONFFILE_H

#include "base/err.h"
#include "base/strbuf.h"

/* Where the configuration is: $XDG_CONFIG_HOME/thrupath/config, else ~/.config/thrupath/config.
 * Reads it; without such a file the text stays empty. The name is for messages. */
NODISCARD bool conffile_read(struct strbuf *ret_name, struct strbuf *ret_text, struct err *err);

#endif
