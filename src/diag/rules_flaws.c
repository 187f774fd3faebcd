/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "diag/diag_int.h"

/* Replies that came, but not as they were sent, or not in one piece. */

/* What damages replies is over when none has been damaged for so long. */
static const ns_t DAMAGE_LASTS = 60 * NS_PER_SEC;

static struct finding *hold(struct diag *diag, enum finding_id id, size_t k, uint32_t count)
{
	uint8_t hop = (uint8_t)(k + 1);
	struct finding *finding = diag_hold(diag, id, &hop, 1, 0.99);

	finding_fact(finding, "replies", count);
	return finding;
}

static void rule_fragments(struct diag *diag, const struct session *session, size_t k)
{
	const struct flaws *flaws = &session->hops[k].flaws;
	uint32_t count = flaws->count[FLAW_FRAGMENT];
	struct finding *finding = hold(diag, FINDING_FRAGMENTED_ANSWERS, k, count);

	finding_fact(finding, "fragment_bytes", flaws->fragment_bytes);
	finding_fact(finding, "probe_bytes", session->probe_bytes);
	finding_say(finding, _("replies of hop %zu arrive in fragments, the first of %u bytes (%u so "
		"far): smaller MTU on the return path"), k + 1, flaws->fragment_bytes, count);
}

static void rule_short(struct diag *diag, const struct session *session, size_t k)
{
	uint32_t count = session->hops[k].flaws.count[FLAW_SHORT];

	finding_say(hold(diag, FINDING_SHORTENED_ANSWERS, k, count), _("echo replies of hop %zu return "
		"less than %d bytes of the probe (%u so far): matched by identifier, sequence and source "
		"only"), k + 1, PAYLOAD_MIN, count);
}

static void rule_damage(struct diag *diag, const struct session *session, size_t k)
{
	const uint32_t *count = session->hops[k].flaws.count;
	uint32_t damaged = count[FLAW_CHECKSUM] + count[FLAW_CUT];
	struct finding *finding;

	if (damaged > diag->damaged[k]) {
		diag->damaged_at[k] = diag->now;
	}
	diag->damaged[k] = damaged;
	if (damaged == 0 || diag->now >= diag->damaged_at[k] + DAMAGE_LASTS) {
		return;
	}
	finding = hold(diag, FINDING_DAMAGED_ANSWERS, k, damaged);
	finding_fact(finding, "bad_checksum", count[FLAW_CHECKSUM]);
	finding_fact(finding, "cut", count[FLAW_CUT]);
	finding_say(finding, _("replies to probes of hop %zu arrive corrupted and count as lost: %u "
		"with a wrong checksum, %u truncated"), k + 1, count[FLAW_CHECKSUM], count[FLAW_CUT]);
}

void rules_flaws(struct diag *diag, const struct session *session)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		const uint32_t *count = session->hops[k].flaws.count;

		if (count[FLAW_FRAGMENT] > 0) {
			rule_fragments(diag, session, k);
		}
		if (count[FLAW_SHORT] > 0) {
			rule_short(diag, session, k);
		}
		rule_damage(diag, session, k);
	}
}
