/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_HINTS_H
#define THRUPATH_APP_HINTS_H

#include "cli/options.h"

/* --hints: names in, what their parts mean out. */

/* Reads names from the file, or from the input where it is NULL or "-", until it ends. */
NODISCARD bool hints_run(const struct options *, struct err *err);

#endif
