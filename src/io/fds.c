/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "io/fds.h"

#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "config.h"

#ifdef HAVE_CLOSE_RANGE
static bool close_range_from(int first)
{
	return close_range((unsigned)first, ~0U, 0) == 0;
}
#else
static bool close_range_from(int first)
{
	(void)first;
	return false;
}
#endif

void fds_close_from(int first)
{
	/* glibc before 2.34 and kernels before 5.9 have no call for it. */
	if (!close_range_from(first)) {
		for (long fd = sysconf(_SC_OPEN_MAX) - 1; fd >= first; fd--) {
			(void)close((int)fd);
		}
	}
}

#ifdef HAVE_POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP
int fds_spawn_without(posix_spawn_file_actions_t *actions, int first)
{
	return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
#else
int fds_spawn_without(posix_spawn_file_actions_t *actions, int first)
{
	int error = 0;

	for (long fd = sysconf(_SC_OPEN_MAX) - 1; fd >= first && error == 0; fd--) {
		if (fcntl((int)fd, F_GETFD) >= 0) {
			error = posix_spawn_file_actions_addclose(actions, (int)fd);
		}
	}
	return error;
}
#endif
