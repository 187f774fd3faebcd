/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_HELPER_SANDBOX_H
#define THRUPATH_HELPER_SANDBOX_H

#include "base/err.h"

/*
 * Leaves the process the few system calls that serving needs; all others fail with EPERM.
 * False where the kernel or the architecture has no such filter; nothing else rests on it.
 */
bool sandbox_enter(struct err *err);

#endif
