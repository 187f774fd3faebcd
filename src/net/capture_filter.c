/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#ifdef OWN_TIME_BITS
#undef _TIME_BITS /* libpcap hands over times as wide as this compiler has them unasked */
#endif
#include "net/capture_filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"

/* Offsets within what the kernel shows a cooked capture: its own header, then the IP packet. */
enum { IP = 20, PROTOCOL = 0, EARLY_MAX = 60, ETHERTYPE_IP4 = 0x800, ETHERTYPE_IP6 = 0x86dd };

/* "thrupath", with which every payload of ours begins; `at` is where that is in the header. */
static void write_mark(struct strbuf *text, const char *header, unsigned at)
{
	strbuf_printf(text, "%s[%u:4] == 0x74687275 and %s[%u:4] == 0x70617468", header, at, header,
		at + 4);
}

/* Whether headers end there of which all are the family's, with `shim` bytes between any two. */
static bool may_end(unsigned end, unsigned header, unsigned shim)
{
	return (end - header) % (header + shim) == 0;
}

/* Nested packets that leave are ours where a payload of ours is behind the last header, wherever
 * that ends, or a bare SYN: others' tunnels are none of our business. Headers have 20 bytes or
 * 40, and 4 between them or none; what is behind a routing header comes home with it. The nearest
 * first: whoever looks beyond the end of a packet does not pass it. */
static void write_stack(struct strbuf *text, const struct capture_config *config, bool is_v6)
{
	unsigned tcp_port = reply_context_port_of(&config->context, CARRIED_TCP);
	const char *ip = is_v6 ? "ip6" : "ip";
	unsigned header = is_v6 ? 40 : 20, first = header + 20;

	strbuf_printf(text, "((%s proto 4 or %s proto 41 or %s proto 47%s) and (", ip, ip, ip,
		is_v6 ? " or ip6 proto 43" : "");
	for (unsigned end = first; end + 20 <= config->packet_bytes; end += 4) {
		strbuf_printf(text, "%s%s[%u:4] == 0x74687275", end > first ? " or " : "", ip, end + 8);
		if (tcp_port != 0 && (may_end(end, 20, 0) || may_end(end, header, 4))) {
			strbuf_printf(text, " or (%s[%u:2] == %u and %s[%u:2] == 0x5002)", ip, end + 2,
				tcp_port, ip, end + 12);
		}
	}
	strbuf_puts(text, "))");
}

/* Echoes have our identifier. */
static void write_echo(struct strbuf *text, const struct reply_context *context, bool is_v6,
	bool is_reply)
{
	const char *icmp = is_v6 ? "ip6" : "icmp";
	unsigned at = is_v6 ? 40 : 0, type = is_v6 ? (is_reply ? 129 : 128) : is_reply ? 0 : 8;

	strbuf_printf(text, "(%s and %s[%u] == %u and %s[%u:2] == %u and ", is_v6 ? "icmp6" : "icmp",
		icmp, at, type, icmp, at + 4, context->echo_id);
	write_mark(text, icmp, at + 8);
	strbuf_puts(text, ")");
}

/* Errors quote a nested packet, or an ordinary one to our ports or with our identifier. Whoever
 * quotes less than eight octets of what it carries says too little anyhow (RFC 792). */
static void write_errors(struct strbuf *text, const struct reply_context *context, bool is_v6)
{
	const char *icmp = is_v6 ? "ip6" : "icmp";
	unsigned protocol = is_v6 ? 54 : 17, carried = is_v6 ? 88 : 28;

	strbuf_puts(text, is_v6 ? "(icmp6 and ip6[40] >= 1 and ip6[40] <= 4" :
		"(icmp and (icmp[0] == 3 or icmp[0] == 11 or icmp[0] == 12)");
	strbuf_printf(text, " and (%s[%u] == 4 or %s[%u] == 41 or %s[%u] == 47", icmp, protocol, icmp,
		protocol, icmp, protocol);
	if (is_v6) {
		strbuf_printf(text, " or ip6[%u] == 43", protocol);
	}
	strbuf_printf(text, " or (%s[%u] == 17 and (%s[%u:2] == %u or %s[%u:2] == %u))", icmp, protocol,
		icmp, carried + 2, context->port, icmp, carried + 2,
		reply_context_port_of(context, CARRIED_UDP));
	strbuf_printf(text, " or (%s[%u] == 6 and %s[%u:2] == %u)", icmp, protocol, icmp, carried + 2,
		reply_context_port_of(context, CARRIED_TCP));
	strbuf_printf(text, " or (%s[%u] == %u and %s[%u:2] == %u)))", icmp, protocol, is_v6 ? 58 : 1,
		icmp, carried + 4, context->echo_id);
}

/* Redirects quote a bounce. Of IPv6 the option that holds it comes first, or behind one of 8 bytes
 * with the better router's link address. */
