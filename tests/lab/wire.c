/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "labnet.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/heap.h"
#include "base/mem.h"
#include "base/rng.h"

/* From one end no more is read in one go than BATCH, lest who sends faster than it can be read
 * stops every other wire; what waits on a direction is bounded as on a wire. */
enum { FRAME_MAX = 2200, POLL_MAX = 2 * LAB_LINKS_MAX + LAB_DECAPS * LAB_NODES_MAX,
	SPIN_NS = 60000, BATCH = 64, QUEUE_MAX = 20000 };

struct frame {
	struct heap_node node;   /* first: the heap hands it back */
	struct frame *next_free;
	size_t link;             /* where it comes out */
	int side;
	size_t len;
	uint8_t bytes[FRAME_MAX];
};

struct direction {
	bool is_bad;             /* Gilbert and Elliott */
	ns_t last_due;
	uint64_t sent, lost;
	size_t queued;
};

struct wires {
	struct lab *lab;
	struct link_params params[LAB_LINKS_MAX][2];
	struct direction direction[LAB_LINKS_MAX][2];
	struct heap due;
	struct frame *free;
	struct rng rng;
	ns_t start;
	size_t changes_done;
};

static ns_t now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ns_from_timespec(ts);
}

static ns_t realtime_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return ns_from_timespec(ts);
}

static struct frame *take_frame(struct wires *w)
{
	struct frame *frame = w->free;

	if (frame == NULL) {
		return xcalloc(1, sizeof *frame);
	}
	w->free = frame->next_free;
	return frame;
}

static void give_back(struct wires *w, struct frame *frame)
{
	frame->next_free = w->free;
	w->free = frame;
}

static bool is_lost(struct wires *w, const struct link_params *params, struct direction *direction)
{
	const struct burst *burst = &params->burst;

	if (burst->enter > 0) {
		direction->is_bad = direction->is_bad ? !rng_chance(&w->rng, burst->leave) :
			rng_chance(&w->rng, burst->enter);
		if (direction->is_bad && rng_chance(&w->rng, burst->loss)) {
			return true;
		}
	}
	return rng_chance(&w->rng, params->loss);
}

static ns_t jitter_of(struct wires *w, const struct jitter *jitter)
{
	double x = 0;

	switch (jitter->law) {
	case JITTER_NONE:
		return 0;
	case JITTER_NORMAL:
		x = rng_normal(&w->rng);
		x = x > 4 ? 4 : x < -4 ? -4 : x;
		break;
	case JITTER_EXPONENTIAL:
		x = rng_exponential(&w->rng);
		break;
	case JITTER_UNIFORM:
		x = rng_unit(&w->rng);
		break;
	case JITTER_PARETO:
		x = pow(1 - rng_unit(&w->rng), -1 / jitter->alpha) - 1;
		break;
	}
	return (ns_t)(x * (double)jitter->spread);
}

static void carry(struct wires *w, struct frame *frame, size_t link, int side, ns_t now)
{
	const struct link_params *params = &w->params[link][side];
	struct direction *direction = &w->direction[link][side];
	ns_t delay = params->delay + jitter_of(w, &params->jitter), due;

	direction->sent++;
	if (direction->queued == QUEUE_MAX || is_lost(w, params, direction)) {
		direction->lost++;
		give_back(w, frame);
		return;
	}
	due = now + (delay > 0 ? delay : 0);
	if (due < direction->last_due && !params->may_reorder) {
		due = direction->last_due;
	}
	direction->last_due = due;
	frame->link = link;
	frame->side = !side;
	direction->queued++;
	heap_set(&w->due, &frame->node, due);
}

/* From one host to another; neighbours are not looked for here. */
static bool is_ip(const struct frame *frame)
{
	unsigned type = frame->len > 14 ? (unsigned)frame->bytes[12] << 8 | frame->bytes[13] : 0;

	return (frame->bytes[0] & 1) == 0 && (type == 0x0800 || type == 0x86dd);
}

