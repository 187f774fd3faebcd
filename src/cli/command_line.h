/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_CLI_COMMAND_LINE_H
#define THRUPATH_CLI_COMMAND_LINE_H

/* The command line as a person would type it again: words quoted where a shell needs it.
 * Caller frees. */
char *command_line(int argc, char **argv);

#endif
