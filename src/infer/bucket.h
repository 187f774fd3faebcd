/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_BUCKET_H
#define THRUPATH_INFER_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Is what stays unanswered the work of a token bucket, or of chance? A bucket of a rate and a
 * size says of nearly every probe, by when it and those before it were sent, whether it is
 * answered; loss by chance says so of none.
 */

/* Probes that were sent together. */
struct bucket_probes {
	double at;               /* s */
	uint8_t asked, answered;
	bool is_after_others;    /* of which nobody knows how many were answered */
};

struct bucket_fit {
	double rate;             /* tokens a second; of the bucket that fits best */
	/* ln of the Bayes factor of buckets, all of a grid alike, against independent or bursty loss,
	 * whichever fits best: chance exceeds ln(1/alpha) with probability alpha at the most, however
	 * often one looks (an e-value by universal inference; Wasserman and others 2020). */
	double evidence;
	double best;             /* the same of the best bucket alone */
};

/* `slack`, s: how exact the times are. Only what comes after the first that is not answered counts,
 * when the bucket was empty: any run that ends could be its last tokens. */
struct bucket_fit bucket_fit(const struct bucket_probes *, size_t count, double slack);

#endif
