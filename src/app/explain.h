/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_EXPLAIN_H
#define THRUPATH_APP_EXPLAIN_H

#include "cli/options.h"

/* --explain: texts of other programs in, what they mean out, of several also compared. From the
 * files, or from the input where there is none, or "-". */
NODISCARD bool explain_run(const struct options *, struct err *err);

#endif
