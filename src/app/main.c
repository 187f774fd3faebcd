/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "config.h"

int main(void)
{
	return puts(PACKAGE_STRING) < 0 ? 3 : 0;
}
