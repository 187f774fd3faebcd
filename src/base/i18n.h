/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_I18N_H
#define THRUPATH_BASE_I18N_H

#include <libintl.h>

/* Marks for xgettext: _() translates now, N_() marks a table's text for later. */
#define _(text) gettext(text)
#define N_(text) text

#endif
