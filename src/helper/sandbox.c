/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "helper/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined __x86_64__ && defined __LP64__
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__ && defined __LP64__
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef OUR_ARCH
/* The descriptors are all open: waiting, moving packets, memory, time and the end are left. */
static const uint32_t allowed[] = {
	SYS_ppoll, SYS_recvfrom, SYS_recvmsg, SYS_sendto, SYS_sendmsg, SYS_sendmmsg, SYS_read,
	SYS_getsockopt, /* the capture's counters */
	SYS_clock_gettime, SYS_gettimeofday, SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap, SYS_madvise,
	SYS_close, SYS_futex, SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_restart_syscall,
	SYS_exit, SYS_exit_group,
#ifdef SYS_poll
	SYS_poll,
#endif
};
enum { ALLOWED = sizeof allowed / sizeof allowed[0], FILTER_MAX = 2 * ALLOWED + 24 };

static const uint32_t X32_BIT = 0x40000000;

static void add(struct sock_filter *filter, unsigned short *len, struct sock_filter one)
{
	filter[(*len)++] = one;
}

struct argument {
	unsigned index;
	uint32_t one, other;     /* the values that it may have */
};

/* Allows the call where all those arguments of it are so. */
static void add_call(struct sock_filter *filter, unsigned short *len, uint32_t call,
	const struct argument *argument, unsigned count)
{
	const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

	add(filter, len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0,
		(uint8_t)(3 * count + 2)));
	for (unsigned i = 0; i < count; i++) {
		add(filter, len, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			(uint32_t)offsetof(struct seccomp_data, args) + 8 * argument[i].index));
		add(filter, len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			argument[i].one, 1, 0));
		add(filter, len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			argument[i].other, 0, (uint8_t)(3 * (count - 1 - i) + 1)));
	}
	add(filter, len, allow);
	add(filter, len, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
}

static unsigned short build(struct sock_filter *filter)
{
	static const struct argument option[] = {{1, SOL_SOCKET, SOL_SOCKET},
		{2, SO_ATTACH_FILTER, SO_DETACH_FILTER}}, command[] = {{1, F_GETFL, F_SETFL}};
	const struct sock_filter refuse = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	unsigned short len = 0;

	add(filter, &len, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, arch)));
	add(filter, &len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0));
	add(filter, &len, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
	add(filter, &len, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, nr)));
	add(filter, &len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1));
	add(filter, &len, refuse);
	for (size_t i = 0; i < ALLOWED; i++) {
		add(filter, &len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			allowed[i], 0, 1));
		add(filter, &len, allow);
	}
	/* Another filter of the capture, where this host has another address, and nothing else:
	 * libpcap puts it there and takes what is there already without waiting. */
	add_call(filter, &len, SYS_setsockopt, option, 2);
	add_call(filter, &len, SYS_fcntl, command, 1);
	add(filter, &len, refuse);
	return len;
}

bool sandbox_enter(struct err *err)
{
	struct sock_filter filter[FILTER_MAX];
	struct sock_fprog program = {.len = build(filter), .filter = filter};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot filter system calls");
	}
	return true;
}
#else
/* Without it an intruder has the system calls of a process without privileges. */
bool sandbox_enter(struct err *err)
{
	return err_set(err, ERR_IO, "no system call filter for this architecture");
}
#endif