static void read_end(struct wires *w, size_t link, int side, ns_t now)
{
	for (int i = 0; i < BATCH; i++) {
		struct frame *frame = take_frame(w);
		ssize_t len = read(w->lab->end[link][side].fd, frame->bytes, FRAME_MAX);

		if (len <= 0) {
			give_back(w, frame);
			return;
		}
		frame->len = (size_t)len;
		if (is_ip(frame)) {
			carry(w, frame, link, side, now);
		} else {
			give_back(w, frame);
		}
	}
}

/* The same for what the prober sends: the wire begins when the kernel says it left. The copy
 * that the TAP device has is of no use then. */
static void read_stamped(struct wires *w, size_t link, int side)
{
	const struct lab_end *end = &w->lab->end[link][side];
	uint8_t waste[FRAME_MAX];
	ns_t offset = realtime_ns() - now_ns();

	for (int i = 0; i < BATCH; i++) {
		struct frame *frame = take_frame(w);
		_Alignas(struct cmsghdr) uint8_t control[64];
		struct iovec part = {frame->bytes, FRAME_MAX};
		struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof control};
		ssize_t len = recvmsg(end->stamped, &message, 0);
		const struct cmsghdr *stamp = CMSG_FIRSTHDR(&message);
		struct timespec ts;

		if (len <= 0) {
			give_back(w, frame);
			break;
		}
		frame->len = (size_t)len;
		if (stamp == NULL || !is_ip(frame)) {
			give_back(w, frame);
			continue;
		}
		memcpy(&ts, CMSG_DATA(stamp), sizeof ts);
		carry(w, frame, link, side, ns_from_timespec(ts) - offset);
	}
	for (int i = 0; i < BATCH && read(end->fd, waste, sizeof waste) > 0; i++) {
	}
}

/* RFC 2003, 2473, 4213, 2784: what the outer header carried is given back to the kernel as it is. A
 * raw socket of IPv4 hands over that header, too, one of IPv6 does not. */
static void decapsulate(const struct wires *w, size_t node)
{
	enum carrier carrier = w->lab->scenario->node[node].params.carrier;
	uint8_t bytes[FRAME_MAX];
	ssize_t len;

	for (int i = 0; i < LAB_DECAPS && w->lab->decap_out[node] >= 0; i++) {
		for (int k = 0; k < BATCH && (len = recv(w->lab->decap_in[node][i], bytes,
			sizeof bytes, 0)) > 0; k++) {
			/* By GRE the first is of IPv4 alone. */
			bool is_v4 = i == 0 || (i == 1 && carrier == CARRIER_IPIP);
			ssize_t header = (is_v4 ? (bytes[0] & 15) * 4 : 0) +
				(ssize_t)carrier_shim_bytes(carrier);

			if (len > header + 20) {
				(void)!write(w->lab->decap_out[node], bytes + header,
					(size_t)(len - header));
			}
		}
	}
}

/*
 * The kernel routes within our write: what a node makes of a frame can be read at once. It
 * counts as sent when the frame was due, so that neither our lateness nor the time that the
 * kernel and we need for a hop adds up along the path.
 */
static void follow(struct wires *w, size_t node, ns_t when)
{
	const struct scenario *scn = w->lab->scenario;

	if (node == scn->prober) {
		return;
	}
	decapsulate(w, node);
	for (size_t i = 0; i < scn->link_count; i++) {
		for (int side = 0; side < 2; side++) {
			if (scn->link[i].node[side] == node) {
				read_end(w, i, side, when);
			}
		}
	}
}

static void send_due(struct wires *w)
{
	struct heap_node *first;
	ns_t now = now_ns();

	while ((first = heap_first(&w->due)) != NULL && first->when <= now + SPIN_NS) {
		struct frame *frame = (struct frame *)(void *)first;

		while (now < first->when) {
			now = now_ns();
		}
		heap_remove(&w->due, first);
		w->direction[frame->link][!frame->side].queued--;
		(void)!write(w->lab->end[frame->link][frame->side].fd, frame->bytes, frame->len);
		follow(w, w->lab->scenario->link[frame->link].node[frame->side], first->when);
		give_back(w, frame);
	}
}

