/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/i18n.h"
#include "diag/diag_int.h"
#include "infer/asym.h"
#include "infer/pattern.h"

/* Tunnels, by what labels say and by what TTLs count. */

enum { LABEL_TTL_MAX = 255, JUMP_LEAST = 3, ERROR_TTL_MIN = 128, ECHO_TTL_MAX = 64,
	ECHO_TTL_MIN = 32, ECHOES_AGREEING = 2 };

/* A label's TTL that expired is 1. One that is large was not counted down with the packet's, so
 * the packet expired behind a tunnel, whose routers took that many off the label. */
static unsigned hidden_before(const struct hop *hop)
{
	unsigned ttl = hop->mpls.count > 0 ? hop->mpls.entry[0].ttl : 0;

	return ttl > LABEL_TTL_MAX - HOP_MAX && ttl < LABEL_TTL_MAX ? LABEL_TTL_MAX - ttl : 0;
}

static void hold_tunnel(struct diag *diag, const uint8_t *hops, size_t count)
{
	struct finding *finding = diag_hold(diag, FINDING_MPLS_ICMP_TUNNEL, hops, count, 0.99);

	if (count == 1) {
		finding_say(finding,
			_("hop %u is inside an MPLS LSP: its replies may travel to the LSP's egress first and "
			"arrive late"), hops[0]);
	} else {
		finding_say(finding,
			_("hops %u to %u are inside an MPLS LSP: their replies may travel to its egress first "
			"and arrive late"), hops[0], hops[count - 1]);
	}
}

/* `fact`: the TTL that says so. */
static struct finding *hold_hidden(struct diag *diag, size_t k, unsigned hidden, const char *fact,
	double ttl)
{
	uint8_t hop = (uint8_t)(k + 1);
	struct finding *finding = diag_hold(diag, FINDING_MPLS_HIDDEN, &hop, 1, 0.9);

	finding_fact(finding, fact, ttl);
	finding_fact(finding, "hidden", hidden);
	return finding;
}

/* Labels in answers: an MPLS tunnel whose routers say so. */
static void rule_labels(struct diag *diag, const struct session *session)
{
	uint8_t hops[FINDING_HOPS];
	size_t count = 0;

	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];
		unsigned hidden = hidden_before(hop);
		bool is_inside = hop->mpls.count > 0 && hidden == 0;

		if (hidden > 0) {
			struct finding *finding = hold_hidden(diag, k, hidden, "label_ttl",
				hop->mpls.entry[0].ttl);

			finding_say(finding, ngettext("an MPLS tunnel hides %u more router before hop %zu",
				"an MPLS tunnel hides %u more routers before hop %zu", hidden), hidden, k + 1);
		}
		if (is_inside) {
			hops[count++] = (uint8_t)(k + 1);
		}
		if (count == FINDING_HOPS || (count > 0 && (!is_inside || k + 1 == session->hop_count))) {
			hold_tunnel(diag, hops, count);
			count = 0;
		}
	}
}

/* Links of a tunnel on the hop's way home, which its errors count and its echo replies do not; 0:
 * there is none, or the hop begins both alike. */
static unsigned links_by_echo(const struct hop *hop)
{
	bool is_sure = hop->seen_count == 1 && hop->echo_count >= ECHOES_AGREEING &&
		hop->echo_to_rx_ttl == hop->to_rx_ttl;
	int length = !is_sure || hop->echo_rx_ttl > ECHO_TTL_MAX || hop->echo_rx_ttl <= ECHO_TTL_MIN ||
		hop->to_rx_ttl <= ERROR_TTL_MIN ? 0 :
		pattern_tunnel_length(hop->to_rx_ttl, hop->echo_rx_ttl);

	return length > 0 ? (unsigned)length : 0;
}

/* Where the way back is the path's, answers of this hop count so many more than those of the hop
 * before that a tunnel must have counted (FRPLA). */
static unsigned links_by_jump(const struct session *session, size_t k)
{
	const struct hop *hop = &session->hops[k], *before = k > 0 ? &session->hops[k - 1] : NULL;
	int jump;

	if (before == NULL || hop->to_rx_ttl <= ERROR_TTL_MIN || before->to_rx_ttl <= ERROR_TTL_MIN ||
	    hop->seen_count != 1 || before->seen_count != 1) {
		return 0;
	}
	jump = diag_surplus(session, k) - diag_surplus(session, k - 1);
	return jump >= JUMP_LEAST ? (unsigned)jump : 0;
}

/* Hops behind a tunnel send home through it as well: only one that shows a longer one than those
 * before is its end. */
static void rule_counts(struct diag *diag, const struct session *session)
{
	struct asym asym = asym_of_session(session, &diag->facts->known);
	bool is_home_same = asym.is_known && asym.diverges_at == 0;
	unsigned most = 0;

	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];
		unsigned links = links_by_echo(hop), jump = is_home_same ? links_by_jump(session, k) : 0;
		struct finding *finding;

		if (hop->mpls.count > 0) {
			continue;
		}
		if (links > most) {
			finding = hold_hidden(diag, k, links, "error_ttl", hop->to_rx_ttl);
			finding_fact(finding, "echo_ttl", hop->echo_rx_ttl);
			finding_say(finding, ngettext("a tunnel hides %u router before hop %zu: its ICMP "
				"errors cross %u more hops on the return path than its echo replies",
				"a tunnel hides %u routers before hop %zu: its ICMP errors cross %u more hops on "
				"the return path than its echo replies", links), links, k + 1, links);
		} else if (links == 0 && jump > most) {
			finding = hold_hidden(diag, k, jump, "error_ttl", hop->to_rx_ttl);
			finding->confidence = 0.7;
			finding_say(finding, ngettext("a tunnel probably hides %u router before hop %zu: its "
				"replies cross %u more hops than they should, although the return path follows the "
				"path",
				"a tunnel probably hides %u routers before hop %zu: its replies cross %u more hops "
				"than they should, although the return path follows the path", jump), jump, k + 1,
				jump);
		}
		most = links > most ? links : jump > most ? jump : most;
	}
}

void rules_mpls(struct diag *diag, const struct session *session)
{
	rule_labels(diag, session);
	rule_counts(diag, session);
}
