/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_TARGET_INT_H
#define THRUPATH_APP_TARGET_INT_H

#include "app/target.h"

/* What reading a target and finding a route to it share. */
/* Whether it is one host's. */
NODISCARD bool target_check_address(const struct addr *, const char *word, struct err *err);

#endif
