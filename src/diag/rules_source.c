/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "base/i18n.h"
#include "diag/diag_int.h"
#include "infer/change.h"

/*
 * Hops asked from two of our addresses in the same rounds. Both questions go out alike, so what
 * their answers do not share lies on a way home. From which hop on they differ says where the
 * ways home part; trouble that only one of the two has is not on the path.
 */
static const double DIFFERENCE_MS = 0.3, ALPHA = 0.01;

enum { SAMPLES_LEAST = 8, SETTLING_ROUNDS = 10, ROUNDS_LEAST = 20 };

/* Somebody answered there to the other address who never did to the usual one. */
static bool is_other_router(const struct hop *hop, const struct addr *from)
{
	return hop->seen_count > 0 && addr_is_set(from) && !session_hop_has(hop, from);
}

/* The newest rounds first. A limiter's bucket for the other address is full when it begins: what
 * is lost in the first rounds says nothing. */
static void compare_hop(const struct session *session, size_t k, double alpha,
	struct source_hop *ret)
{
	const struct also_source *also = &session->also;
	const struct stats *usual = &session->hops[k].walk[WALK_TO], *other = &also->hops[k].to;
	uint32_t last = also->first_round + also->rounds - 1, first = also->first_round;
	double a[SOURCE_SAMPLES], b[SOURCE_SAMPLES];
	int count = 0;

	*ret = (struct source_hop){.is_heard = usual->received > 0 && other->received > 0,
		.is_answering = usual->received > 0 || other->received > 0,
		.is_other_router = is_other_router(&session->hops[k], &also->hops[k].from)};
	first = last - first >= STATS_HISTORY ? last - STATS_HISTORY + 1 : first;
	for (uint32_t round = last; round >= first && round > 0; round--) {
		const struct stats_cell *x = stats_cell_of(usual, round), *y = stats_cell_of(other, round);

		if (!stats_is_resolved(x) || !stats_is_resolved(y)) {
			continue;
		}
		if (x->outcome == OUTCOME_ANSWERED && y->outcome == OUTCOME_ANSWERED &&
		    count < SOURCE_SAMPLES) {
			a[count] = x->rtt_us / 1000.0;
			b[count++] = y->rtt_us / 1000.0;
		}
		if (round < also->first_round + SETTLING_ROUNDS) {
			continue;
		}
		ret->pairs.rounds++;
		ret->pairs.deeper += x->outcome == OUTCOME_LOST && y->outcome == OUTCOME_ANSWERED;
		ret->pairs.shallower += x->outcome == OUTCOME_ANSWERED && y->outcome == OUTCOME_LOST;
	}
	if (count >= SAMPLES_LEAST) {
		struct shift_interval shift = shift_between(a, count, b, count, alpha);

		ret->has_shift = isfinite(shift.low) && isfinite(shift.high);
		ret->shift = shift.shift;
		ret->low = shift.low;
		ret->high = shift.high;
	}
}

/* 1: the other address has it slower, -1: faster; 0: that is not proven. */
static int sign_of(const struct source_hop *hop)
{
	return !hop->has_shift ? 0 : hop->low > DIFFERENCE_MS ? 1 : hop->high < -DIFFERENCE_MS ? -1 : 0;
}

static const char *range_text(size_t first, size_t last, size_t end, char ret_text[64])
{
	if (last == end && first < last) {
		(void)snprintf(ret_text, 64, _("from hop %zu on"), first + 1);
	} else if (first == last) {
		(void)snprintf(ret_text, 64, _("from hop %zu"), first + 1);
	} else {
		(void)snprintf(ret_text, 64, _("from hops %zu to %zu"), first + 1, last + 1);
	}
	return ret_text;
}

/* Whether anybody else is on the way out up to there: then it is not the way home alone. */
static bool is_way_out_other(const struct source_test *test, size_t k)
{
	for (size_t i = 0; i <= k; i++) {
		if (test->hop[i].is_other_router) {
			return true;
		}
	}
	return false;
}

