/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_CLI_DESTINATION_H
#define THRUPATH_CLI_DESTINATION_H

#include "cli/options.h"
#include "run/target.h"

/*
 * From the words of the command line to addresses, and to what may be done with them. Checks
 * literals first, then asks the resolver. ERR_USAGE for what no network could mend.
 */
NODISCARD bool destination_parse(const struct options *, struct target *ret_target,
	struct err *err);

#endif
