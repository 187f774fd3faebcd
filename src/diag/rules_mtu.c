/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "diag/diag_int.h"

/* Where the MTU falls, as it was measured, and whether whoever drops what is too long says so. */

static bool is_narrow(const struct link_mtu *link)
{
	return link->is_done && !link->is_undecided && link->limit != MTU_LIMIT_NONE;
}

/* Of the way that is the limit. */
static unsigned mtu_of(const struct link_mtu *link)
{
	return link->passed[link->limit == MTU_LIMIT_BACK ? WAY_BACK : WAY_OUT];
}

static void say_told(struct finding *finding, const struct link_mtu *link, unsigned hop)
{
	unsigned mtu = mtu_of(link);
	char from[ADDR_TEXT_MAX];

	(void)addr_format(&link->said_by, from);
	if (link->said > 0 && link->said != mtu) {
		finding_say(finding, link->limit == MTU_LIMIT_BACK ?
			_("on the way back link %u-%u takes packets of up to %u bytes, although %s reports an "
			"MTU of %u") :
			_("link %u-%u takes packets of up to %u bytes, although %s reports an MTU of %u"),
			link->near, hop, mtu, from, link->said);
		return;
	}
	finding_say(finding, link->limit == MTU_LIMIT_BACK ?
		_("on the way back link %u-%u takes packets of up to %u bytes, and %s says so") :
		_("link %u-%u takes packets of up to %u bytes, and %s says so"),
		link->near, hop, mtu, from);
}

static void say_silent(struct finding *finding, const struct link_mtu *link, unsigned hop)
{
	unsigned mtu = mtu_of(link);

	if (!link->is_black_hole) {
		finding_say(finding, _("link %u-%u takes packets of up to %u bytes, out or back; an error "
			"would not reach this host"), link->near, hop, mtu);
	} else if (link->limit == MTU_LIMIT_BACK) {
		finding_say(finding, _("on the way back link %u-%u drops packets of more than %u bytes, "
			"and no error comes: a black hole for path MTU discovery"), link->near, hop, mtu);
	} else if (link->limit == MTU_LIMIT_EITHER) {
		finding_say(finding, _("link %u-%u drops packets of more than %u bytes, out or back, and "
			"no error comes: a black hole for path MTU discovery"), link->near, hop, mtu);
	} else {
		finding_say(finding, _("link %u-%u drops packets of more than %u bytes, and no error "
			"comes: a black hole for path MTU discovery"), link->near, hop, mtu);
	}
}

static void hold(struct diag *diag, const struct link_mtu *link, uint8_t hop)
{
	uint8_t hops[] = {link->near, hop};
	struct finding *finding = diag_hold(diag, FINDING_LINK_MTU, hops, 2, 0.99);

	finding->is_warning = link->is_black_hole;
	finding_fact(finding, "mtu", mtu_of(link));
	finding_fact(finding, "out", link->limit != MTU_LIMIT_BACK);
	finding_fact(finding, "back", link->limit != MTU_LIMIT_OUT);
	finding_fact(finding, "black_hole", link->is_black_hole);
	if (link->said > 0) {
		finding_fact(finding, "reported", link->said);
	}
	finding_fact(finding, "probes", link->probes);
	if (link->silent > 0) {
		finding_fact(finding, "silent", link->silent);
	}
	if (addr_is_set(&link->said_by)) {
		say_told(finding, link, hop);
	} else {
		say_silent(finding, link, hop);
	}
}

void rules_mtu(struct diag *diag, const struct session *session)
{
	for (size_t k = 0; session->mtu.links != NULL && k < session->hop_count; k++) {
		if (is_narrow(&session->mtu.links[k])) {
			hold(diag, &session->mtu.links[k], (uint8_t)(k + 1));
		}
	}
}

bool mtu_is_said(const struct session *session, size_t k, uint32_t mtu)
{
	for (size_t i = 0; session->mtu.links != NULL && i <= k && i < session->hop_count; i++) {
		const struct link_mtu *link = &session->mtu.links[i];

		if (is_narrow(link) && (link->said == mtu || mtu_of(link) == mtu)) {
			return true;
		}
	}
	return false;
}
