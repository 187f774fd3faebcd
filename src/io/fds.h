/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_IO_FDS_H
#define THRUPATH_IO_FDS_H

#include <spawn.h>

/* What another program is not to inherit: every descriptor from `first` on. */

/* Closes them in this process; for a child between fork and exec. */
void fds_close_from(int first);

/* Has posix_spawn close them in the child; 0, or an error number. */
int fds_spawn_without(posix_spawn_file_actions_t *actions, int first);

#endif
