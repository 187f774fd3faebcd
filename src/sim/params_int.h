/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_PARAMS_INT_H
#define THRUPATH_SIM_PARAMS_INT_H

#include "sim/params.h"
#include "sim/scn_words.h"

/* Readers of the values of properties: what each takes stands above it in params_values.c. A value
 * that is refused is left as it was. */
bool params_read_jitter(struct scn_words *, struct jitter *, struct err *err);
bool params_read_burst(struct scn_words *, struct burst *, struct err *err);
bool params_read_outage(struct scn_words *, struct outage *, struct err *err);
bool params_read_rate(struct scn_words *, uint64_t *rate_bps, struct err *err);
bool params_read_members(struct scn_words *, struct members *, struct err *err);
bool params_read_member_loss(struct scn_words *, struct members *, struct err *err);
bool params_read_icmp_rate(struct scn_words *, struct icmp_rate *, struct err *err);
bool params_read_icmp_delay(struct scn_words *, struct icmp_delay *, struct err *err);
bool params_read_icmp_stall(struct scn_words *, struct icmp_stall *, struct err *err);
bool params_read_mpls(struct scn_words *, struct mpls_stack *, struct err *err);
bool params_read_nat(struct scn_words *, struct nat *, struct err *err);
bool params_read_name(const char *what, struct scn_words *, char ret_name[EXT_NAME_MAX],
	struct err *err);
bool params_read_address(const char *what, struct scn_words *, struct addr *, struct err *err);
bool params_read_police(struct scn_words *, struct police *, struct err *err);
bool params_read_loss_of(struct scn_words *, struct loss_of *, struct err *err);
bool params_read_loss_over(struct scn_words *, struct loss_over *, struct err *err);
bool params_read_drop_dscp(struct scn_words *, struct drop_dscp *, struct err *err);

#endif
