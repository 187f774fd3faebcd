/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_IO_PRIVS_H
#define THRUPATH_IO_PRIVS_H

#include "base/err.h"

/*
 * Giving up privileges. What was given up cannot be had back: no_new_privs is set first, so
 * that no file that is executed later brings any.
 */

/* May this process open raw sockets? */
bool privs_has_raw(void);

/* Is that beyond every program here, whatever capability its file has? So in many containers. */
bool privs_is_raw_withheld(void);

/* Sets the error of a raw socket that was refused: why, and what helps. `helper`: the program that
 * is to open them for others. To be asked before anything was given up. Returns false. */
bool privs_refused(const char *helper, struct err *err);

/* Whether who starts this program lends it more than he has: it is set-uid, set-gid, or has
 * capabilities on its file. */
bool privs_is_lent(void);

/* For a while root does as the user who asked for him (sudo, pkexec), with no group but the user's:
 * what is opened then is no more than the user might open. False: nobody asked, and nothing is
 * changed but root's further groups. */
bool privs_lower(void);
bool privs_raise(struct err *); /* after privs_lower() that was true */

/* Root goes on as the user who asked for him (sudo, pkexec), else as nobody; others stay who and
 * what they are. Of the capabilities at most that for raw sockets is left, and that for marks.
 * Where this user namespace has no other user, root keeps his number there. */
NODISCARD bool privs_leave_root(bool keeps_raw, struct err *err);

/* Keeps, of what there is, only what opening sockets and privs_leave_user need. */
NODISCARD bool privs_shrink(struct err *err);

/* Leaves root's identity: for the real user of a set-uid program, else for "nobody" where
 * this user namespace has one. */
NODISCARD bool privs_leave_user(struct err *err);

/* Clears every capability set, then makes sure: the sets are empty, a raw socket is refused,
 * and user 0 cannot be had back. */
NODISCARD bool privs_drop(struct err *err);

#endif
