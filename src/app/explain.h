/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_EXPLAIN_H
#define THRUPATH_APP_EXPLAIN_H

#include "cli/options.h"

/* --explain: a text of another program in, what it means out. From the file, or from the input
 * where there is none or "-". */
NODISCARD bool explain_run(const struct options *, struct err *err);

#endif