/* Where times differ, and up to where they do in the same direction. */
static bool rule_times(struct diag *diag, const struct session *session, size_t end)
{
	const struct source_test *test = &diag->source;
	char usual[ADDR_TEXT_MAX], other[ADDR_TEXT_MAX], range[64], text[FINDING_TEXT];
	const struct source_hop *hop;
	size_t first = 0, last;
	struct finding *finding;
	int sign;

	while (first <= end && sign_of(&test->hop[first]) == 0) {
		first++;
	}
	if (first > end) {
		return false;
	}
	hop = &test->hop[first];
	sign = sign_of(hop);
	last = first;
	for (size_t k = first + 1; k <= end && (!test->hop[k].is_heard ||
	     sign_of(&test->hop[k]) == sign); k++) {
		last = test->hop[k].is_heard ? k : last;
	}
	(void)addr_format(&session->self, usual);
	(void)addr_format(&session->also.address, other);
	(void)range_text(first, last, end, range);
	(void)snprintf(text, sizeof text, sign < 0 ?
		_("replies to %s %s arrive %.1f ms (%.1f to %.1f) sooner than to %s: %s") :
		_("replies to %s %s arrive %.1f ms (%.1f to %.1f) later than to %s: %s"), other, range,
		fabs(hop->shift), fmin(fabs(hop->low), fabs(hop->high)),
		fmax(fabs(hop->low), fabs(hop->high)), usual, is_way_out_other(test, first) ?
		_("forward and return paths both depend on our address") :
			_("the return path depends on our address"));
	finding = diag_tell(diag, FINDING_ASYMMETRIC_PATH, (uint8_t)(first + 1), text);
	finding->worst = fmax(finding->worst, fabs(hop->shift));
	finding_fact(finding, "source_shift_ms", hop->shift);
	finding_fact(finding, "source_low_ms", hop->low);
	finding_fact(finding, "source_high_ms", hop->high);
	finding_fact(finding, "source_last_hop", (double)last + 1);
	finding_fact(finding, "source_rounds", test->rounds);
	return true;
}

static bool is_comparable(const struct diag *diag, size_t k)
{
	const struct source_hop *hop = &diag->source.hop[k];

	return hop->is_answering && hop->pairs.rounds >= ROUNDS_LEAST &&
	       !diag_is_active(diag, FINDING_ICMP_RATE_LIMIT, (uint8_t)(k + 1));
}

/* Pairs of which the more frequent loss is `deeper`. */
static struct pairs turned(const struct pairs *pairs, bool is_other)
{
	return (struct pairs){.rounds = pairs->rounds,
		.deeper = is_other ? pairs->shallower : pairs->deeper,
		.shallower = is_other ? pairs->deeper : pairs->shallower};
}

/* The first hop from which on all that answer lose more to that address; SIZE_MAX: it is not
 * so at the end, or of one hop alone that may have its own reasons. */
static size_t lossy_from(const struct diag *diag, size_t end, bool is_other, double threshold)
{
	size_t from = SIZE_MAX, count = 0;
	bool is_proven = false;

	for (size_t k = end + 1; k-- > 0;) {
		struct pairs pairs = turned(&diag->source.hop[k].pairs, is_other);
		double error, excess;

		if (!is_comparable(diag, k)) {
			continue;
		}
		excess = pair_excess(&pairs, &error);
		if (excess - 1.64 * error <= 0) {
			break;
		}
		is_proven = is_proven || pair_log_evidence(pairs.deeper, pairs.shallower) >= threshold;
		from = k;
		count++;
	}
	return is_proven && count >= 2 ? from : SIZE_MAX;
}

/* Nothing at all comes in to that address from hops[from] on. */
static bool is_all_lost(const struct diag *diag, size_t from, size_t end, bool is_other)
{
	for (size_t k = from; k <= end; k++) {
		struct pairs pairs = turned(&diag->source.hop[k].pairs, is_other);

		if (is_comparable(diag, k) && pairs.deeper != pairs.rounds) {
			return false;
		}
	}
	return true;
}

