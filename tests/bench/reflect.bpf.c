/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A whole path in the kernel, for the far end of a veth: at tc ingress every boomerang loses
 * all headers but its last one, as if each hop had unwrapped it, and goes back out of the
 * interface it came in by. Nothing else is answered. It measures the prober, not a network.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

enum { ETH_BYTES = 14, IP_BYTES = 20, HEADERS_MAX = 16, PROTO_IPIP = 4 };

static __always_inline int swap_macs(struct __sk_buff *skb)
{
	unsigned char macs[12], swapped[12];

	if (bpf_skb_load_bytes(skb, 0, macs, 12) != 0) {
		return -1;
	}
	__builtin_memcpy(swapped, macs + 6, 6);
	__builtin_memcpy(swapped + 6, macs, 6);
	return (int)bpf_skb_store_bytes(skb, 0, swapped, 12, 0);
}

SEC("tc")
int reflect(struct __sk_buff *skb)
{
	int outer = 0;

	if (skb->protocol != bpf_htons(0x0800)) {
		return TC_ACT_OK;
	}
	for (int i = 0; i < HEADERS_MAX; i++) {
		unsigned char protocol;

		if (bpf_skb_load_bytes(skb, ETH_BYTES + IP_BYTES * i + 9, &protocol, 1) != 0) {
			return TC_ACT_SHOT;
		}
		if (protocol != PROTO_IPIP) {
			break;
		}
		outer++;
	}
	if (outer == 0) {
		return TC_ACT_SHOT;
	}
	if (bpf_skb_adjust_room(skb, -IP_BYTES * outer, BPF_ADJ_ROOM_MAC, 0) != 0 ||
	    swap_macs(skb) != 0) {
		return TC_ACT_SHOT;
	}
	return (int)bpf_redirect(skb->ifindex, 0);
}

char reflect_license[] SEC("license") = "GPL";
