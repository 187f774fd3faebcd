/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_MDA_H
#define THRUPATH_INFER_MDA_H

/*
 * The stopping rule of the multipath detection algorithm (Augustin, Friedman and Teixeira,
 * "Multipath tracing with Paris traceroute", 2007): how many flows must have been answered at a
 * TTL where `seen` addresses answered, to be 95 % sure that there is no further one behind a
 * balancer that treats all of them alike.
 */
unsigned mda_flows_needed(unsigned seen);   /* 0 for none seen: no number is enough */

#endif
