/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "sim/scn_int.h"

/*
 * Lines that say what there is: nodes, links with their addresses, routes, and changes of
 * these. Every address belongs to one node.
 */

/* The node that has this address, or -1. */
static int owner_of(const struct scenario *scenario, const struct addr *address)
{
	for (size_t i = 0; i < scenario->node_count; i++) {
		if (addr_equal(&scenario->node[i].address, address)) {
			return (int)i;
		}
	}
	for (size_t i = 0; i < scenario->link_count; i++) {
		for (int end = 0; end < 2; end++) {
			if (addr_equal(&scenario->link[i].address[end], address)) {
				return scenario->link[i].node[end];
			}
		}
	}
	return -1;
}

static bool read_address(const struct scenario *scenario, struct scn_words *words,
	const char *text, int node, struct addr *ret_address, struct err *err)
{
	struct addr address;
	int owner;

	if (!addr_parse(text, &address) || addr_is_unspecified(&address) ||
	    addr_is_multicast(&address) ||
	    addr_is_broadcast(&address)) {
		return scn_words_error(words, err, "\"%.40s\" is not an address of a host", text);
	}
	owner = owner_of(scenario, &address);
	if (owner >= 0 && owner != node) {
		return scn_words_error(words, err, "%s already belongs to %s: give another", text,
			scenario->node[owner].id);
	}
	*ret_address = address;
	return true;
}

/* No property begins with a digit or has a colon. */
static bool looks_like_address(const char *word)
{
	return word != NULL && ((word[0] >= '0' && word[0] <= '9') || strchr(word, ':') != NULL);
}

static bool read_id(const struct scenario *scenario, struct scn_words *words, char *ret_id,
	struct err *err)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	const char *word;

	if (!scn_words_need(words, "the node's id", &word, err)) {
		return false;
	}
	if (word[strspn(word, allowed)] != '\0' || strlen(word) >= SCN_ID_MAX) {
		return scn_words_error(words, err,
			"\"%.40s\" cannot be an id: up to %d letters, digits and _", word,
			SCN_ID_MAX - 1);
	}
	if (scenario_find_node(scenario, word) >= 0) {
		return scn_words_error(words, err, "%s is declared twice", word);
	}
	(void)snprintf(ret_id, SCN_ID_MAX, "%s", word);
	return true;
}

static bool read_name(struct scn_words *words, char *ret_name, struct err *err)
{
	const char *word;

	if (!scn_words_need(words, "the host name", &word, err)) {
		return false;
	}
	for (const char *c = word; *c != '\0'; c++) {
		if (*c < '!' || *c > '~') {
			return scn_words_error(words, err,
				"a host name is of printable ASCII only");
		}
	}
	if (strlen(word) >= SCN_HOST_NAME_MAX) {
		return scn_words_error(words, err, "the host name is longer than %d bytes",
			SCN_HOST_NAME_MAX - 1);
	}
	(void)snprintf(ret_name, SCN_HOST_NAME_MAX, "%s", word);
	return true;
}

/* Properties up to the end of the line; the mask tells which there were. */
static bool read_node_properties(struct scn_words *words, struct node_params *params, char *name,
	uint32_t *ret_mask, struct err *err)
{
	const char *word;
	uint32_t mask = 0;

	while ((word = scn_words_take(words)) != NULL) {
		bool is_ok = false;
		int index;

		if (name != NULL && strcmp(word, "name") == 0) {
			if (!read_name(words, name, err)) {
				return false;
			}
			continue;
		}
		index = node_params_read(params, word, words, &is_ok, err);
		if (index == PARAMS_NOT_A_WORD) {
			return scn_words_error(words, err,
				"\"%.40s\" is no property of a node: name, decap, "
				"icmp, icmp-rate, ... (see sim.md)", word);
		}
		if (!is_ok) {
			return false;
		}
		mask |= 1u << index;
	}
	*ret_mask = mask;
	return true;
}

static bool read_node(struct scenario *scenario, struct scn_words *words, enum scn_node_kind kind,
	struct err *err)
{
	struct scn_node node = {.kind = kind};
	uint32_t mask;

