/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/consent.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

bool consent_ask(const char *destination)
{
	char answer[16];

	(void)printf(_("The path to %s has public addresses.\n"
		"Nested probes (IP-in-IP) measure loss between its hops, but to others they may\n"
		"look like an attack: a router that decapsulates for anyone is a vulnerability\n"
		"(CVE-2020-10136). Send them only where you are allowed to.\n"
		"Without them only the replies of the hops themselves are measured, as other\n"
		"tools do.\n"),
		destination);
	(void)fputs(_("Send nested probes to public addresses? [y/N] "), stdout);
	(void)fflush(stdout);
	if (fgets(answer, sizeof answer, stdin) == NULL) {
		return false;
	}
	/* TRANSLATORS: the answer that means yes, in small letters. */
	return strncmp(answer, "y\n", 2) == 0 || strncmp(answer, "yes\n", 4) == 0 ||
	       strncmp(answer, _("yes\n"), strlen(_("yes\n"))) == 0;
}