static void write_redirects(struct strbuf *text, const struct reply_context *context, bool is_v6)
{
	if (is_v6) {
		strbuf_printf(text, "(icmp6 and ip6[40] == 137 and ((ip6[94] == 17 and ip6[130:2] == %u) "
			"or (ip6[102] == 17 and ip6[138:2] == %u)))", context->port, context->port);
	} else {
		strbuf_printf(text, "(icmp and icmp[0] == 5 and icmp[17] == 17 and icmp[30:2] == %u)",
			context->port);
	}
}

static void write_hosts(struct strbuf *text, const struct reply_context *context, uint8_t family)
{
	const struct addr *const ours[] = {&context->self, &context->self_other, &context->self_also};
	char host[ADDR_TEXT_MAX];

	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
		if (ours[i]->family == family) {
			strbuf_printf(text, "%s%shost %s", text->len > 0 ? " or " : "",
				family == ADDR_V6 ? "" : "src ", addr_format(ours[i], host));
		}
	}
}

/* Once for all addresses of a family: what it takes to find a payload is long. */
static void write_stacks(struct strbuf *text, const struct capture_config *config, uint8_t family)
{
	struct strbuf hosts = {0};

	write_hosts(&hosts, &config->context, family);
	if (hosts.len > 0) {
		strbuf_printf(text, " or ((%s) and ", strbuf_text(&hosts));
		write_stack(text, config, family == ADDR_V6);
		strbuf_puts(text, ")");
	}
	strbuf_finish(&hosts);
}

/* Our own probes going out, and what may be an answer coming in, and nothing else: whoever starts
 * the helper must not hear others' packets by it. libpcap finds what UDP and TCP carry within IPv4
 * only; of IPv6 it is at its place behind the plain header. */
static void write_clause(struct strbuf *text, const struct capture_config *config,
	const struct addr *self)
{
	const struct reply_context *context = &config->context;
	bool is_v6 = self->family == ADDR_V6;
	const char *udp = is_v6 ? "ip6" : "udp", *flags = is_v6 ? "ip6[53]" : "tcp[tcpflags]";
	/* Port 0 is nobody's: without ordinary packets of the kind its clauses match nothing. */
	unsigned udp_port = reply_context_port_of(context, CARRIED_UDP);
	unsigned tcp_port = reply_context_port_of(context, CARRIED_TCP);
	char host[ADDR_TEXT_MAX];
	uint16_t low, high;

	if (!addr_is_set(self)) {
		return;
	}
	(void)addr_format(self, host);
	flow_port_range(context->to_source_port, &low, &high);
	strbuf_printf(text, "%s(src host %s and (", text->len > 0 ? " or " : "", host);
	write_echo(text, context, is_v6, false);
	strbuf_printf(text, " or (udp dst port %u and src portrange %u-%u and ", udp_port, low, high);
	write_mark(text, udp, is_v6 ? 48 : 8);
	if (is_v6) {
		strbuf_printf(text, ") or (udp dst port %u and ", context->port);
		write_mark(text, udp, 48);
	}
	strbuf_printf(text, ") or (tcp dst port %u and src portrange %u-%u and %s == tcp-syn)))",
		tcp_port, low, high, flags);
	strbuf_printf(text, " or (dst host %s and (", host);
	write_errors(text, context, is_v6);
	strbuf_puts(text, " or ");
	write_redirects(text, context, is_v6);
	strbuf_puts(text, " or ");
	write_echo(text, context, is_v6, true);
	strbuf_printf(text, " or (udp dst port %u and ", context->port);
	write_mark(text, udp, is_v6 ? 48 : 8);
	strbuf_printf(text, ") or (tcp src port %u and dst portrange %u-%u and %s & (tcp-syn|tcp-rst) "
		"!= 0)))", tcp_port, low, high, flags);
}

/* Instructions before those of libpcap, which they lead into where a packet could be ours. */
struct early {
	struct bpf_insn code[EARLY_MAX];
	unsigned count;
};

/* Jumps to these are known only when all is written. */
enum { TO_FULL = 254, TO_END = 255 };

static void add(struct early *early, unsigned code, uint32_t k, unsigned jt, unsigned jf)
{
	early->code[early->count++] = (struct bpf_insn){.code = (u_short)code, .k = k,
		.jt = (u_char)jt, .jf = (u_char)jf};
}

static void load(struct early *early, unsigned size, uint32_t at)
{
	add(early, BPF_LD | size | BPF_ABS, at, 0, 0);
}

/* Goes on to the next instruction unless `k` is there. */
static void if_equal(struct early *early, uint32_t k, unsigned to)
{
	add(early, BPF_JMP | BPF_JEQ | BPF_K, k, to, 0);
}

static void ret_never(struct early *early)
{
	add(early, BPF_RET | BPF_K, 0, 0, 0);
}

/* What follows is done only where `k` is there, and ends in a verdict. */
static unsigned open_case(struct early *early, uint32_t k)
{
	add(early, BPF_JMP | BPF_JEQ | BPF_K, k, 0, 0);
	return early->count;
}

static void close_case(struct early *early, unsigned at)
{
	early->code[at - 1].jf = (u_char)(early->count - at);
}