	if (scenario->node_count == SCN_NODES_MAX) {
		return scn_words_error(words, err, "more than %d nodes", SCN_NODES_MAX);
	}
	node_params_init(&node.params, kind != SCN_ROUTER);
	if (!read_id(scenario, words, node.id, err)) {
		return false;
	}
	if (looks_like_address(scn_words_peek(words))) {
		if (!read_address(scenario, words, scn_words_take(words), -1, &node.address, err)) {
			return false;
		}
	} else if (kind == SCN_PROBER) {
		return scn_words_error(words, err,
			"the prober needs its address: prober %s 10.0.1.1",
			node.id);
	}
	if (!read_node_properties(words, &node.params, node.name, &mask, err)) {
		return false;
	}
	scenario->node = xgrow(scenario->node, &scenario->node_cap, scenario->node_count,
		sizeof node);
	scenario->node[scenario->node_count++] = node;
	return true;
}

bool scn_read_prober(struct scenario *scenario, struct scn_words *words, struct err *err)
{
	if (scenario->prober != UINT16_MAX) {
		return scn_words_error(words, err, "a second prober: there can be only one");
	}
	scenario->prober = (uint16_t)scenario->node_count;
	return read_node(scenario, words, SCN_PROBER, err);
}

bool scn_read_router(struct scenario *scenario, struct scn_words *words, struct err *err)
{
	return read_node(scenario, words, SCN_ROUTER, err);
}

bool scn_read_host(struct scenario *scenario, struct scn_words *words, struct err *err)
{
	return read_node(scenario, words, SCN_HOST, err);
}

/* "R1-R2" to two nodes. */
static bool read_pair(const struct scenario *scenario, struct scn_words *words,
	uint16_t ret_node[2], struct err *err)
{
	const char *word, *dash;
	char left[SCN_ID_MAX];
	uint16_t node[2];

	if (!scn_words_need(words, "the link, such as R1-R2,", &word, err)) {
		return false;
	}
	dash = strchr(word, '-');
	if (dash == NULL || dash == word || dash - word >= SCN_ID_MAX || dash[1] == '\0') {
		return scn_words_error(words, err,
			"\"%.40s\" is not two nodes such as R1-R2", word);
	}
	(void)snprintf(left, sizeof left, "%.*s", (int)(dash - word), word);
	if (!scn_need_node(scenario, words, left, &node[0], err) ||
	    !scn_need_node(scenario, words, dash + 1, &node[1], err)) {
		return false;
	}
	if (node[0] == node[1]) {
		return scn_words_error(words, err, "a link of %s with itself", left);
	}
	memcpy(ret_node, node, sizeof node);
	return true;
}

/* "10.0.1.1/10.0.1.2", left end and right end. */
static bool read_explicit_addresses(const struct scenario *scenario, struct scn_words *words,
	struct scn_link *link, struct err *err)
{
	const char *word = scn_words_take(words);
	const char *slash = strchr(word, '/');
	char left[ADDR_TEXT_MAX];

	if (slash == NULL || slash - word >= ADDR_TEXT_MAX) {
		return scn_words_error(words, err,
			"\"%.40s\" should be the two ends' addresses: 10.0.1.1/10.0.1.2", word);
	}
	(void)snprintf(left, sizeof left, "%.*s", (int)(slash - word), word);
	if (strcmp(left, slash + 1) == 0) {
		return scn_words_error(words, err, "both ends have the address %s", left);
	}
	return read_address(scenario, words, left, link->node[0], &link->address[0], err) &&
		read_address(scenario, words, slash + 1, link->node[1], &link->address[1], err);
}

/* Addresses for link ends that nothing else gives one, two a link: 10.255.0.0/16, or
 * fd00:ff::/96 where the other end is of IPv6. */
static struct addr pool_address(const struct scenario *scenario, int end, uint8_t family)
{
	uint32_t address = 0x0aff0000u + 2 * (uint32_t)scenario->link_count + (uint32_t)end;
	struct addr addr;

	for (;;) {
		addr = addr_v4(address);
		if (family == ADDR_V6) {
			struct addr v6 = {.family = ADDR_V6, .byte = {0xfd, 0, 0, 0xff}};

			memcpy(v6.byte + 12, addr.byte, 4);
			addr = v6;
		}
		if (owner_of(scenario, &addr) < 0) {
			return addr;
		}
		address += 2 * SCN_LINKS_MAX;
	}
}

/* An end takes the address of its node's line if it is the prober, or if it is the right end
 * and no other link has it; then the left end is its mate in a /31 (RFC 3021) or /127
 * (RFC 6164). What is still without an address gets one from the pool. */
