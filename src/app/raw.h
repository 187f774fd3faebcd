/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_RAW_H
#define THRUPATH_APP_RAW_H

#include "app/app.h"

/*
 * --raw: a line an event, as it happens, in the form of mtr 0.95: x, a probe leaves; h, a hop
 * answers from an address; m, with -e, a label of MPLS; d, the address has a name; p, the answer's
 * round trip in microseconds. It is of To probes, of which alone mtr knows. Returns the exit
 * status.
 */
int raw_run(struct app *, struct err *err);

#endif
