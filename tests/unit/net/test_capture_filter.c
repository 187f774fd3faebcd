/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "net/capture_filter.h"

#include "base/rng.h"
#include "pkt/link.h"
#include "pkt/tcp.h"
#include "support/check.h"

static const struct addr SELF = {ADDR_V4, {10, 0, 1, 1}};
static const struct addr SELF6 = {ADDR_V6, {0x20, 1, 0xd, 0xb8, [15] = 1}};
static const struct addr FAR = {ADDR_V4, {192, 0, 2, 9}};
static const struct addr FAR6 = {ADDR_V6, {0x20, 1, 0xd, 0xb8, 9, [15] = 9}};
enum { SINK = 33001, SOURCE = 40000, ECHO_ID = 77, TO_TCP = 443, TO_UDP = 53, HEAD = 20 };

struct frame {
	uint8_t bytes[600];
	size_t len;
};

static struct bpf_program compiled(bool has_ports)
{
	struct capture_config config = {.packet_bytes = 400, .context = {.self = SELF,
		.self_other = SELF6, .port = SINK, .echo_id = ECHO_ID,
		.to_carried = has_ports ? CARRIED_TCP : CARRIED_ECHO,
		.to_port = has_ports ? TO_TCP : 0, .to_source_port = SOURCE,
		.other_port = has_ports ? TO_UDP : 0}};
	pcap_t *pcap = pcap_open_dead(LINK_LINUX_SLL2, 2048);
	struct bpf_program program;

	assert_non_null(pcap);
	assert_true(capture_filter_compile(pcap, &config, &program));
	pcap_close(pcap);
	return program;
}

static struct frame framed(uint16_t type, const uint8_t *packet, size_t len)
{
	struct frame frame = {.len = HEAD + len};

	put_be16(frame.bytes, type);
	memcpy(frame.bytes + HEAD, packet, len);
	return frame;
}

static bool is_passed(const struct bpf_insn *code, const struct frame *frame)
{
	return bpf_filter(code, frame->bytes, (unsigned)frame->len, (unsigned)frame->len) != 0;
}

static struct frame probe(const struct addr *self, const struct addr *far, enum carried carried)
{
	struct ident ident;
	struct walk walk = walk_to(self, far, 3);
	uint8_t bytes[200];
	bool is_echo = carried == CARRIED_ECHO;
	struct probe_spec spec = {.walk = &walk, .seq = 7, .size_bytes = 120, .carried = carried,
		.sport = is_echo ? ECHO_ID : SOURCE, .dport = is_echo ? 0 : carried == CARRIED_TCP ?
			TO_TCP : TO_UDP};
	size_t len;

	if (carried == CARRIED_TCP) {
		spec.size_bytes = (uint16_t)probe_wire_tcp_bytes(walk_stack_bytes(&walk));
	}
	ident_init(&ident, &(struct siphash_key){1, 2});
	len = probe_wire_build(&spec, &ident, bytes, sizeof bytes);
	assert_true(len > 0);
	return framed(self->family == ADDR_V6 ? 0x86dd : 0x800, bytes, len);
}

static struct frame error(const struct addr *from, const struct addr *to, const struct frame *of)
{
	bool is_v6 = from->family == ADDR_V6;
	uint8_t bytes[500];
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	size_t quoted = of->len - HEAD;

	ip_write(&w, &(struct ip_header){.src = *from, .dst = *to, .ttl = 60,
		.protocol = ip_icmp_of(from->family),
		.total_bytes = (uint32_t)(ip_header_bytes(from->family) + 8 + quoted)});
	icmp_write(&w, &(struct icmp_header){.type = is_v6 ? 3 : 11});
	wcursor_bytes(&w, of->bytes + HEAD, quoted);
	return framed(is_v6 ? 0x86dd : 0x800, bytes, w.pos);
}

/* The retrace to the third of these hops. */
static struct frame nested_probe(bool is_v6, const enum carrier carriers[3], enum carried carried)
{
	const struct addr hops[] = {is_v6 ? FAR6 : FAR, is_v6 ? SELF6 : SELF, is_v6 ? FAR6 : FAR};
	struct walk_plan plan = {.kind = WALK_RETRACE, .self = is_v6 ? &SELF6 : &SELF, .hops = hops,
		.carriers = carriers, .depth = 3, .is_end_answering = carried == CARRIED_TCP};
	struct probe_spec spec = {.seq = 7, .size_bytes = 340, .carried = carried, .sport = SOURCE,
		.dport = carried == CARRIED_TCP ? TO_TCP : SINK};
	uint8_t bytes[400];
	struct ident ident;
	struct walk walk;
	size_t len;

	assert_true(walk_build(&plan, &walk));
	spec.walk = &walk;
	if (carried == CARRIED_TCP) {
		spec.size_bytes = (uint16_t)probe_wire_tcp_bytes(walk_stack_bytes(&walk));
	}
	ident_init(&ident, &(struct siphash_key){1, 2});
	len = probe_wire_build(&spec, &ident, bytes, sizeof bytes);
	assert_true(len > 0);
	return framed(is_v6 ? 0x86dd : 0x800, bytes, len);
}

