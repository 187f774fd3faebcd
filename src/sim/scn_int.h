/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_SCN_INT_H
#define THRUPATH_SIM_SCN_INT_H

#include "sim/scenario.h"
#include "sim/scn_words.h"

/* Between the files that read a scenario: one function a kind of line, keyword taken. */

bool scn_read_prober(struct scenario *, struct scn_words *, struct err *err);
bool scn_read_router(struct scenario *, struct scn_words *, struct err *err);
bool scn_read_host(struct scenario *, struct scn_words *, struct err *err);
bool scn_read_link(struct scenario *, struct scn_words *, struct err *err);
bool scn_read_route(struct scenario *, struct scn_words *, struct err *err);
bool scn_read_limiter(struct scenario *, struct scn_words *, struct err *err);
bool scn_read_run(struct scenario *, struct scn_words *, struct err *err);
bool scn_read_expect(struct scenario *, struct scn_words *, struct err *err);

/* NODE to NODE via NODE[,NODE...] [hash MODE] */
bool scn_read_route_values(const struct scenario *, struct scn_words *,
	struct scn_route *ret_route, struct err *err);
bool scn_read_link_change(struct scenario *, struct scn_words *, ns_t at, struct err *err);
bool scn_read_node_change(struct scenario *, struct scn_words *, ns_t at, struct err *err);
bool scn_read_prober_change(struct scenario *, struct scn_words *, ns_t at, struct err *err);
void scn_add_change(struct scenario *, const struct scn_change *);

bool scn_need_node(const struct scenario *, struct scn_words *, const char *id,
	uint16_t *ret_node, struct err *err);
/* Reads "A,B,C" into indices. */
bool scn_read_node_list(const struct scenario *, struct scn_words *, uint16_t *ret_nodes,
	size_t cap, size_t *ret_count, struct err *err);

#endif
