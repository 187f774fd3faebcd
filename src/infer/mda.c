/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/mda.h"

#include <math.h>

static const double ALPHA = 0.05;

unsigned mda_flows_needed(unsigned seen)
{
	double more = seen + 1.0;

	/* Were there one more, each flow would miss it with the chance seen/more. */
	return seen == 0 ? 0 : (unsigned)ceil(log(ALPHA / more) / log(seen / more));
}
