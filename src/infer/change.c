/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/change.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLE_MAX = 64, PAIRS_MAX = 1000 };

static const double NORMAL_MAD = 1.4826;

double loss_test_add(struct loss_test *test, bool is_lost)
{
	test->llr += is_lost ? log(test->p1 / test->p0) : log((1 - test->p1) / (1 - test->p0));
	return test->llr;
}

double loss_test_cusum(struct loss_test *test, bool is_lost)
{
	test->llr = fmax(0, loss_test_add(test, is_lost));
	return test->llr;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double sorted_median(const double *values, int n)
{
	return n == 0 ? 0 : n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

double robust_median(double *values, int n)
{
	qsort(values, (size_t)n, sizeof *values, by_value);
	return sorted_median(values, n);
}

double robust_mad(double *values, int n, double median)
{
	for (int i = 0; i < n; i++) {
		values[i] = fabs(values[i] - median);
	}
	return NORMAL_MAD * robust_median(values, n);
}

/* z of the two-sided normal limits, by bisection of erfc. */
static double normal_limit(double alpha)
{
	double low = 0, high = 10;

	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2;

		if (erfc(middle / sqrt(2)) > alpha) {
			low = middle;
		} else {
			high = middle;
		}
	}
	return low;
}

struct shift_interval shift_between(const double *a, int n, const double *b, int m, double alpha)
{
	double difference[SAMPLE_MAX * SAMPLE_MAX] = {0};
	int count = 0;
	double spread, half;

	if (n <= 0 || m <= 0) {
		return (struct shift_interval){0, -INFINITY, INFINITY};
	}
	n = n < SAMPLE_MAX ? n : SAMPLE_MAX;
	m = m < SAMPLE_MAX ? m : SAMPLE_MAX;
	for (int i = 0; i < n; i++) {
		for (int j = 0; j < m; j++) {
			difference[count++] = b[j] - a[i];
		}
	}
	qsort(difference, (size_t)count, sizeof *difference, by_value);
	spread = sqrt((double)n * m * (n + m + 1) / 12);
	half = floor((double)count / 2 - normal_limit(alpha) * spread);
	if (half < 0) {
		return (struct shift_interval){sorted_median(difference, count), -INFINITY, INFINITY};
	}
	return (struct shift_interval){sorted_median(difference, count), difference[(int)half],
		difference[count - 1 - (int)half]};
}

struct shift_interval shift_of_pairs(double *differences, int n, double alpha)
{
	double chosen = 1, below = 1; /* of 2^n equally likely signs, those with that few */
	int rank = 0;

	if (n <= 0) {
		return (struct shift_interval){0, -INFINITY, INFINITY};
	}
	n = n < PAIRS_MAX ? n : PAIRS_MAX;
	qsort(differences, (size_t)n, sizeof *differences, by_value);
	/* The largest rank with 2 P(fewer of them are negative) <= alpha. */
	while (2 * below <= alpha * exp2(n)) {
		rank++;
		chosen *= (double)(n - rank + 1) / rank;
		below += chosen;
	}
	if (rank == 0) {
		return (struct shift_interval){sorted_median(differences, n), -INFINITY, INFINITY};
	}
	return (struct shift_interval){sorted_median(differences, n), differences[rank - 1],
		differences[n - rank]};
}
