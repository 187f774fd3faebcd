/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/mtu_search.h"

#include <stddef.h>

/*
 * Links have few sizes, and any other one is possible: sizes that are common weigh more, and each
 * probe halves the weight. Where the probes that are left would not do for what is rare, it halves
 * the number of sizes.
 */
enum { WEIGHT_COMMON = 24, WEIGHT_ROUND = 8, ROUND = 100, STEPS_MOST = 15 };

/* Ethernet, less PPPoE, IP in IP, GRE, both; WireGuard, VXLAN, IPsec; what clouds and mobile
 * networks have; PPP; what IPv6 and IPv4 demand; jumbo frames. */
static const uint16_t common[] = {296, 508, 552, 576, 1006, 1024, 1280, 1300, 1350, 1358, 1360,
	1380, 1390, 1400, 1410, 1412, 1418, 1420, 1422, 1428, 1430, 1436, 1438, 1440, 1442, 1446, 1448,
	1450, 1452, 1454, 1456, 1458, 1460, 1462, 1464, 1468, 1472, 1476, 1480, 1488, 1492, 1496,
	1498, 1500, 1504, 1508, 1512, 1600, 1700, 1900, 1950};

struct mtu_search mtu_search_of(uint16_t least, uint16_t most)
{
	return (struct mtu_search){.least = least, .most = most};
}

static void forget(struct mtu_search *search, unsigned i)
{
	search->silent_count--;
	for (; i < search->silent_count; i++) {
		search->silent[i] = search->silent[i + 1];
	}
}

void mtu_search_pass(struct mtu_search *search, uint16_t size)
{
	if (size <= search->passed) {
		return;
	}
	search->passed = size;
	while (search->silent_count > 0 && search->silent[0].size <= size) {
		search->refuted += search->silent[0].times == MTU_CERTAIN ? 0 : search->silent[0].times;
		forget(search, 0);
	}
}

void mtu_search_fail(struct mtu_search *search, uint16_t size, bool is_certain)
{
	struct mtu_silent *at;
	unsigned i = 0;

	if (size <= search->passed) {
		return;
	}
	while (i < search->silent_count && search->silent[i].size < size) {
		i++;
	}
	if (i == search->silent_count || search->silent[i].size != size) {
		if (search->silent_count == MTU_SILENT_MAX) {
			forget(search, MTU_SILENT_MAX - 1); /* the largest tells least */
			i = i < search->silent_count ? i : search->silent_count;
		}
		for (unsigned k = search->silent_count; k > i; k--) {
			search->silent[k] = search->silent[k - 1];
		}
		search->silent[i] = (struct mtu_silent){.size = size};
		search->silent_count++;
	}
	at = &search->silent[i];
	if (is_certain) {
		at->times = MTU_CERTAIN;
	} else if (at->times < MTU_CERTAIN - 1) {
		at->times++;
	}
}

void mtu_search_unsay(struct mtu_search *search, uint16_t size, unsigned times)
{
	for (unsigned i = 0; i < search->silent_count; i++) {
		struct mtu_silent *at = &search->silent[i];

		if (at->size == size && at->times != MTU_CERTAIN) {
			/* It stays the next to be tried. */
			at->times = at->times > times ? (uint8_t)(at->times - times) : 0;
			return;
		}
	}
}

unsigned mtu_search_silences(const struct mtu_search *search)
{
	return search->silent_count == 0 ? 0 : search->silent[0].times;
}

static unsigned weight_of(uint16_t size)
{
	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
		if (common[i] == size) {
			return WEIGHT_COMMON;
		}
	}
	return size % ROUND == 0 ? WEIGHT_ROUND : 1;
}

/* The answer is one of from .. end - 1: the size whose fate halves their weight. */
static uint16_t middle_by_weight(uint16_t from, uint16_t end)
{
	unsigned total = 0, below = 0;
	uint16_t size = from;

	for (uint16_t s = from; s < end; s++) {
		total += weight_of(s);
	}
	while (size + 1 < end && 2 * (below + weight_of(size)) <= total) {
		below += weight_of(size++);
	}
	/* One that alone is half of it is tried itself, to be proven at once. */
	return size > from ? size : (uint16_t)(from + 1);
}

static uint16_t bisect(uint16_t from, uint16_t end, int steps)
{
	int each = steps > STEPS_MOST ? 1 << STEPS_MOST : steps > 0 ? 1 << (steps - 1) : 0;
	uint16_t size = middle_by_weight(from, end);
	int low = end - each, high = from + each;

	if (low > high) {
		return (uint16_t)(from + (end - from) / 2);
	}
	return size < low ? (uint16_t)low : size > high ? (uint16_t)high : size;
}

uint16_t mtu_search_next(const struct mtu_search *search, const struct mtu_wanted *wanted)
{
	uint16_t end = search->silent_count > 0 ? search->silent[0].size :
		(uint16_t)(search->most + 1);
	uint16_t from = search->passed >= search->least ? search->passed :
		(uint16_t)(search->least - 1);
	uint16_t floor = search->floor > from && search->floor < end ? search->floor : from;

	if (end == from + 1) {
		return search->silent_count > 0 && search->silent[0].times < wanted->times ? end : 0;
	}
	if (search->hint > from && search->hint < end) {
		return search->hint;
	}
	if (search->silent_count == 0 || (search->silent_count == 1 && end == search->most &&
	    search->silent[0].times < wanted->first)) {
		return search->most;
	}
	if (search->hint == from) {
		return (uint16_t)(from + 1);
	}
	return end == floor + 1 ? floor : bisect(floor, end, wanted->steps);
}
