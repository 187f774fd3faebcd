/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/truth.h"

#include <inttypes.h>

#include "sim/sim_int.h"

const char *sim_cause_name(enum sim_cause cause)
{
	static const char *const names[SIM_CAUSE_COUNT] = {
		[SIM_CAUSE_NONE] = "none",
		[SIM_CAUSE_LOSS] = "loss",
		[SIM_CAUSE_BURST] = "burst",
		[SIM_CAUSE_MEMBER] = "member",
		[SIM_CAUSE_QUEUE] = "queue",
		[SIM_CAUSE_OUTAGE] = "outage",
		[SIM_CAUSE_MTU] = "mtu",
		[SIM_CAUSE_TTL] = "ttl",
		[SIM_CAUSE_NO_ROUTE] = "no-route",
		[SIM_CAUSE_SOURCE] = "source",
		[SIM_CAUSE_FILTER] = "filter",
		[SIM_CAUSE_POLICE] = "police",
		[SIM_CAUSE_KIND] = "kind",
		[SIM_CAUSE_DECAP_REFUSED] = "decap-refused",
		[SIM_CAUSE_DECAP_SILENT] = "decap-silent",
		[SIM_CAUSE_DECAP_FAULT] = "decap-fault",
		[SIM_CAUSE_MALFORMED] = "malformed",
		[SIM_CAUSE_CONSUMED] = "consumed",
		[SIM_CAUSE_ICMP_OFF] = "icmp-off",
		[SIM_CAUSE_ICMP_LIMITED] = "icmp-limited",
	};

	return cause < SIM_CAUSE_COUNT ? names[cause] : "?";
}

void truth_tell(struct sim *sim, enum sim_event_kind kind, enum sim_cause cause,
	const struct packet *packet, bool is_link, uint16_t index)
{
	struct sim_event event = {.kind = kind, .cause = cause, .when = sim->now,
		.is_link = is_link, .index = index, .probe = packet->probe};

	if (sim->observer == NULL) {
		return;
	}
	if (is_link) {
		event.direction = index & 1;
		event.index = index / 2;
	}
	sim->observer(sim->observer_arg, &event);
}

void drop_on_channel(struct sim *sim, uint16_t channel, struct packet *packet, enum sim_cause cause)
{
	sim->channel[channel].truth.dropped[cause]++;
	truth_tell(sim, SIM_EVENT_DROPPED, cause, packet, true, channel);
	packet_free(sim, packet);
}

void drop_at_node(struct sim *sim, struct packet *packet, enum sim_cause cause)
{
	sim->node[packet->node].truth.dropped[cause]++;
	truth_tell(sim, SIM_EVENT_DROPPED, cause, packet, false, packet->node);
	packet_free(sim, packet);
}

void sim_observe(struct sim *sim, sim_observer_fn *fn, void *arg)
{
	sim->observer = fn;
	sim->observer_arg = arg;
}

const struct sim_link_truth *sim_link_truth(const struct sim *sim, size_t link, int direction)
{
	size_t channel = 2 * link + (direction != 0);

	return channel < sim->channel_count ? &sim->channel[channel].truth : NULL;
}

const struct sim_node_truth *sim_node_truth(const struct sim *sim, size_t node)
{
	return node < sim->node_count ? &sim->node[node].truth : NULL;
}

const struct sim_link_truth *sim_link_truth_named(const struct sim *sim, const char *a,
	const char *b)
{
	int from = scenario_find_node(sim->scenario, a);
	int to = scenario_find_node(sim->scenario, b);
	int direction = 0;
	int link;

	if (from < 0 || to < 0) {
		return NULL;
	}
	link = scenario_find_link(sim->scenario, (uint16_t)from, (uint16_t)to, &direction);
	return link < 0 ? NULL : sim_link_truth(sim, (size_t)link, direction);
}

const struct sim_node_truth *sim_node_truth_named(const struct sim *sim, const char *id)
{
	int node = scenario_find_node(sim->scenario, id);

	return node < 0 ? NULL : sim_node_truth(sim, (size_t)node);
}

void sim_event_format(const struct sim_event *event, const struct scenario *scenario,
	struct strbuf *text)
{
	static const char *const kinds[] = {
		[SIM_EVENT_SENT] = "sent",
		[SIM_EVENT_DROPPED] = "dropped",
		[SIM_EVENT_SUPPRESSED] = "suppressed",
		[SIM_EVENT_ANSWERED] = "answered",
		[SIM_EVENT_DELIVERED] = "delivered",
	};

	strbuf_printf(text, "%" PRId64 ".%09" PRId64 " %s %s ", event->when / NS_PER_SEC,
		event->when % NS_PER_SEC, kinds[event->kind], sim_cause_name(event->cause));
	if (event->is_link) {
		const uint16_t *node = scenario->link[event->index].node;

		strbuf_printf(text, "%s>%s", scenario->node[node[event->direction]].id,
			scenario->node[node[1 - event->direction]].id);
	} else {
		strbuf_puts(text, scenario->node[event->index].id);
	}
	strbuf_printf(text, " serial %" PRIu64 " id %04x", event->probe.serial, event->probe.ip_id);
	if (event->probe.has_seq) {
		strbuf_printf(text, " seq %" PRIu32, event->probe.seq);
	}
	strbuf_putc(text, '\n');
}
