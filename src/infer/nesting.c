/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/nesting.h"

/* With a loss of 20 % a hop that was asked this often is silent by chance once in 10^14. */
enum { ASKED_ENOUGH = 20, ANSWERS_ENOUGH = 5, SILENT_ENOUGH = 2 };

static const double TO_LOSS_MOST = 0.2;

static bool is_silent(const struct hop *hop)
{
	return hop->decap == HOP_DECAP_SILENT && hop->scan_asked >= ASKED_ENOUGH;
}

/* A hop at or beyond hops[k] answers nearly all that is sent to it: the way there carries. */
static bool is_alive_from(const struct session *session, size_t k)
{
	for (; k < session->hop_count; k++) {
		const struct stats *to = &session->hops[k].walk[WALK_TO];

		if (to->received >= ANSWERS_ENOUGH &&
		    (double)to->lost <= TO_LOSS_MOST * (double)to->sent) {
			return true;
		}
	}
	return false;
}

/* From which hop on all are public, none of them brought anything home, and one was asked in
 * vain; 0: not so. */
static uint8_t behind_nat(const struct session *session)
{
	uint8_t first = 0;
	bool is_any_silent = false;

	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];

		if (!addr_is_set(&hop->address) || addr_is_private(&hop->address)) {
			continue;
		}
		if (hop->decap == HOP_DECAP_YES) {
			return 0;
		}
		first = first == 0 ? (uint8_t)(k + 1) : first;
		is_any_silent = is_any_silent || is_silent(hop);
	}
	return addr_is_private(&session->self) && is_any_silent ? first : 0;
}

struct nesting nesting_judge(const struct session *session)
{
	uint8_t heard = 0, silent = 0, first_silent = 0, nat = behind_nat(session);
	bool does_any = false, does_any_refuse = false;

	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];

		if (hop->decap == HOP_DECAP_YES || hop->decap == HOP_DECAP_NO) {
			heard = (uint8_t)(k + 1);
			silent = 0;
			does_any = does_any || hop->decap == HOP_DECAP_YES;
			does_any_refuse = does_any_refuse || hop->decap == HOP_DECAP_NO;
		} else if (is_silent(hop)) {
			first_silent = silent == 0 ? (uint8_t)(k + 1) : first_silent;
			silent++;
		}
	}
	if (nat > 0 && is_alive_from(session, nat - 1u)) {
		return (struct nesting){NESTING_NAT, nat};
	}
	if (silent >= SILENT_ENOUGH && is_alive_from(session, heard)) {
		return (struct nesting){NESTING_FILTERED, heard == 0 ? 1 : first_silent};
	}
	return (struct nesting){!does_any && does_any_refuse ? NESTING_NO_DECAP : NESTING_FINE, 0};
}
