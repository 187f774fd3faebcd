/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_TABLE_H
#define THRUPATH_READ_TABLE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkt/addr.h"

/*
 * What other programs say of a path, as a table of rows. A number that the text does not have is
 * NAN, a text that it does not have is empty. Nothing is concluded from anything here.
 */
enum {
	READ_HOSTS = 12,         /* of a row; more are dropped */
	READ_RTTS = 32,
	READ_LABELS = 8,
	READ_FLAGS = 8,
	READ_ROWS = 256,         /* of a report; more are counted as not read */
	READ_REPORTS = 64,       /* of a text */
	READ_LINES = 64          /* numbers of lines not read that are kept */
};

struct read_host {
	char name[128];
	struct addr address;
	uint32_t asn;            /* 0: not told */
};

struct read_row {
	unsigned hop;
	struct read_host host[READ_HOSTS];
	size_t host_count;       /* 0: nobody answered, or the text lost who did */
	unsigned lost_hosts;     /* that answered, and whose names and addresses the text lost */
	double rtt_ms[READ_RTTS]; /* NAN: no answer */
	int8_t rtt_host[READ_RTTS]; /* whose it is; -1: nobody's */
	size_t rtt_count;
	double sent, received, loss; /* loss: 0..1 */
	double last_ms, avg_ms, best_ms, worst_ms, stddev_ms;
	double link_loss;        /* of the link before it, where the program tells it apart */
	uint32_t label[READ_LABELS]; /* MPLS */
	size_t label_count;
	char flag[READ_FLAGS][8]; /* "!H" */
	size_t flag_count;
	unsigned pmtu;           /* 0: not told */
	bool is_below;           /* times are "less than" */
	bool is_asymmetric;      /* the program says so */
	size_t line;             /* from 1 */
};

struct read_report {
	char tool[16], format[16], protocol[8]; /* "mtr", "report", "icmp" */
	char target_name[256];
	struct addr target;
	unsigned hop_limit;      /* 0: not told */
	bool is_finished;        /* the program said that it was through */
	bool is_cut;             /* it was stopped by hand, or its text is torn */
	bool says_end;           /* the program marks the end: where it does not, it is not reached */
	bool is_end_silent;      /* the program says that the target did not reply */
	unsigned pmtu;           /* of this host's own link; 0: not told */
	size_t first_line, last_line;
	struct read_row *row;
	size_t row_count, row_cap;
};

struct read_text {
	struct read_report report[READ_REPORTS];
	size_t count;
	size_t unread[READ_LINES]; /* lines with something in them that no reader took */
	size_t unread_count;     /* all of them; the first READ_LINES are kept */
};

/* Any bytes will do. Caller: read_text_finish(). Linear in `len`. */
void read_text(const char *bytes, size_t len, struct read_text *ret_text);
void read_text_finish(struct read_text *);

/* A row that knows nothing. */
struct read_row read_row_of(unsigned hop, size_t line);
/* The row's host of that name or address, added if it is new; -1: it has neither, or no room. */
int read_row_host(struct read_row *, const char *name, size_t len, const struct addr *);
void read_row_rtt(struct read_row *, double ms, int host);
void read_row_flag(struct read_row *, const char *flag, size_t len);
/* The flag for an ICMP error, of the version of IP by which the row's hosts answered; none where it
 * is time that was exceeded, or a port that is closed. */
void read_row_icmp(struct read_row *, unsigned type, unsigned code);
/* The report's row of that hop, added where it belongs; NULL: there is no room. */
struct read_row *read_report_row(struct read_report *, unsigned hop, size_t line);

#endif