/* The header's bytes are where they are without options; with them, all of it is looked at. */
static void add_icmp(struct early *early, const struct reply_context *context, uint32_t at,
	const uint8_t *echo, const uint8_t *errors)
{
	load(early, BPF_B, at);
	for (size_t i = 0; errors[i] != 0; i++) {
		if_equal(early, errors[i], TO_FULL);
	}
	if_equal(early, echo[0], 1);
	add(early, BPF_JMP | BPF_JEQ | BPF_K, echo[1], 0, TO_END);
	load(early, BPF_H, at + 4);
	add(early, BPF_JMP | BPF_JEQ | BPF_K, context->echo_id, TO_FULL, TO_END);
}

static void add_udp(struct early *early, const struct reply_context *context, uint32_t at)
{
	load(early, BPF_H, at + 2);
	if_equal(early, context->port, TO_FULL);
	add(early, BPF_JMP | BPF_JEQ | BPF_K, reply_context_port_of(context, CARRIED_UDP), TO_FULL,
		TO_END);
}

/* Of a connection what opens or resets it. */
static void add_tcp(struct early *early, const struct reply_context *context, uint32_t at)
{
	if (reply_context_port_of(context, CARRIED_TCP) == 0) {
		ret_never(early);
		return;
	}
	load(early, BPF_B, at + 13);
	add(early, BPF_JMP | BPF_JSET | BPF_K, 6, TO_FULL, TO_END);
}

static void add_family(struct early *early, const struct reply_context *context, bool is_v6)
{
	static const uint8_t echo4[] = {0, 8}, echo6[] = {128, 129}, errors4[] = {3, 5, 11, 12, 0},
		errors6[] = {1, 2, 3, 4, 137, 0};
	uint32_t at = is_v6 ? IP + 40 : IP + 20;
	unsigned skip;

	load(early, BPF_B, is_v6 ? IP + 6 : IP + 9);
	skip = open_case(early, is_v6 ? 58 : 1);
	add_icmp(early, context, at, is_v6 ? echo6 : echo4, is_v6 ? errors6 : errors4);
	close_case(early, skip);
	skip = open_case(early, 6);
	add_tcp(early, context, at);
	close_case(early, skip);
	skip = open_case(early, 17);
	add_udp(early, context, at);
	close_case(early, skip);
	if_equal(early, 4, TO_FULL);
	if_equal(early, 47, TO_FULL);
	if (is_v6) {
		if_equal(early, 43, TO_FULL); /* a routing header */
		if_equal(early, 44, TO_FULL); /* a fragment */
	}
	add(early, BPF_JMP | BPF_JEQ | BPF_K, 41, TO_FULL, TO_END);
}

static void make_early(struct early *early, const struct reply_context *context)
{
	unsigned skip;

	*early = (struct early){.count = 0};
	load(early, BPF_H, PROTOCOL);
	skip = open_case(early, ETHERTYPE_IP4);
	load(early, BPF_B, IP);
	add(early, BPF_JMP | BPF_JEQ | BPF_K, 0x45, 0, TO_FULL);
	add_family(early, context, false);
	close_case(early, skip);
	add(early, BPF_JMP | BPF_JEQ | BPF_K, ETHERTYPE_IP6, 0, TO_END);
	add_family(early, context, true);
	ret_never(early);
	for (unsigned i = 0; i + 1 < early->count; i++) {
		struct bpf_insn *insn = &early->code[i];
		u_char end = (u_char)(early->count - 1 - (i + 1)), full = (u_char)(end + 1);

		if (BPF_CLASS(insn->code) == BPF_JMP) {
			insn->jt = insn->jt == TO_END ? end : insn->jt == TO_FULL ? full : insn->jt;
			insn->jf = insn->jf == TO_END ? end : insn->jf == TO_FULL ? full : insn->jf;
		}
	}
}

bool capture_filter_compile(pcap_t *pcap, const struct capture_config *config,
	struct bpf_program *ret_program)
{
	const struct reply_context *context = &config->context;
	struct strbuf text = {0};
	struct bpf_program program;
	struct early early;
	bool is_ok;

	write_clause(&text, config, &context->self);
	write_clause(&text, config, &context->self_other);
	write_clause(&text, config, &context->self_also);
	write_stacks(&text, config, ADDR_V4);
	write_stacks(&text, config, ADDR_V6);
	is_ok = pcap_compile(pcap, &program, strbuf_text(&text), 1, PCAP_NETMASK_UNKNOWN) == 0;
	strbuf_finish(&text);
	if (!is_ok) {
		return false;
	}
	make_early(&early, context);
	*ret_program = (struct bpf_program){.bf_len = early.count + program.bf_len,
		.bf_insns = xcalloc(early.count + program.bf_len, sizeof *program.bf_insns)};
	memcpy(ret_program->bf_insns, early.code, early.count * sizeof *program.bf_insns);
	memcpy(ret_program->bf_insns + early.count, program.bf_insns,
		program.bf_len * sizeof *program.bf_insns);
	pcap_freecode(&program);
	return true;
}

void capture_filter_finish(struct bpf_program *program)
{
	free(program->bf_insns);
	*program = (struct bpf_program){0};
}
