/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/path_edit.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "base/utf8.h"

static bool is_family_ours(const struct run *run, uint8_t family)
{
	return session_self(&run->session, family) != NULL;
}

/* A name that a hop bears needs nobody asked. */
static bool find_name(struct run *run, const char *word, char ret_address[ADDR_TEXT_MAX])
{
	for (size_t k = 0; run->name_of != NULL && k < run->session.hop_count; k++) {
		const struct addr *address = &run->session.hops[k].address;
		const char *name = addr_is_set(address) ? run->name_of(run->name_arg, address) : NULL;

		if (name != NULL && strcmp(name, word) == 0) {
			(void)addr_format(address, ret_address);
			return true;
		}
	}
	return false;
}

/* One address, or a name; `ret_family` 0 for a name. False: it can be neither. */
static bool check_word(struct run *run, const char *word, uint8_t *ret_family,
	char ret_why[EDIT_WHY])
{
	struct addr address;
	char text[ADDR_TEXT_MAX];
	const char *why = "";

	*ret_family = 0;
	if (!addr_parse(word, &address)) {
		if (word[strspn(word, "0123456789.")] == '\0' || strchr(word, ':') != NULL) {
			why = _("no address");
		} else {
			(void)snprintf(ret_why, EDIT_WHY, "%s", find_name(run, word, text) ? text :
				_("a name, asked for when applied"));
			return true;
		}
	} else if (addr_is_unspecified(&address) || addr_is_multicast(&address) ||
	           addr_is_broadcast(&address)) {
		why = _("no host's address");
	} else if (!is_family_ours(run, address.family)) {
		why = _("this run has no address of that family");
	} else if (!addr_is_private(&address) && !run_may_nest_public(run)) {
		why = _("public: takes --public");
	}
	*ret_family = address.family;
	if (why[0] != '\0') {
		(void)snprintf(ret_why, EDIT_WHY, "%s", why);
		return false;
	}
	utf8_clean(run->name_of == NULL || run->name_of(run->name_arg, &address) == NULL ? "" :
		run->name_of(run->name_arg, &address), ret_why, EDIT_WHY);
	return true;
}

/* The words of a bridge are joined by a plus. */
static bool check_hop(struct run *run, const char *text, size_t *ret_bytes,
	char ret_why[EDIT_WHY])
{
	const char *plus = strchr(text, '+');
	char first[EDIT_TEXT];
	uint8_t family, other = 0;

	(void)snprintf(first, sizeof first, "%.*s", (int)(plus == NULL ? strlen(text) :
		(size_t)(plus - text)), text);
	if (!check_word(run, first, &family, ret_why) ||
	    (plus != NULL && !check_word(run, plus + 1, &other, ret_why))) {
		return false;
	}
	family = family == 0 ? run->session.self.family : family;
	*ret_bytes = ip_header_bytes(other > family ? other : family);
	return true;
}

void path_edit_check(void *arg, const struct edit_path *path, struct edit_verdict *verdict)
{
	struct run *run = arg;
	size_t stack = 0, last = 0;
	uint8_t family;

	verdict->mtu = run->target.route.mtu;
	for (size_t i = 0; i < path->count; i++) {
		size_t bytes = 0;

		verdict->is_bad[i] = !check_hop(run, path->hop[i].text, &bytes, verdict->why[i]);
		if (i > 0 && strcmp(path->hop[i].text, path->hop[i - 1].text) == 0) {
			verdict->is_bad[i] = true;
			(void)snprintf(verdict->why[i], EDIT_WHY, "%s",
				_("the same as the hop before"));
		}
		if (!path->hop[i].is_skipped) {
			stack += 2 * bytes;
			last = bytes;
		}
	}
	if (path->via[0] != '\0') {
		verdict->is_via_bad = !check_word(run, path->via, &family, verdict->via_why);
		stack += last;
	}
	verdict->bytes = (unsigned)probe_wire_min(stack);
}

static bool join(struct run *run, const struct edit_path *path, struct strbuf *text,
	struct err *err)
{
	if (path->count == 0) {
		return err_set(err, ERR_USAGE, "the path has no hop");
	}
	if (path->link > path->count) {
		return err_set(err, ERR_USAGE, "the path has no link %u", path->link);
	}
	for (size_t i = 0; i < path->count; i++) {
		char address[ADDR_TEXT_MAX];

		if (path->hop[i].text[0] == '\0' || strchr(path->hop[i].text, ',') != NULL) {
			return err_set(err, ERR_USAGE, "hop %zu is no address and no name", i + 1);
		}
		strbuf_printf(text, "%s%s", i > 0 ? "," : "",
			find_name(run, path->hop[i].text, address) ? address : path->hop[i].text);
	}
	return true;
}

bool path_edit_apply(struct run *run, const struct edit_path *path, struct err *err)
{
	struct engine_path taken = {.link = (uint8_t)path->link};
	struct options options = *run->options;
	struct strbuf words = {0};
	struct target target;
	bool is_ok;

	if (run->session.phase != PHASE_PROBING) {
		return err_set(err, ERR_USAGE, run->session.phase < PHASE_PROBING ?
			"the path is still being looked for: try again in a moment" :
			"the run is over: nothing more is probed");
	}
	options.path = NULL;
	options.via = path->via[0] == '\0' ? NULL : path->via;
	options.destination = options.from = NULL;
	options.is_reverse = options.is_demo = false;
	is_ok = join(run, path, &words, err);
	options.path = words.text;
	is_ok = is_ok && run_parse_again(run, &options, &target, err);
	strbuf_finish(&words);
	if (!is_ok) {
		return false;
	}
	/* A leading address of our own was dropped. */
	taken.count = target.path_count;
	memcpy(taken.hop, target.path, sizeof target.path);
	memcpy(taken.other, target.path_other, sizeof target.path_other);
	taken.via = target.via;
	for (size_t i = path->count - target.path_count; i < path->count; i++) {
		taken.skipped |= (uint64_t)path->hop[i].is_skipped << (i + target.path_count - path->count);
	}
	drive_set_path(&run->drive, &taken);
	run->target = target;
	return true;
}
