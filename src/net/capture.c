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
#include "net/capture_filter.h"
#include "pkt/link.h"

enum { SNAPLEN_MAX = 2048, LINK_BYTES_MAX = 64, ERROR_BYTES = 1280, BUFFER_MIN = 2 << 20,
	FRAME_BYTES = 128, BUFFER_MAX = 16 << 20, BLOCK_BYTES = 4096, SIGHTS = 4096,
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

/* Where packets are not gathered, libpcap puts as many whole frames into a page as there is room
 * for, and asks for so many pages that all frames find theirs: of the buffer this is used. */
static double used_of_page(const struct capture_config *config)
{
	size_t frame = snaplen_for(config) + FRAME_BYTES;

	return config->gather > 0 ? 1 : (double)(BLOCK_BYTES / frame * frame) / BLOCK_BYTES;
}

/* A tenth of a second of traffic: nothing is lost while the process waits for its turn. */
static int buffer_for(const struct capture_config *config)
{
	double bytes = config->rate_pps * (double)(config->packet_bytes + FRAME_BYTES) / 10;
	double most = config->ring_bytes_max > 0 ? (double)config->ring_bytes_max : BUFFER_MAX;

	return (int)(fmin(fmax(bytes, (double)BUFFER_MIN), most) * used_of_page(config));
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

static bool set_filter(pcap_t *pcap, const struct capture_config *config, struct err *err)
{
	struct bpf_program program;
	bool is_ok = capture_filter_compile(pcap, config, &program);

	if (is_ok) {
		is_ok = pcap_setfilter(pcap, &program) == 0;
		capture_filter_finish(&program);
	}
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
