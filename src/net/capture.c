/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#ifdef OWN_TIME_BITS
#undef _TIME_BITS /* libpcap hands over times as wide as this compiler has them unasked */
#endif
#include "net/capture.h"

#include <math.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/siphash.h"
#include "base/strbuf.h"
#include "pkt/link.h"

enum { SNAPLEN_MAX = 2048, LINK_BYTES_MAX = 64, ERROR_BYTES = 1280, BUFFER_MIN = 2 << 20,
	FRAME_BYTES = 128, BUFFER_MAX = 16 << 20, SIGHTS = 4096,
	HEAD_BYTES = 64 }; /* of IPv4 hold a mark of the probe that no other one has */

/* Of a packet that was handed over: what it held, and who showed it. */
struct sight {
	uint64_t sum;
	uint32_t interface;
};

struct capture {
	pcap_t *pcap;
	struct capture_config config;
	struct sight sight[SIGHTS];  /* by the sum's lower bits */
	capture_fn *fn;      /* for the time of a drain */
	void *arg;
};

static size_t snaplen_for(const struct capture_config *config)
{
	size_t most = config->packet_bytes > ERROR_BYTES ? config->packet_bytes : ERROR_BYTES;

	return most + LINK_BYTES_MAX < SNAPLEN_MAX ? most + LINK_BYTES_MAX : SNAPLEN_MAX;
}

/* A tenth of a second of traffic: nothing is lost while the process waits for its turn. */
static int buffer_for(const struct capture_config *config)
{
	double bytes = config->rate_pps * (double)(config->packet_bytes + FRAME_BYTES) / 10;
	double most = config->ring_bytes_max > 0 ? (double)config->ring_bytes_max : BUFFER_MAX;

	return (int)fmin(fmax(bytes, (double)BUFFER_MIN), most);
}

/* Before activation these fail only for what is no capture that can be activated. */
static bool set_options(pcap_t *pcap, const struct capture_config *config)
{
	int gather_ms = (int)((config->gather + NS_PER_MS - 1) / NS_PER_MS);

	return pcap_set_snaplen(pcap, (int)snaplen_for(config)) == 0 &&
	       pcap_set_promisc(pcap, 0) == 0 &&
	       pcap_set_buffer_size(pcap, buffer_for(config)) == 0 &&
	       (gather_ms > 0 ? pcap_set_timeout(pcap, gather_ms) :
			pcap_set_immediate_mode(pcap, 1)) == 0;
}

static bool set_up(pcap_t *pcap, const struct capture_config *config, struct err *err)
{
	int status;

	if (!set_options(pcap, config)) {
		return err_set(err, ERR_IO, "the capture takes no options");
	}
	if (pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) != 0) {
		return err_set(err, ERR_IO, "the capture has no nanosecond timestamps");
	}
	status = pcap_activate(pcap);
	if (status == PCAP_ERROR_PERM_DENIED) {
		return err_set(err, ERR_NO_RAW, "capture is not permitted");
	}
	if (status < 0) {
		return err_set(err, ERR_IO, "cannot capture: %.120s",
			status == PCAP_ERROR ? pcap_geterr(pcap) : pcap_statustostr(status));
	}
	/* The older cooked header does not say which interface it was. */
	return pcap_set_datalink(pcap, LINK_LINUX_SLL2) == 0 ||
	       err_set(err, ERR_IO, "this libpcap does not report the interface of a packet");
}

/* "thrupath", with which every payload of ours begins; `at` is where that is in the header. */
static void write_mark(struct strbuf *text, const char *header, unsigned at)
{
	strbuf_printf(text, "%s[%u:4] == 0x74687275 and %s[%u:4] == 0x70617468", header, at, header,
		at + 4);
}

/* Nested packets that leave are ours where a payload of ours is behind the last header, wherever
 * that ends, or a bare SYN: others' tunnels are none of our business. Headers have 20 bytes or
 * 40. */
