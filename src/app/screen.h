/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_SCREEN_H
#define THRUPATH_APP_SCREEN_H

#include "app/app.h"

/* Shows the run on the terminal until a key or a signal ends it; the terminal is given back
 * whatever happens. Returns the exit status. */
int screen_run(struct app *, struct err *err);

#endif
