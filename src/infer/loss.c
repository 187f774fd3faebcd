/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/loss.h"

#include <math.h>
#include <stddef.h>

static const double PRIOR_A = 0.5, PRIOR_B = 50;

static double log_beta(double a, double b)
{
	return lgamma(a) + lgamma(b) - lgamma(a + b);
}

/* x ln p, with 0 ln 0 = 0. */
static double log_power(double p, double x)
{
	return x == 0 ? 0 : x * log(p);
}

/* ln of the part of E(p) that does not depend on p. */
static double log_mixture(const struct loss_count *count, double a, double b)
{
	double x = (double)count->lost, y = (double)(count->trials - count->lost);

	return log_beta(a + x, b + y) - log_beta(a, b);
}

static double log_likelihood(double p, const struct loss_count *count)
{
	return log_power(p, (double)count->lost) +
	       log_power(1 - p, (double)(count->trials - count->lost));
}

double loss_log_evidence(double p, uint64_t lost, uint64_t trials, double a, double b)
{
	struct loss_count count = {lost, trials};

	return log_mixture(&count, a, b) - log_likelihood(p, &count);
}

/* The edge of {ln likelihood > limit} between `inside`, which belongs to it, and `outside`. */
static double edge(double inside, double outside, double limit, const struct loss_count *count)
{
	double lost = (double)count->lost, arrived = (double)(count->trials - count->lost);
	double at = (inside + outside) / 2;

	/* Newton's steps, and halves where they lead out. */
	for (int i = 0; i < 60 && fabs(outside - inside) > 1e-15; i++) {
		double above = log_likelihood(at, count) - limit, next;

		if (above > 0) {
			inside = at;
		} else {
			outside = at;
		}
		next = at - above / (lost / at - arrived / (1 - at));
		if (fabs(next - at) <= 1e-14 * at) {
			return next;
		}
		at = (next - inside) * (next - outside) < 0 ? next : (inside + outside) / 2;
	}
	return inside;
}

struct loss_interval loss_always_valid_prior(uint64_t lost, uint64_t trials, double alpha,
	double a, double b)
{
	struct loss_count count = {lost, trials};
	double likeliest, limit;

	if (trials == 0) {
		return (struct loss_interval){0, 1};
	}
	limit = log_mixture(&count, a, b) + log(alpha);
	likeliest = (double)lost / (double)trials;
	return (struct loss_interval){
		.low = lost == 0 ? 0 : edge(likeliest, 0, limit, &count),
		.high = lost == trials ? 1 : edge(likeliest, 1, limit, &count),
	};
}

struct loss_interval loss_always_valid(uint64_t lost, uint64_t trials, double alpha)
{
	return loss_always_valid_prior(lost, trials, alpha, PRIOR_A, PRIOR_B);
}

struct link_loss loss_of_link(const struct loss_count *near, const struct loss_count *far,
	double alpha)
{
	/* The prober's own side is exact, so the far side may spend all of alpha. */
	struct loss_interval far_interval =
		loss_always_valid(far->lost, far->trials, near == NULL ? alpha : alpha / 2);
	struct loss_interval near_interval = {0, 0};
	double near_success = 1, far_success;
	struct link_loss link = {.low = 0, .high = 1};

	if (far->trials == 0 || (near != NULL && near->trials == 0)) {
		return link;
	}
	link.is_known = true;
	if (near != NULL) {
		near_interval = loss_always_valid(near->lost, near->trials, alpha / 2);
		near_success = 1 - (double)near->lost / (double)near->trials;
	}
	far_success = 1 - (double)far->lost / (double)far->trials;
	link.loss = near_success > 0 ? fmax(0, 1 - far_success / near_success) : 0;
	if (near_interval.high < 1) {
		link.low = fmax(0, 1 - (1 - far_interval.low) / (1 - near_interval.high));
	}
	if (near_interval.low < 1) {
		link.high = fmin(1, fmax(0, 1 - (1 - far_interval.high) / (1 - near_interval.low)));
	}
	if (near_success <= 0) {
		link.is_known = false;
	}
	return link;
}

double loss_fit(const struct loss_count *count)
{
	return count->trials == 0 ? 0 :
		log_likelihood((double)count->lost / (double)count->trials, count);
}

/* Outages of a link take probes that come home later up to twice as often as those that are back
 * soon: behind one place the nearer hops lose this share of what the farther ones do at the least,
 * and before it this at the most. */
static const double SOON_LEAST = 1.0 / 2, NEAR_MOST = 1.0 / 3;

/* Of ln of the ratio of likelihoods, and of probes on either side. */
static const double CUT_EVIDENCE = 10;
enum { CUT_TRIALS = 40 };

/* Each rate more to choose. */
static const double PARAMETER = 2;

static double rate_of(const struct loss_count *count)
{
	return (double)count->lost / fmax((double)count->trials, 1);
}

/* The best fit of two rates of which the near one is that share of the far one. The sum of both
 * logarithms is concave. */
static double fit_on_edge(const struct loss_count *near, const struct loss_count *far, double share)
{
	double low = 0, high = 1;

	for (int i = 0; i < 24; i++) {
		double a = low + (high - low) / 3, b = high - (high - low) / 3;

		if (log_likelihood(a * share, near) + log_likelihood(a, far) <
		    log_likelihood(b * share, near) + log_likelihood(b, far)) {
			low = a;
		} else {
			high = b;
		}
	}
	return log_likelihood(low * share, near) + log_likelihood(low, far);
}

static void add(struct loss_count *sum, const struct loss_count *count)
{
	sum->lost += count->lost;
	sum->trials += count->trials;
}