static void plan_addresses(const struct scenario *scenario, struct scn_link *link)
{
	for (int end = 1; end >= 0; end--) {
		const struct scn_node *node = &scenario->node[link->node[end]];
		bool is_free = addr_is_set(&node->address) && !node->is_address_taken;

		if (addr_is_set(&link->address[end])) {
			continue;
		}
		if (node->kind == SCN_PROBER) {
			link->address[end] = node->address;
		} else if (is_free && (end == 1 || link->node[1] == scenario->prober)) {
			link->address[end] = node->address;
		} else if (end == 0 && addr_is_set(&link->address[1]) &&
		    addr_equal(&link->address[1], &scenario->node[link->node[1]].address)) {
			struct addr mate = link->address[1];

			mate.byte[mate.family == ADDR_V6 ? 15 : 3] ^= 1;
			if (owner_of(scenario, &mate) < 0) {
				link->address[end] = mate;
			}
		}
	}
	/* The right end first: the pool is of the family of the other end. */
	for (int end = 1; end >= 0; end--) {
		if (!addr_is_set(&link->address[end])) {
			link->address[end] = pool_address(scenario, end, link->address[!end].family);
		}
	}
}

/* Properties up to the end of the line, for each direction with a mask of what was said. A
 * word `out-only` or `back-only` speaks of the property before it. */
static bool read_link_properties(struct scn_words *words, struct link_params ret_params[2],
	uint32_t ret_mask[2], struct err *err)
{
	const char *word;

	while ((word = scn_words_take(words)) != NULL) {
		struct link_params read = ret_params[0];
		uint8_t directions = 3;
		bool is_ok = false;
		int index = link_params_read(&read, word, words, &is_ok, err);

		if (index == PARAMS_NOT_A_WORD) {
			return scn_words_error(words, err,
				"\"%.40s\" is no property of a link: delay, "
				"jitter, loss, burst, rate, mtu, ... (see sim.md)", word);
		}
		if (!is_ok) {
			return false;
		}
		if (scn_words_skip(words, "out-only")) {
			directions = 1;
		} else if (scn_words_skip(words, "back-only")) {
			directions = 2;
		}
		for (int d = 0; d < 2; d++) {
			if ((directions >> d & 1) != 0) {
				link_params_apply(&ret_params[d], &read, 1u << index);
				ret_mask[d] |= 1u << index;
			}
		}
	}
	return true;
}

bool scn_read_link(struct scenario *scenario, struct scn_words *words, struct err *err)
{
	struct scn_link link = {0};
	uint32_t mask[2] = {0};

	if (scenario->link_count == SCN_LINKS_MAX) {
		return scn_words_error(words, err, "more than %d links", SCN_LINKS_MAX);
	}
	if (!read_pair(scenario, words, link.node, err)) {
		return false;
	}
	if (scenario_find_link(scenario, link.node[0], link.node[1], NULL) >= 0) {
		return scn_words_error(words, err, "these nodes have a link: for parallel ones use "
			"`members N`, to change it `at TIME link ...`");
	}
	if (looks_like_address(scn_words_peek(words)) &&
	    !read_explicit_addresses(scenario, words, &link, err)) {
		return false;
	}
	plan_addresses(scenario, &link);
	link_params_init(&link.dir[0]);
	link_params_init(&link.dir[1]);
	if (!read_link_properties(words, link.dir, mask, err)) {
		return false;
	}
	for (int end = 0; end < 2; end++) {
		struct scn_node *node = &scenario->node[link.node[end]];

		if (!addr_is_set(&node->address)) {
			node->address = link.address[end];
		}
		node->is_address_taken |= addr_equal(&node->address, &link.address[end]);
	}
	scenario->link = xgrow(scenario->link, &scenario->link_cap, scenario->link_count,
		sizeof link);
	scenario->link[scenario->link_count++] = link;
	return true;
}

bool scn_read_node_list(const struct scenario *scenario, struct scn_words *words,
	uint16_t *ret_nodes, size_t cap, size_t *ret_count, struct err *err)
{
	const char *word;
	size_t count = 0;

	if (!scn_words_need(words, "a list of nodes such as R1,R2", &word, err)) {
		return false;
	}
	for (;;) {
		size_t len = strcspn(word, ",");
		char id[SCN_ID_MAX] = "";

		if (len < sizeof id) {
			memcpy(id, word, len);
		}
		if (count == cap) {
			return scn_words_error(words, err, "more than %zu nodes in a list", cap);
		}
		if (id[0] == '\0') {
			return scn_words_error(words, err, "a list of nodes is written R1,R2,R3");
		}
		if (!scn_need_node(scenario, words, id, &ret_nodes[count], err)) {
			return false;
		}
		count++;
		if (word[len] == '\0') {
			*ret_count = count;
			return true;
		}
		word += len + 1;
	}
}