static void apply_changes(struct wires *w, ns_t now)
{
	const struct scenario *scn = w->lab->scenario;

	while (w->changes_done < scn->change_count &&
	       now - w->start >= scn->change[w->changes_done].at) {
		const struct scn_change *change = &scn->change[w->changes_done++];

		for (int side = 0; change->kind == SCN_CHANGE_LINK && side < 2; side++) {
			link_params_apply(&w->params[change->index][side], &change->link[side],
				change->link_mask[side]);
		}
	}
}

static size_t fill_poll(const struct wires *w, struct pollfd *fds)
{
	const struct scenario *scn = w->lab->scenario;
	size_t count = 0;

	for (size_t i = 0; i < scn->link_count; i++) {
		fds[count++] = (struct pollfd){.fd = w->lab->end[i][0].fd, .events = POLLIN};
		fds[count++] = (struct pollfd){.fd = w->lab->end[i][1].fd, .events = POLLIN};
	}
	for (size_t i = 0; i < LAB_DECAPS * scn->node_count; i++) {
		fds[count++] = (struct pollfd){.events = POLLIN, .fd =
			w->lab->decap_out[i / LAB_DECAPS] < 0 ? -1 :
			w->lab->decap_in[i / LAB_DECAPS][i % LAB_DECAPS]};
	}
	return count;
}

static void read_all(struct wires *w, const struct pollfd *fds)
{
	const struct scenario *scn = w->lab->scenario;
	ns_t now = now_ns();

	for (size_t i = 0; i < LAB_DECAPS * scn->node_count; i++) {
		if (fds[2 * scn->link_count + i].revents != 0) {
			decapsulate(w, i / LAB_DECAPS);
		}
	}
	for (size_t i = 0; i < 2 * scn->link_count; i++) {
		if (fds[i].revents != 0 && w->lab->end[i / 2][i % 2].stamped >= 0) {
			read_stamped(w, i / 2, (int)(i % 2));
		} else if (fds[i].revents != 0) {
			read_end(w, i / 2, (int)(i % 2), now);
		}
	}
}

static void write_truth(const struct wires *w, const char *path)
{
	const struct scenario *scn = w->lab->scenario;
	FILE *file = path == NULL ? NULL : fopen(path, "we");

	if (file == NULL) {
		return;
	}
	for (size_t i = 0; i < scn->link_count; i++) {
		for (int side = 0; side < 2; side++) {
			const struct direction *direction = &w->direction[i][side];

			(void)fprintf(file, "%s %s %llu %llu\n",
				scn->node[scn->link[i].node[side]].id,
				scn->node[scn->link[i].node[!side]].id,
				(unsigned long long)direction->sent,
				(unsigned long long)direction->lost);
		}
	}
	(void)fclose(file);
}

/* Before everything else on the machine, if that is allowed: our waiting would be measured as
 * delay of the first wire. The children were started before. */
static void hurry(void)
{
	struct sched_param param = {.sched_priority = 1};

	(void)sched_setscheduler(0, SCHED_FIFO, &param);
	(void)prctl(PR_SET_TIMERSLACK, 1UL);
}

int lab_run(struct lab *lab, int child, const char *truth)
{
	static struct wires w;
	struct pollfd fds[POLL_MAX];
	size_t count;
	int status = 0;

	w = (struct wires){.lab = lab, .start = now_ns()};
	rng_init(&w.rng, lab->scenario->seed, 9);
	for (size_t i = 0; i < lab->scenario->link_count; i++) {
		memcpy(w.params[i], lab->scenario->link[i].dir, sizeof w.params[i]);
	}
	count = fill_poll(&w, fds);
	hurry();
	while (waitpid(child, &status, WNOHANG) == 0) {
		const struct heap_node *first = heap_first(&w.due);
		ns_t now = now_ns(), wait = 50 * NS_PER_MS;
		struct timespec timeout;

		if (first != NULL && first->when - now - SPIN_NS < wait) {
			wait = first->when - now - SPIN_NS;
		}
		timeout = ns_to_timespec(wait);
		if (ppoll(fds, count, &timeout, NULL) > 0) {
			read_all(&w, fds);
		}
		send_due(&w);
		apply_changes(&w, now_ns());
	}
	write_truth(&w, truth);
	return status;
}
