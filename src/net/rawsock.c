/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "net/rawsock.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pkt/cursor.h"

static int fail(int fd, int sys, const char *what, struct err *err)
{
	if (fd >= 0) {
		(void)close(fd);
	}
	(void)err_set_sys(err, ERR_IO, sys, "%s", what);
	return -1;
}

int rawsock_open_sender(uint8_t family, unsigned mark, struct err *err)
{
	int fd = socket(family == ADDR_V6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC |
		SOCK_NONBLOCK, IPPROTO_RAW);
	int bytes = 1 << 20;

	if (fd < 0 && (errno == EPERM || errno == EACCES)) {
		(void)err_set(err, ERR_NO_RAW, "raw sockets are not permitted");
		return -1;
	}
	if (fd < 0) {
		return fail(fd, errno, "cannot open a raw socket", err);
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	if (mark != 0 && setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0) {
		return fail(fd, errno, "cannot set the packet mark", err);
	}
	return fd;
}

int rawsock_open_link(struct err *err)
{
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd >= 0 ? fd : fail(fd, errno, "cannot open a packet socket", err);
}

static void put_way(struct rawsock_way *way, int level, int type, const void *info, size_t len)
{
	struct cmsghdr header = {.cmsg_level = level, .cmsg_type = type, .cmsg_len = CMSG_LEN(len)};

	*way = (struct rawsock_way){.len = CMSG_SPACE(len)};
	memcpy(way->control, &header, sizeof header);
	memcpy(way->control + CMSG_LEN(0), info, len);
}

void rawsock_set_way(struct rawsock_way *way, const struct addr *source, uint32_t interface)
{
	struct in6_pktinfo info6 = {.ipi6_ifindex = interface};
	struct in_pktinfo info = {.ipi_ifindex = (int)interface};

	if (source->family == ADDR_V6) {
		memcpy(&info6.ipi6_addr, source->byte, sizeof info6.ipi6_addr);
		put_way(way, IPPROTO_IPV6, IPV6_PKTINFO, &info6, sizeof info6);
	} else {
		memcpy(&info.ipi_spec_dst, source->byte, sizeof info.ipi_spec_dst);
		put_way(way, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
	}
}

socklen_t rawsock_address(const struct addr *addr, uint16_t port,
	struct sockaddr_storage *ret_address)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	struct sockaddr_in in = {.sin_family = AF_INET};
	uint8_t wire[2];

	put_be16(wire, port);
	if (addr->family == ADDR_V6) {
		memcpy(&in6.sin6_addr, addr->byte, sizeof in6.sin6_addr);
		memcpy(&in6.sin6_port, wire, sizeof wire);
		memcpy(ret_address, &in6, sizeof in6);
		return sizeof in6;
	}
	memcpy(&in.sin_addr, addr->byte, sizeof in.sin_addr);
	memcpy(&in.sin_port, wire, sizeof wire);
	memcpy(ret_address, &in, sizeof in);
	return sizeof in;
}

/* Ports stand at the same place in both forms. */
static uint16_t port_of(const struct sockaddr_storage *address)
{
	struct sockaddr_in in;
	uint8_t wire[2];

	memcpy(&in, address, sizeof in);
	memcpy(wire, &in.sin_port, sizeof wire);
	return get_be16(wire);
}

/* Zero bytes of every packet are taken. */
static bool drop_all(int fd)
{
	struct sock_filter none = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {.len = 1, .filter = &none};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

static int open_bare(uint8_t family, int type, int is_v6_only)
{
	int fd = socket(family == ADDR_V6 ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd >= 0 && family == ADDR_V6) {
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &is_v6_only, sizeof is_v6_only);
	}
	return fd;
}

int rawsock_open_bound(uint8_t family, int type, uint16_t port)
{
	struct addr any = {.family = family};
	struct sockaddr_storage address = {0};
	socklen_t len = rawsock_address(&any, port, &address);
	int fd = open_bare(family, type, 0), sys;

	if (fd >= 0 && (type != SOCK_DGRAM || drop_all(fd)) &&
	    bind(fd, (struct sockaddr *)&address, len) == 0) {
		return fd;
	}
	sys = errno;
	if (fd >= 0) {
		(void)close(fd);
	}
	return -sys;
}

int rawsock_open_sink(uint8_t family, uint16_t port, uint16_t *ret_port, struct err *err)
{
	struct addr any = {.family = family};
	struct sockaddr_storage address = {0};
	socklen_t len = rawsock_address(&any, port, &address);
	int fd = open_bare(family, SOCK_DGRAM, 1); /* the other family has its own, at the same port */

	if (fd < 0) {
		return fail(fd, errno, "cannot open a UDP socket", err);
	}
	if (!drop_all(fd)) {
		return fail(fd, errno, "cannot set the filter of the UDP socket", err);
	}
	if (bind(fd, (struct sockaddr *)&address, len) != 0) {
		return fail(fd, errno, "cannot bind the UDP socket", err);
	}
	if (getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		return fail(fd, errno, "cannot read the UDP port", err);
	}
	*ret_port = port_of(&address);
	return fd;
}
