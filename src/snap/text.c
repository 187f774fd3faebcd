/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/text.h"

#include <stddef.h>

#include "base/mem.h"

char *snap_address_text(const struct addr *address)
{
	char text[ADDR_TEXT_MAX];

	return addr_is_set(address) ? xstrdup(addr_format(address, text)) : NULL;
}
