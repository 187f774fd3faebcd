/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "helper/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/net.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined __x86_64__ && defined __LP64__
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined __i386__
#define OUR_ARCH AUDIT_ARCH_I386
#elif defined __aarch64__ && defined __LP64__ && !defined __AARCH64EB__
#define OUR_ARCH AUDIT_ARCH_AARCH64
#elif defined __ARM_EABI__ && defined __ARMEL__
#define OUR_ARCH AUDIT_ARCH_ARM
#elif defined __mips64 && defined _ABI64 && defined __MIPSEL__
#define OUR_ARCH AUDIT_ARCH_MIPSEL64
#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__
#define OUR_ARCH AUDIT_ARCH_PPC64LE
#elif defined __riscv && __riscv_xlen == 64
#define OUR_ARCH AUDIT_ARCH_RISCV64
#elif defined __s390x__
#define OUR_ARCH AUDIT_ARCH_S390X
#endif

#ifdef OUR_ARCH
/* The descriptors are all open: waiting, moving packets, memory, time and the end are left. What
 * has a condition is not on every architecture; a C library for 32 bits takes the calls with
 * times of 64 bits, whatever the program was compiled for, and the old ones before Linux 5.1. */
static const uint32_t allowed[] = {
	SYS_ppoll, SYS_recvfrom, SYS_recvmsg, SYS_sendto, SYS_sendmsg, SYS_sendmmsg, SYS_read,
	SYS_pread64,    /* the list of captures */
	SYS_getsockopt, /* the capture's counters */
	SYS_clock_gettime, SYS_gettimeofday, SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise,
	SYS_close, SYS_futex, SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_restart_syscall,
	SYS_exit, SYS_exit_group,
#ifdef SYS_poll
	SYS_poll,
#endif
#ifdef SYS_mmap
	SYS_mmap,
#endif
#ifdef SYS_mmap2
	SYS_mmap2,
#endif
#ifdef SYS_send
	SYS_send, SYS_recv,
#endif
#ifdef SYS_sigreturn
	SYS_sigreturn,
#endif
#ifdef SYS_clock_gettime64
	SYS_clock_gettime64, SYS_ppoll_time64, SYS_futex_time64,
#endif
};
#if defined __i386__ || defined __s390x__
/* A C library that runs on Linux before 4.3 makes all calls of sockets by one there. Its arguments
 * lie in memory, where no filter sees them: every option of a socket can be set. */
static const uint32_t socket_calls[] = {SYS_SEND, SYS_RECV, SYS_SENDTO, SYS_RECVFROM,
	SYS_SETSOCKOPT, SYS_GETSOCKOPT, SYS_SENDMSG, SYS_RECVMSG, SYS_SENDMMSG};
enum { SOCKET_CALL = SYS_socketcall, SOCKET_CALLS = sizeof socket_calls / sizeof socket_calls[0] };
#else
static const uint32_t socket_calls[1];
enum { SOCKET_CALL, SOCKET_CALLS = 0 };
#endif
#ifdef SYS_fcntl64
enum { FCNTL = SYS_fcntl64 };
#else
enum { FCNTL = SYS_fcntl };
#endif
enum { ALLOWED = sizeof allowed / sizeof allowed[0],
	FILTER_MAX = 2 * (ALLOWED + SOCKET_CALLS) + 32 };

static const uint32_t X32_BIT = 0x40000000;

/* What is compared is the lower half of an argument. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
enum { LOWER_HALF = 4 };
#else
enum { LOWER_HALF = 0 };
#endif

static void add(struct sock_filter *filter, unsigned short *len, struct sock_filter one)
{
	filter[(*len)++] = one;
}

struct argument {
	unsigned index;
	uint32_t one, other;     /* the values that it may have */
};

static void add_argument(struct sock_filter *filter, unsigned short *len, unsigned index)
{
	add(filter, len, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		(uint32_t)offsetof(struct seccomp_data, args) + 8 * index + LOWER_HALF));
}

/* Allows all of the numbers that is loaded. */
static void add_numbers(struct sock_filter *filter, unsigned short *len, const uint32_t *number,
	size_t count)
{
	for (size_t i = 0; i < count; i++) {
		add(filter, len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number[i], 0, 1));
		add(filter, len, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	}
}

/* Allows the call where all those arguments of it are so. */
static void add_call(struct sock_filter *filter, unsigned short *len, uint32_t call,
	const struct argument *argument, unsigned count)
{
	const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

	add(filter, len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0,
		(uint8_t)(3 * count + 2)));
	for (unsigned i = 0; i < count; i++) {
		add_argument(filter, len, argument[i].index);
		add(filter, len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			argument[i].one, 1, 0));
		add(filter, len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			argument[i].other, 0, (uint8_t)(3 * (count - 1 - i) + 1)));
	}
	add(filter, len, allow);
	add(filter, len, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
}

static void add_socket_call(struct sock_filter *filter, unsigned short *len)
{
	if (SOCKET_CALLS == 0) {
		return;
	}
	add(filter, len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCKET_CALL, 0,
		2 * SOCKET_CALLS + 1));
	add_argument(filter, len, 0);
	add_numbers(filter, len, socket_calls, SOCKET_CALLS);
}

static unsigned short build(struct sock_filter *filter)
{
	static const struct argument option[] = {{1, SOL_SOCKET, SOL_SOCKET},
		{2, SO_ATTACH_FILTER, SO_DETACH_FILTER}}, command[] = {{1, F_GETFL, F_SETFL}};
	const struct sock_filter refuse = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	unsigned short len = 0;

	add(filter, &len, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, arch)));
	add(filter, &len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0));
	add(filter, &len, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
	add(filter, &len, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, nr)));
	add(filter, &len, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1));
	add(filter, &len, refuse);
	add_numbers(filter, &len, allowed, ALLOWED);
	/* Another filter of the capture, where this host has another address, and nothing else:
	 * libpcap puts it there and takes what is there already without waiting. */
	add_call(filter, &len, SYS_setsockopt, option, 2);
	add_call(filter, &len, FCNTL, command, 1);
	add_socket_call(filter, &len);
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