bool scn_read_route_values(const struct scenario *scenario, struct scn_words *words,
	struct scn_route *ret_route, struct err *err)
{
	static const char *const hashes[] = {"outer", "inner", "5-tuple", "packet", NULL};
	struct scn_route route = {0};
	const char *node, *to;
	size_t count = 0;
	int hash = HASH_OUTER;

	if (!scn_words_need(words, "the node that routes", &node, err) ||
	    !scn_need_node(scenario, words, node, &route.node, err)) {
		return false;
	}
	if (!scn_words_skip(words, "to") || (to = scn_words_take(words)) == NULL ||
	    !scn_words_skip(words, "via")) {
		return scn_words_error(words, err, "a route is written: R3 to A via R9");
	}
	if (!scn_need_node(scenario, words, to, &route.to, err) ||
	    !scn_read_node_list(scenario, words, route.via, SCN_VIA_MAX, &count, err)) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (scenario_find_link(scenario, route.node, route.via[i], NULL) < 0) {
			return scn_words_error(words, err,
				"%s has no link to %s: add `link %s-%s` above",
				node, scenario->node[route.via[i]].id, node,
				scenario->node[route.via[i]].id);
		}
	}
	if (scn_words_skip(words, "hash") &&
	    !scn_read_choice(words, "hash", hashes, &hash, err)) {
		return false;
	}
	route.via_count = (uint8_t)count;
	route.hash = (enum hash_mode)hash;
	*ret_route = route;
	return true;
}

bool scn_read_route(struct scenario *scenario, struct scn_words *words, struct err *err)
{
	struct scn_route route;

	if (!scn_read_route_values(scenario, words, &route, err)) {
		return false;
	}
	scenario->route = xgrow(scenario->route, &scenario->route_cap, scenario->route_count,
		sizeof route);
	scenario->route[scenario->route_count++] = route;
	return true;
}

/* Keeps them by time, equal ones in the order of the file. */
void scn_add_change(struct scenario *scenario, const struct scn_change *change)
{
	size_t at = scenario->change_count;

	scenario->change = xgrow(scenario->change, &scenario->change_cap, scenario->change_count,
		sizeof *change);
	while (at > 0 && scenario->change[at - 1].at > change->at) {
		scenario->change[at] = scenario->change[at - 1];
		at--;
	}
	scenario->change[at] = *change;
	scenario->change_count++;
}

bool scn_read_link_change(struct scenario *scenario, struct scn_words *words, ns_t at,
	struct err *err)
{
	struct scn_change change = {.at = at, .kind = SCN_CHANGE_LINK};
	uint16_t node[2];
	int direction = 0;
	int link;

	if (!read_pair(scenario, words, node, err)) {
		return false;
	}
	link = scenario_find_link(scenario, node[0], node[1], &direction);
	if (link < 0) {
		return scn_words_error(words, err, "no line before makes a link %s-%s",
			scenario->node[node[0]].id, scenario->node[node[1]].id);
	}
	if (!read_link_properties(words, change.link, change.link_mask, err)) {
		return false;
	}
	/* `out` is as written here: on a link named the other way round it is the way back. */
	if (direction == 1) {
		struct link_params swap = change.link[0];
		uint32_t swap_mask = change.link_mask[0];

		change.link[0] = change.link[1];
		change.link[1] = swap;
		change.link_mask[0] = change.link_mask[1];
		change.link_mask[1] = swap_mask;
	}
	change.index = (uint16_t)link;
	scn_add_change(scenario, &change);
	return true;
}

bool scn_read_node_change(struct scenario *scenario, struct scn_words *words, ns_t at,
	struct err *err)
{
	struct scn_change change = {.at = at, .kind = SCN_CHANGE_NODE};
	const char *id;

	if (!scn_words_need(words, "the node that changes", &id, err) ||
	    !scn_need_node(scenario, words, id, &change.index, err) ||
	    !read_node_properties(words, &change.node, NULL, &change.node_mask, err)) {
		return false;
	}
	scn_add_change(scenario, &change);
	return true;
}