static bool rule_losses(struct diag *diag, const struct session *session, size_t end,
	double threshold)
{
	char better[ADDR_TEXT_MAX], worse[ADDR_TEXT_MAX], text[FINDING_TEXT];
	const struct addr *self = &session->self, *also = &session->also.address;
	bool is_any = false;

	for (int is_other = 0; is_other <= 1; is_other++) {
		size_t k = lossy_from(diag, end, is_other, threshold);
		struct finding *finding;
		struct pairs pairs;
		double error, excess;

		if (k == SIZE_MAX) {
			continue;
		}
		is_any = true;
		pairs = turned(&diag->source.hop[k].pairs, is_other);
		excess = pair_excess(&pairs, &error);
		(void)addr_format(is_other ? self : also, better);
		(void)addr_format(is_other ? also : self, worse);
		if (is_all_lost(diag, k, end, is_other)) {
			(void)snprintf(text, sizeof text, _("no replies to %s arrive on this interface from "
				"hop %zu on, while those to %s do: they return another way or not at all, or the "
				"probes are dropped on the way out"), worse, k + 1, better);
		} else {
			(void)snprintf(text, sizeof text, _("replies to %s from hop %zu on lose %.1f %% more "
				"(%.1f to %.1f) than those to %s: the forward or return path depends on our "
				"address"), worse, k + 1, 100 * excess, 100 * fmax(0, excess - 1.96 * error),
				100 * fmin(1, excess + 1.96 * error), better);
		}
		finding = diag_tell(diag, is_other ? FINDING_ASYMMETRIC_PATH : FINDING_RETURN_PATH_LOSS,
			(uint8_t)(k + 1), text);
		finding_fact(finding, "source_rounds", (double)pairs.rounds);
		finding_fact(finding, "lost_to_one_only", (double)pairs.deeper);
		finding_fact(finding, "lost_to_the_other_only", (double)pairs.shallower);
	}
	return is_any;
}

/* While it runs, and once more when its last round is complete. */
static void compare(struct diag *diag, const struct session *session)
{
	const struct also_source *also = &session->also;
	struct source_test *test = &diag->source;
	bool is_complete = !also->is_running &&
		(diag->is_over || diag->next_round >= also->first_round + also->rounds);
	size_t hops = 0;
	double alpha;

	if (test->is_settled && test->first_round == also->first_round &&
	    test->rounds == also->rounds) {
		return;
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		hops += also->hops[k].to.received > 0;
	}
	alpha = ALPHA / (double)(hops > 0 ? hops : 1);
	*test = (struct source_test){.first_round = also->first_round, .rounds = also->rounds,
		.is_settled = is_complete, .is_running = also->is_running};
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct source_hop *hop = &test->hop[k];

		compare_hop(session, k, alpha, &test->hop[k]);
		test->hops_heard += hop->is_heard;
		test->hops_compared += hop->has_shift;
		if (hop->has_shift) {
			test->most_ms = fmax(test->most_ms, fmax(fabs(hop->low), fabs(hop->high)));
		}
	}
}

void rules_source(struct diag *diag, const struct session *session)
{
	const struct also_source *also = &session->also;
	size_t end = session->hop_count - 1;
	bool is_other;

	if (also->hops == NULL || also->rounds == 0 || session->hop_count == 0) {
		diag->source = (struct source_test){0};
		return;
	}
	compare(diag, session);
	while (end > 0 && !diag->source.hop[end].is_answering) {
		end--;
	}
	is_other = diag->source.hops_heard > 0 && rule_times(diag, session, end);
	/* Where nothing at all comes home to it, that is said, but tells nothing of the path. */
	is_other = (diag->source.hops_heard > 0 && rule_losses(diag, session, end,
		log((double)session->hop_count / ALPHA))) || is_other;
	diag->source.has_difference = is_other;
}

struct diag_source diag_source(const struct diag *diag)
{
	const struct source_test *test = &diag->source;

	return (struct diag_source){.rounds = test->rounds, .is_running = test->is_running,
		.hops_heard = test->hops_heard, .hops_compared = test->hops_compared,
		.has_difference = test->has_difference, .most_ms = test->most_ms};
}
