/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/i18n.h"
#include "diag/diag_int.h"

/* Machine words for relations stay as they are. */
static void say_border(struct finding *finding, const struct border_fact *border)
{
	const char *name = border->far[0] == '\0' ? _("another network") : border->far;
	char far[128];

	if (border->relation[0] == '\0') {
		(void)snprintf(far, sizeof far, "%s", name);
	} else {
		(void)snprintf(far, sizeof far, "%s (%s)", name, border->relation);
	}
	finding_say(finding, _("link %u-%u leads from %s to %s: %s"), border->hop - 1u, border->hop,
		border->near, far, _(border->why));
}

void rules_border(struct diag *diag)
{
	for (size_t i = 0; i < diag->facts->border_count; i++) {
		const struct border_fact *border = &diag->facts->border[i];
		uint8_t hops[2] = {(uint8_t)(border->hop - 1), border->hop};
		struct finding *finding = diag_hold(diag, FINDING_BOUNDARY, hops, 2,
			border->confidence);

		if (border->near_asn > 0) {
			finding_fact(finding, "near_asn", border->near_asn);
		}
		if (border->far_asn > 0) {
			finding_fact(finding, "far_asn", border->far_asn);
		}
		say_border(finding, border);
	}
}
