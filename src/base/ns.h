/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_NS_H
#define THRUPATH_BASE_NS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/*
 * Time is a count of nanoseconds: an instant on the loop's monotonic clock, or a
 * duration; never both in one variable. Nothing here reads a clock.
 */

typedef int64_t ns_t;

#define NS_NEVER INT64_MAX
#define NS_PER_US ((ns_t)1000)
#define NS_PER_MS ((ns_t)1000000)
#define NS_PER_SEC ((ns_t)1000000000)

enum stamp_source {
	STAMP_NONE,   /* not known */
	STAMP_USER,   /* this process looked at the clock */
	STAMP_SOCKET, /* the kernel's stamp of a socket */
	STAMP_PCAP,   /* the kernel's stamp of a captured frame */
	STAMP_SIM     /* the simulator's truth */
};

/* An instant with where it was taken: a difference is only exact between equal sources. */
struct stamp {
	ns_t t;
	uint32_t err_ns;
	enum stamp_source source;
};

ns_t ns_add(ns_t a, ns_t b);                    /* saturates at NS_NEVER */
ns_t ns_from_timespec(struct timespec ts);      /* saturates */
struct timespec ns_to_timespec(ns_t t);         /* negative becomes zero */
double ns_to_ms(ns_t t);
double ns_to_sec(ns_t t);

/* "2026-11-22T03:46:10Z" of a CLOCK_REALTIME instant; cap of at least 21 bytes. */
void ns_format_utc(ns_t realtime, char *ret_text, size_t cap);

/* A duration: a number with s, ms, us or ns after it ("2ms", "0.3s"); false if it is not one
 * or is negative. A bare number is taken in `bare_unit`; 0 there forbids it. */
bool ns_parse(const char *text, ns_t bare_unit, ns_t *ret_duration);

#endif