static void write_stack(struct strbuf *text, const struct capture_config *config, bool is_v6)
{
	unsigned tcp_port = reply_context_port_of(&config->context, CARRIER_TCP);
	const char *ip = is_v6 ? "ip6" : "ip";

	strbuf_printf(text, "((%s proto 4 or %s proto 41) and (", ip, ip);
	for (unsigned end = is_v6 ? 60 : 40; end + 20 <= config->packet_bytes; end += 20) {
		strbuf_puts(text, end > (is_v6 ? 60U : 40U) ? " or (" : "(");
		write_mark(text, ip, end + 8);
		strbuf_puts(text, ")");
		if (tcp_port != 0) {
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
	strbuf_printf(text, " and (%s[%u] == 4 or %s[%u] == 41 or (%s[%u] == 17 and (%s[%u:2] == %u or "
		"%s[%u:2] == %u)) or (%s[%u] == 6 and %s[%u:2] == %u) or (%s[%u] == %u and %s[%u:2] == "
		"%u)))", icmp, protocol, icmp, protocol, icmp, protocol, icmp, carried + 2, context->port,
		icmp, carried + 2, reply_context_port_of(context, CARRIER_UDP), icmp, protocol, icmp,
		carried + 2, reply_context_port_of(context, CARRIER_TCP), icmp, protocol, is_v6 ? 58 : 1,
		icmp, carried + 4, context->echo_id);
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
	unsigned udp_port = reply_context_port_of(context, CARRIER_UDP);
	unsigned tcp_port = reply_context_port_of(context, CARRIER_TCP);
	char host[ADDR_TEXT_MAX];
	uint16_t low, high;

	if (!addr_is_set(self)) {
		return;
	}
	(void)addr_format(self, host);
	flow_port_range(context->to_source_port, &low, &high);
	strbuf_printf(text, "%s(src host %s and (", text->len > 0 ? " or " : "", host);
	write_stack(text, config, is_v6);
	strbuf_puts(text, " or ");
	write_echo(text, context, is_v6, false);
	strbuf_printf(text, " or (udp dst port %u and src portrange %u-%u and ", udp_port, low, high);
	write_mark(text, udp, is_v6 ? 48 : 8);
	strbuf_printf(text, ") or (tcp dst port %u and src portrange %u-%u and %s == tcp-syn)))",
		tcp_port, low, high, flags);
	strbuf_printf(text, " or (dst host %s and (", host);
	write_errors(text, context, is_v6);
	strbuf_puts(text, " or ");
	write_echo(text, context, is_v6, true);
	strbuf_printf(text, " or (udp dst port %u and ", context->port);
	write_mark(text, udp, is_v6 ? 48 : 8);
	strbuf_printf(text, ") or (tcp src port %u and dst portrange %u-%u and %s & (tcp-syn|tcp-rst) "
		"!= 0)))", tcp_port, low, high, flags);
}

static bool set_filter(pcap_t *pcap, const struct capture_config *config, struct err *err)
{
	const struct reply_context *context = &config->context;
	struct strbuf text = {0};
	struct bpf_program program;
	bool is_ok;

	write_clause(&text, config, &context->self);
	write_clause(&text, config, &context->self_other);
	write_clause(&text, config, &context->self_also);
	is_ok = pcap_compile(pcap, &program, strbuf_text(&text), 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (is_ok) {
		is_ok = pcap_setfilter(pcap, &program) == 0;
		pcap_freecode(&program);
	}
	strbuf_finish(&text);
	return is_ok || err_set(err, ERR_IO, "cannot set the capture filter: "
		"%.120s", pcap_geterr(pcap));
}

struct capture *capture_open(const struct capture_config *config, struct err *err)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	struct capture *capture = xcalloc(1, sizeof *capture);

	capture->config = *config;
	capture->pcap = pcap_create("any", reason);
	if (capture->pcap == NULL) {
		(void)err_set(err, ERR_IO, "cannot capture: %.120s", reason);
	} else if (set_up(capture->pcap, config, err) &&
	           set_filter(capture->pcap, config, err)) {
		if (pcap_setnonblock(capture->pcap, 1, reason) == 0 &&
		    pcap_get_selectable_fd(capture->pcap) >= 0) {
			return capture;
		}
		(void)err_set(err, ERR_IO, "cannot wait for packets");
	}
	capture_close(capture);
	return NULL;
}

bool capture_set_context(struct capture *capture, const struct reply_context *context,
	struct err *err)
{
	capture->config.context = *context;
	return set_filter(capture->pcap, &capture->config, err);
}

void capture_close(struct capture *capture)
{
	if (capture != NULL) {
		if (capture->pcap != NULL) {
			pcap_close(capture->pcap);
		}
		free(capture);
	}
}

int capture_fd(const struct capture *capture)
{
	return pcap_get_selectable_fd(capture->pcap);
}

/* Devices that stand upon one another all show a packet, within microseconds. What the network
 * itself has doubled comes in by the same one. */
static bool was_shown_by_another(struct capture *capture, const struct capture_packet *packet)
{
	static const struct siphash_key key = {0, 0};
	size_t len = ip_total_bytes(packet->bytes); /* a link may add to what is short */
	size_t most = packet->bytes[0] >> 4 == 6 || packet->len < HEAD_BYTES ? packet->len :
		HEAD_BYTES;
	uint64_t sum = siphash(&key, packet->bytes, len < most ? len : most);
	struct sight *sight = &capture->sight[sum % SIGHTS];

	if (sight->sum == sum && sight->interface != packet->interface) {
		return true;
	}
	*sight = (struct sight){sum, packet->interface};
	return false;
}

static void take_frame(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct capture *capture = (struct capture *)(void *)user;
	struct cursor c = cursor_of(bytes, header->caplen);
	struct capture_packet packet = {
		/* With nanosecond precision tv_usec holds them (pcap_set_tstamp_precision(3)). */
		.realtime = (ns_t)header->ts.tv_sec * NS_PER_SEC + (ns_t)header->ts.tv_usec,
		.interface = link_interface(LINK_LINUX_SLL2, c),
	};

	if (link_find_ip(LINK_LINUX_SLL2, &c)) {
		packet.bytes = c.bytes + c.pos;
		packet.len = cursor_left(&c);
		if (packet.len >= IP4_HEADER_BYTES && !was_shown_by_another(capture, &packet)) {
			capture->fn(capture->arg, &packet);
		}
	}
}

bool capture_drain(struct capture *capture, int limit, capture_fn *fn, void *arg, struct err *err)
{
	int got;

	capture->fn = fn;
	capture->arg = arg;
	while (limit > 0) {
		got = pcap_dispatch(capture->pcap, limit, take_frame, (u_char *)capture);
		if (got < 0) {
			return err_set(err, ERR_IO, "capture ended: %.120s", pcap_geterr(capture->pcap));
		}
		if (got == 0) {
			break;
		}
		limit -= got;
	}
	return true;
}

uint64_t capture_dropped(struct capture *capture)
{
	struct pcap_stat stat;

	return pcap_stats(capture->pcap, &stat) == 0 ? stat.ps_drop : 0;
}

const char *capture_library(void)
{
	return pcap_lib_version();
}
