/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_CONSENT_H
#define THRUPATH_APP_CONSENT_H

#include <stdbool.h>

/* Asks the person at the terminal, once and before the screen is taken over, whether nested
 * probes may go to public addresses. Anything but a clear yes is a no. */
bool consent_ask(const char *destination);

#endif