static void test_nested_probes_pass_whatever_they_are_nested_by(void **state)
{
	static const enum carrier carriers[][3] = {{CARRIER_IPIP, CARRIER_IPIP, CARRIER_IPIP},
		{CARRIER_GRE, CARRIER_GRE, CARRIER_GRE}, {CARRIER_IPIP, CARRIER_GRE, CARRIER_IPIP},
		{CARRIER_GRE, CARRIER_IPIP, CARRIER_GRE}};
	struct bpf_program program = compiled(true);
	(void)state;

	for (size_t i = 0; i < sizeof carriers / sizeof carriers[0]; i++) {
		for (int is_v6 = 0; is_v6 < 2; is_v6++) {
			struct frame leaving = nested_probe(is_v6, carriers[i], CARRIED_UDP);
			struct frame quoting = error(is_v6 ? &FAR6 : &FAR, is_v6 ? &SELF6 : &SELF, &leaving);
			struct frame foreign = leaving, syn = nested_probe(is_v6, carriers[i < 2 ? i : 0],
				CARRIED_TCP);

			assert_true(is_passed(program.bf_insns, &leaving));
			assert_true(is_passed(program.bf_insns, &syn));
			assert_true(is_passed(program.bf_insns, &quoting));
			for (size_t at = HEAD; at + 8 < foreign.len; at++) {
				if (memcmp(foreign.bytes + at, "thrupath", 8) == 0) {
					foreign.bytes[at] = 'T';
				}
			}
			assert_false(is_passed(program.bf_insns, &foreign));
		}
	}
	capture_filter_finish(&program);
}

/* More the kernel does not take: BPF_MAXINSNS. */
static void test_the_longest_filter_is_one_that_the_kernel_takes(void **state)
{
	struct capture_config config = {.packet_bytes = 1500, .context = {.self = SELF,
		.self_other = SELF6, .self_also = FAR, .port = SINK, .echo_id = ECHO_ID,
		.to_carried = CARRIED_TCP, .to_port = TO_TCP, .to_source_port = SOURCE,
		.other_port = TO_UDP}};
	pcap_t *pcap = pcap_open_dead(LINK_LINUX_SLL2, 2048);
	struct bpf_program program;
	(void)state;

	assert_non_null(pcap);
	assert_true(capture_filter_compile(pcap, &config, &program));
	assert_between(program.bf_len, 1, 4096);
	capture_filter_finish(&program);
	pcap_close(pcap);
}

static void test_probes_and_errors_that_quote_them_pass(void **state)
{
	struct bpf_program program = compiled(true), bare = compiled(false);
	(void)state;

	for (int carried = 0; carried < CARRIED_COUNT; carried++) {
		for (int is_v6 = 0; is_v6 < 2; is_v6++) {
			const struct addr *self = is_v6 ? &SELF6 : &SELF, *far = is_v6 ? &FAR6 : &FAR;
			struct frame leaving = probe(self, far, (enum carried)carried);
			struct frame quoting = error(far, self, &leaving);

			assert_true(is_passed(program.bf_insns, &leaving));
			assert_true(is_passed(program.bf_insns, &quoting));
			assert_int_equal(is_passed(bare.bf_insns, &leaving), carried == CARRIED_ECHO);
			assert_int_equal(is_passed(bare.bf_insns, &quoting), carried == CARRIED_ECHO);
		}
	}
	capture_filter_finish(&program);
	capture_filter_finish(&bare);
}

/* Where libpcap's own instructions begin: behind those that end early. */
static const struct bpf_insn *full_of(const struct bpf_program *program)
{
	for (unsigned i = 0; i + 1 < program->bf_len; i++) {
		const struct bpf_insn *insn = &program->bf_insns[i];

		if (insn[0].code == (BPF_RET | BPF_K) && insn[1].code == (BPF_LD | BPF_H | BPF_ABS) &&
		    insn[1].k == 0) {
			return insn + 1;
		}
	}
	fail_msg("no instructions of libpcap");
	return NULL;
}

/* Bytes at which the filters look have the values that they look for, or are one beside. No packet
 * is from port 0: that is how nobody is written. */
static struct frame random_frame(struct rng *rng)
{
	static const uint16_t types[] = {0x800, 0x86dd, 0x800, 0x86dd, 0x806};
	static const uint8_t protocols[] = {1, 4, 6, 17, 41, 58, 47, 0, 44};
	static const uint16_t words[] = {SINK, SOURCE, SOURCE + 5, ECHO_ID, TO_TCP, TO_UDP, 1, 78};
	static const uint8_t icmp[] = {0, 3, 8, 11, 12, 1, 2, 4, 128, 129, 5, 135};
	uint16_t type = types[rng_u32(rng) % 5];
	bool is_v6 = type == 0x86dd;
	size_t ip = HEAD + (is_v6 ? 40 : 20);
	struct frame frame = {.len = 60 + rng_u32(rng) % 200};

