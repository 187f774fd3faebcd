/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_NETLINK_H
#define THRUPATH_NET_NETLINK_H

#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Questions to rtnetlink (rtnetlink(7)) and what it answers, one at a time. Knows no meaning:
 * messages go to whoever asked, attributes are found by their number.
 */
enum { NETLINK_BODY_MAX = 96 };

/* To ask by. */
struct netlink {
	int fd;
	uint32_t sequence;              /* of the last question: what answers an earlier one is none */
};

struct netlink_request {
	struct nlmsghdr header;
	uint8_t body[NETLINK_BODY_MAX]; /* the fixed part, then attributes */
};

/* `fixed`: what such a message begins with, as struct rtmsg. */
void netlink_begin(struct netlink_request *, uint16_t type, const void *fixed, size_t len);
void netlink_add(struct netlink_request *, uint16_t attribute, const void *data, size_t len);

/* The body of a message, its fixed part included; borrowed for the call. */
typedef void netlink_message_fn(void *arg, uint16_t type, const uint8_t *body, size_t len);

int netlink_open(struct netlink *ret_netlink); /* 0 or an errno; the caller closes fd */
/* Sends the question and hands over the answer, or all of them where it asks for a list.
 * Returns 0 or an errno. */
int netlink_ask(struct netlink *, struct netlink_request *, netlink_message_fn *, void *arg);

/* The attribute's bytes within a row of them; NULL: there is none of at least `len` bytes. */
const uint8_t *netlink_attribute(const uint8_t *attributes, size_t bytes, uint16_t type,
	size_t len);
/* The same, and how many there are. */
const uint8_t *netlink_nest(const uint8_t *attributes, size_t bytes, uint16_t type,
	size_t *ret_len);

#endif
