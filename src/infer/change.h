/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_CHANGE_H
#define THRUPATH_INFER_CHANGE_H

#include <stdbool.h>

/*
 * Change detectors: they forget what was long ago, because an average of all time hides what
 * has just begun.
 */

/* Sequential likelihood ratio of loss p1 against p0, one probe at a time (Wald 1945). */
struct loss_test {
	double p0, p1;
	double llr;
};

/* Adds a probe; returns the sum. Alarm at ln((1-b)/a), clear at ln(b/(1-a)). */
double loss_test_add(struct loss_test *, bool is_lost);
/* The same for endless watching: never below zero (Page 1954). */
double loss_test_cusum(struct loss_test *, bool is_lost);

/* Median and median absolute deviation of n values, which are put in another order. */
double robust_median(double *values, int n);
double robust_mad(double *values, int n, double median);

/* Hodges and Lehmann: the median of all differences b - a, and the interval that holds the shift
 * in all but `alpha` of cases (normal limits of the Mann-Whitney statistic). n, m at most 64. */
struct shift_interval {
	double shift, low, high;
};

struct shift_interval shift_between(const double *a, int n, const double *b, int m, double alpha);

/* The median of paired differences, and the interval that holds it in all but `alpha` of cases,
 * by their order alone: no law of them is supposed (Thompson 1936, of the sign test). Of too few
 * the ends are infinite. They are put in another order; n is at most 1000. */
struct shift_interval shift_of_pairs(double *differences, int n, double alpha);

#endif