	put_be16(frame.bytes, type);
	for (size_t i = HEAD; i < sizeof frame.bytes; i += 2) {
		put_be16(frame.bytes + i, rng_u32(rng) % 4 == 0 ? (uint16_t)(rng_u32(rng) | 1) :
			words[rng_u32(rng) % 8]);
	}
	frame.bytes[HEAD] = is_v6 ? 0x60 : rng_u32(rng) % 8 == 0 ? 0x46 : 0x45;
	frame.bytes[HEAD + (is_v6 ? 6 : 9)] = protocols[rng_u32(rng) % 9];
	if (!is_v6) {
		put_be16(frame.bytes + HEAD + 6, rng_u32(rng) % 8 == 0 ? 5 : 0x4000);
	}
	memcpy(frame.bytes + HEAD + (is_v6 ? 8 : 12), rng_u32(rng) % 2 == 0 ? SELF6.byte : SELF.byte,
		is_v6 ? 16 : 4);
	memcpy(frame.bytes + HEAD + (is_v6 ? 24 : 16), is_v6 ? SELF6.byte : SELF.byte, is_v6 ? 16 : 4);
	if (rng_u32(rng) % 2 == 0) {
		frame.bytes[ip] = icmp[rng_u32(rng) % 12];
	}
	if (rng_u32(rng) % 2 == 0) {
		memcpy(frame.bytes + ip + (rng_u32(rng) % 3 == 0 ? 28 : 8), "thrupath", 8);
	}
	return frame;
}

static void test_what_ends_early_would_not_have_passed(void **state)
{
	unsigned passed = 0;
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(5), 0);
	for (int has_ports = 0; has_ports < 2; has_ports++) {
		struct bpf_program program = compiled(has_ports);
		const struct bpf_insn *full = full_of(&program);

		for (unsigned i = 0; i < 300000; i++) {
			struct frame frame = random_frame(&rng);
			bool is_wanted = is_passed(full, &frame);

			assert_int_equal(is_passed(program.bf_insns, &frame), is_wanted);
			passed += is_wanted;
		}
		capture_filter_finish(&program);
	}
	printf("# %u of 600000 passed\n", passed);
	assert_true(passed > 1000);
}

static struct frame bounce(const struct addr *self, uint16_t port)
{
	struct ident ident;
	struct walk walk = walk_bounce(self, self, self);
	uint8_t bytes[200];
	size_t len;

	ident_init(&ident, &(struct siphash_key){1, 2});
	len = probe_wire_build(&(struct probe_spec){.walk = &walk, .seq = 7, .size_bytes = 120,
		.carried = CARRIED_UDP, .sport = port, .dport = port}, &ident, bytes, sizeof bytes);
	assert_true(len > 0);
	return framed(self->family == ADDR_V6 ? 0x86dd : 0x800, bytes, len);
}

/* Of IPv6 with so many bytes of options before the one that quotes. */
static struct frame redirect(const struct addr *from, const struct addr *to,
	const struct frame *of, size_t before)
{
	bool is_v6 = from->family == ADDR_V6;
	size_t quoted = of->len - HEAD, options = is_v6 ? 32 + before + 8 : 0;
	uint8_t bytes[500];
	struct wcursor w = wcursor_of(bytes, sizeof bytes);

	ip_write(&w, &(struct ip_header){.src = *from, .dst = *to, .ttl = 255,
		.protocol = ip_icmp_of(from->family),
		.total_bytes = (uint32_t)(ip_header_bytes(from->family) + 8 + options + quoted)});
	icmp_write(&w, &(struct icmp_header){.type = is_v6 ? ICMP6_REDIRECT : ICMP_REDIRECT});
	wcursor_zero(&w, options);
	wcursor_bytes(&w, of->bytes + HEAD, quoted);
	return framed(is_v6 ? 0x86dd : 0x800, bytes, w.pos);
}

static void test_bounces_and_redirects_that_quote_them_pass(void **state)
{
	struct bpf_program program = compiled(false);
	(void)state;

	for (int is_v6 = 0; is_v6 < 2; is_v6++) {
		const struct addr *self = is_v6 ? &SELF6 : &SELF, *far = is_v6 ? &FAR6 : &FAR;
		struct frame ours = bounce(self, SINK), others = bounce(self, SINK + 1000);

		assert_true(is_passed(program.bf_insns, &ours));
		assert_false(is_passed(program.bf_insns, &others));
		for (size_t before = 0; before <= 8; before += 8) {
			struct frame about_us = redirect(far, self, &ours, before);
			struct frame about_others = redirect(far, self, &others, before);

			assert_true(is_passed(program.bf_insns, &about_us));
			assert_false(is_passed(program.bf_insns, &about_others));
		}
	}
	capture_filter_finish(&program);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probes_and_errors_that_quote_them_pass),
		cmocka_unit_test(test_nested_probes_pass_whatever_they_are_nested_by),
		cmocka_unit_test(test_the_longest_filter_is_one_that_the_kernel_takes),
		cmocka_unit_test(test_what_ends_early_would_not_have_passed),
		cmocka_unit_test(test_bounces_and_redirects_that_quote_them_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