/* All of them behind one place: they lose alike, or the farther ones some more. */
static double fit_of_alike(const struct loss_count *count, size_t hops,
	const struct loss_count *all)
{
	struct loss_count near = {0, 0};
	double best = loss_fit(all);

	for (size_t i = 0; i + 1 < hops; i++) {
		struct loss_count far;
		double share, fit;

		add(&near, &count[i]);
		far = (struct loss_count){all->lost - near.lost, all->trials - near.trials};
		share = rate_of(&near) / fmax(rate_of(&far), 1e-9);
		if (share < 1) {
			fit = share >= SOON_LEAST ? loss_fit(&near) + loss_fit(&far) :
				fit_on_edge(&near, &far, SOON_LEAST);
			best = fmax(best, fit - PARAMETER);
		}
	}
	return best;
}

/* How well it fits the counts that most of the loss begins before count[at]; at 0: that all have
 * it, which is one rate less to choose. */
static double fit_of_rise(const struct loss_count *count, size_t hops, size_t at)
{
	struct loss_count near = {0, 0}, far = {0, 0};
	double both;

	for (size_t i = 0; i < hops; i++) {
		add(i < at ? &near : &far, &count[i]);
	}
	if (near.trials == 0) {
		return fit_of_alike(count, hops, &far) + PARAMETER;
	}
	both = rate_of(&near) <= NEAR_MOST * rate_of(&far) ? loss_fit(&near) + loss_fit(&far) :
		fit_on_edge(&near, &far, NEAR_MOST);
	return both + fit_of_alike(count + at, hops - at, &far) - loss_fit(&far);
}

struct loss_rise loss_rise_find(const struct loss_count *count, size_t hops)
{
	/* The likelihoods of 1 and 33: what is left out was the place in 3 of 100 paths at the most. */
	static const double WORSE = 3.5;
	struct loss_rise rise = {0, 0, 0};
	double best = -INFINITY;

	for (size_t i = 0; i < hops; i++) {
		double fit = fit_of_rise(count, hops, i);

		if (fit > best) {
			best = fit;
			rise.best = i;
		}
	}
	rise.low = rise.high = rise.best;
	for (size_t i = 0; i < hops; i++) {
		if (fit_of_rise(count, hops, i) >= best - WORSE) {
			rise.low = i < rise.low ? i : rise.low;
			rise.high = i > rise.high ? i : rise.high;
		}
	}
	return rise;
}

bool loss_is_more(const struct loss_count *count, const struct loss_count *than)
{
	static const double WORTH = 4;
	struct loss_count both = {count->lost + than->lost, count->trials + than->trials};

	return (double)count->lost * (double)than->trials >
	       (double)than->lost * (double)count->trials &&
	       loss_fit(count) + loss_fit(than) > loss_fit(&both) + WORTH;
}

/* Squares of the differences of neighbours over their sums: 1 for chance alone, whatever the rate,
 * and a change of it is in one of them only. */
static double dispersion_of(const struct loss_count *part, size_t count)
{
	double sum = 0;
	size_t pairs = 0;

	for (size_t i = 0; i + 1 < count; i++) {
		double a = (double)part[i].lost, b = (double)part[i + 1].lost;

		if (part[i].trials == part[i + 1].trials && a + b > 0) {
			sum += (a - b) * (a - b) / (a + b);
			pairs++;
		}
	}
	return pairs == 0 ? 1 : fmax(1, sum / (double)pairs);
}

static struct loss_count sum_of(const struct loss_count *part, size_t from, size_t to)
{
	struct loss_count sum = {0};

	for (size_t i = from; i < to; i++) {
		add(&sum, &part[i]);
	}
	return sum;
}

/* Where [from, to) falls best into two; `to`: nowhere. */
static size_t best_cut(const struct loss_count *part, size_t from, size_t to, double dispersion)
{
	struct loss_count all = sum_of(part, from, to), left = {0};
	double whole = loss_fit(&all), best = CUT_EVIDENCE * dispersion;
	size_t cut = to;

	for (size_t i = from; i + 1 < to; i++) {
		struct loss_count right;
		double gain;

		add(&left, &part[i]);
		right = (struct loss_count){all.lost - left.lost, all.trials - left.trials};
		gain = loss_fit(&left) + loss_fit(&right) - whole;
		if (gain > best && left.trials >= CUT_TRIALS && right.trials >= CUT_TRIALS) {
			best = gain;
			cut = i + 1;
		}
	}
	return cut;
}

struct loss_stretch loss_last_stretch(const struct loss_count *part, size_t count)
{
	struct loss_stretch last = {.dispersion = dispersion_of(part, count)};
	bool is_begin[LOSS_PARTS + 1] = {false};

	is_begin[count] = true;
	for (size_t from = 0; from < count;) {
		size_t to = from + 1, cut;
		struct loss_count sum;

		while (!is_begin[to]) {
			to++;
		}
		cut = best_cut(part, from, to, last.dispersion);
		is_begin[cut] = true;
		if (cut < to) {
			continue;
		}
		if (to < count) {
			sum = sum_of(part, from, to);
			last.worst = fmax(last.worst, rate_of(&sum));
		} else {
			last.begin = from;
		}
		from = to;
	}
	return last;
}

struct loss_interval loss_wilson(uint64_t lost, uint64_t trials)
{
	const double z = 1.959964;
	double n = (double)trials, p, centre, half;

	if (trials == 0) {
		return (struct loss_interval){0, 1};
	}
	p = (double)lost / n;
	centre = (p + z * z / (2 * n)) / (1 + z * z / n);
	half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	return (struct loss_interval){fmax(0, centre - half), fmin(1, centre + half)};
}
