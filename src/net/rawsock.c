/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "net/rawsock.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(int fd, int sys, const char *what, struct err *err)
{
	if (fd >= 0) {
		(void)close(fd);
	}
	(void)err_set_sys(err, ERR_IO, sys, "%s", what);
	return -1;
}

int rawsock_open_sender(const char *interface, unsigned mark, struct err *err)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW);
	int bytes = 1 << 20;

	if (fd < 0 && (errno == EPERM || errno == EACCES)) {
		(void)err_set(err, ERR_PERMISSION, "raw sockets are not permitted: run as root, "
			"or give the program the capability cap_net_raw");
		return -1;
	}
	if (fd < 0) {
		return fail(fd, errno, "cannot open a raw socket", err);
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	if (interface != NULL && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
			(socklen_t)strlen(interface) + 1) != 0) {
		return fail(fd, errno, "cannot bind to the interface", err);
	}
	if (mark != 0 && setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0) {
		return fail(fd, errno, "cannot set the packet mark", err);
	}
	return fd;
}

int rawsock_open_sink(const struct addr *source, uint16_t *ret_port, struct err *err)
{
	/* One instruction: accept zero bytes of every packet. */
	struct sock_filter drop_all = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {.len = 1, .filter = &drop_all};
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(&address.sin_addr, source->byte, 4);
	if (fd < 0) {
		return fail(fd, errno, "cannot open a UDP socket", err);
	}
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) {
		return fail(fd, errno, "cannot filter the UDP socket", err);
	}
	if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		return fail(fd, errno, "the source address is not one of this host", err);
	}
	if (getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		return fail(fd, errno, "cannot read the UDP port", err);
	}
	*ret_port = (uint16_t)(((const uint8_t *)&address.sin_port)[0] << 8 |
		((const uint8_t *)&address.sin_port)[1]);
	return fd;
}
