/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "net/netlink.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum { ANSWER_MAX = 16384, HEADER_BYTES = NLMSG_HDRLEN };

void netlink_begin(struct netlink_request *request, uint16_t type, const void *fixed, size_t len)
{
	*request = (struct netlink_request){.header = {.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST, .nlmsg_len = (uint32_t)NLMSG_LENGTH(len)}};
	assert(len <= sizeof request->body);
	memcpy(request->body, fixed, len);
}

void netlink_add(struct netlink_request *request, uint16_t attribute, const void *data, size_t len)
{
	size_t at = NLMSG_ALIGN(request->header.nlmsg_len) - HEADER_BYTES;
	struct rtattr header = {.rta_type = attribute, .rta_len = (unsigned short)RTA_LENGTH(len)};

	assert(at + RTA_LENGTH(len) <= sizeof request->body);
	memcpy(request->body + at, &header, sizeof header);
	memcpy(request->body + at + RTA_LENGTH(0), data, len);
	request->header.nlmsg_len = (uint32_t)(HEADER_BYTES + at + RTA_LENGTH(len));
}

int netlink_open(struct netlink *ret_netlink)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0) {
		return errno;
	}
	*ret_netlink = (struct netlink){.fd = fd};
	return 0;
}

/* One message of those that came. Returns whether the answer ends with it. */
static bool take(const uint8_t *bytes, const struct nlmsghdr *header, netlink_message_fn *fn,
	void *arg, int *ret_errno)
{
	struct nlmsgerr error;

	if (header->nlmsg_type == NLMSG_ERROR) {
		*ret_errno = EPROTO;
		if (header->nlmsg_len >= NLMSG_LENGTH(sizeof error)) {
			memcpy(&error, bytes + HEADER_BYTES, sizeof error);
			*ret_errno = -error.error;
		}
		return true;
	}
	if (header->nlmsg_type == NLMSG_DONE) {
		return true;
	}
	fn(arg, header->nlmsg_type, bytes + HEADER_BYTES, header->nlmsg_len - HEADER_BYTES);
	return (header->nlmsg_flags & NLM_F_MULTI) == 0;
}

/* All messages of one datagram; those of an earlier question are passed over. */
static bool take_all(const uint8_t *bytes, size_t len, uint32_t sequence, netlink_message_fn *fn,
	void *arg, int *ret_errno)
{
	struct nlmsghdr header;
	bool is_over = false;

	while (!is_over && len >= sizeof header) {
		size_t step;

		memcpy(&header, bytes, sizeof header);
		if (header.nlmsg_len < HEADER_BYTES || header.nlmsg_len > len) {
			*ret_errno = EPROTO;
			return true;
		}
		if (header.nlmsg_seq == sequence) {
			is_over = take(bytes, &header, fn, arg, ret_errno);
		}
		step = NLMSG_ALIGN(header.nlmsg_len);
		step = step < len ? step : len;
		bytes += step;
		len -= step;
	}
	return is_over;
}

int netlink_ask(struct netlink *netlink, struct netlink_request *request, netlink_message_fn *fn,
	void *arg)
{
	uint8_t answer[ANSWER_MAX];
	bool is_over = false;
	int sys = 0;

	request->header.nlmsg_seq = ++netlink->sequence;
	if (send(netlink->fd, request, request->header.nlmsg_len, 0) < 0) {
		return errno;
	}
	while (!is_over) {
		ssize_t got = recv(netlink->fd, answer, sizeof answer, MSG_TRUNC);

		if (got < 0 && errno != EINTR) {
			return errno;
		}
		if (got > (ssize_t)sizeof answer) {
			return EMSGSIZE;
		}
		if (got == 0) {
			return EPROTO; /* that is no answer, and none may follow */
		}
		is_over = got >= 0 && take_all(answer, (size_t)got, request->header.nlmsg_seq, fn, arg,
			&sys);
	}
	return sys;
}

const uint8_t *netlink_nest(const uint8_t *attributes, size_t bytes, uint16_t type,
	size_t *ret_len)
{
	struct rtattr attribute;

	while (bytes >= sizeof attribute) {
		size_t step;

		memcpy(&attribute, attributes, sizeof attribute);
		if (attribute.rta_len < RTA_LENGTH(0) || attribute.rta_len > bytes) {
			return NULL;
		}
		if ((attribute.rta_type & NLA_TYPE_MASK) == type) {
			*ret_len = attribute.rta_len - RTA_LENGTH(0);
			return attributes + RTA_LENGTH(0);
		}
		step = RTA_ALIGN(attribute.rta_len);
		step = step < bytes ? step : bytes;
		attributes += step;
		bytes -= step;
	}
	return NULL;
}

const uint8_t *netlink_attribute(const uint8_t *attributes, size_t bytes, uint16_t type,
	size_t len)
{
	size_t found_len = 0;
	const uint8_t *found = netlink_nest(attributes, bytes, type, &found_len);

	return found != NULL && found_len >= len ? found : NULL;
}
