/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TUI_RESCUE_H
#define THRUPATH_TUI_RESCUE_H

#include <termios.h>

/*
 * The terminal given back by a program that dies of a fault of its own, or of an assertion: then
 * nothing may run but what a signal's handler may call. Whoever else handles such a signal, as
 * sanitizers do, goes before. The signal kills all the same.
 */
enum { RESCUE_TEXT_MAX = 256 };

/* From now on such a death sends `text` (copied, and cut where it is too long) to out_fd, and sets
 * in_fd's modes. */
void rescue_arm(int in_fd, int out_fd, const struct termios *, const char *text);
void rescue_disarm(void);

#endif
