/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_I18N_H
#define THRUPATH_BASE_I18N_H

#include <libintl.h>
#include <stdint.h>

/* Marks for xgettext: _() translates now, N_() marks a table's text for later. */
#define _(text) gettext(text)
#define N_(text) text

/* What ngettext is to be given for a count that may not fit a long of 32 bits: no language's
 * plural looks at more than the last six digits (manual of gettext, 11.2.6). */
static inline unsigned long plural_of(uint64_t count)
{
	return (unsigned long)(count > 1000000 ? count % 1000000 + 1000000 : count);
}

#endif
