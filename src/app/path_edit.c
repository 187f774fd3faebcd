/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/path_edit.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "cli/destination.h"
#include "run/change.h"

static bool is_family_ours(const struct run *run, uint8_t family)
{
	return session_self(&run->session, family) != NULL;
}

/* A name that a hop bears, or that was asked for before, needs nobody asked. */
static bool find_name(const struct app *app, const char *word, char ret_address[ADDR_TEXT_MAX])
{
	const struct run *run = &app->run;

	for (size_t i = 0; i < app->known_count && i < KNOWN_MAX; i++) {
		if (strcmp(app->known[i].name, word) == 0) {
			(void)addr_format(&app->known[i].address, ret_address);
			return true;
		}
	}
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
static bool check_word(const struct app *app, const char *word, uint8_t *ret_family,
	char ret_why[EDIT_WHY])
{
	const struct run *run = &app->run;
	struct addr address;
	char text[ADDR_TEXT_MAX];
	const char *why = "";

	*ret_family = 0;
	if (!addr_parse(word, &address)) {
		if (word[strspn(word, "0123456789.")] == '\0' || strchr(word, ':') != NULL) {
			why = _("not an address");
		} else {
			(void)snprintf(ret_why, EDIT_WHY, "%s", find_name(app, word, text) ? text :
				_("a name, resolved when applied"));
			return true;
		}
	} else if (addr_is_unspecified(&address) || addr_is_multicast(&address) ||
	           addr_is_broadcast(&address)) {
		why = _("not a host address");
	} else if (!is_family_ours(run, address.family)) {
		why = _("this run has no address of that family");
	} else if (!addr_is_private(&address) && !run_may_nest_public(run)) {
		why = _("public: needs --public");
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
static bool check_hop(const struct app *app, const char *hop, size_t *ret_bytes,
	enum carrier *ret_carrier, char ret_why[EDIT_WHY])
{
	char text[EDIT_TEXT], first[EDIT_TEXT];
	uint8_t family, other = 0, told;
	const char *plus;

	(void)snprintf(text, sizeof text, "%s", hop);
	if (!carrier_cut(text, &told)) {
		(void)snprintf(ret_why, EDIT_WHY, "%s", _("after the slash: ipip, gre, srh or usid"));
		return false;
	}
	*ret_carrier = carrier_told(told, session_carrier(&app->run.session, NULL));
	plus = strchr(text, '+');
	(void)snprintf(first, sizeof first, "%.*s", (int)(plus == NULL ? strlen(text) :
		(size_t)(plus - text)), text);
	if (!check_word(app, first, &family, ret_why) ||
	    (plus != NULL && !check_word(app, plus + 1, &other, ret_why))) {
		return false;
	}
	family = family == 0 ? app->run.session.self.family : family;
	*ret_bytes = ip_header_bytes(other > family ? other : family) +
		carrier_shim_bytes(*ret_carrier);
	return true;
}

/* A leading address of our own is no hop: it is dropped when the path is applied. */
static size_t dropped_of(const struct app *app, const struct edit_path *path)
{
	const char *text = path->hop[0].text;
	char word[EDIT_TEXT], known[ADDR_TEXT_MAX];
	struct addr address;

	(void)snprintf(word, sizeof word, "%.*s", (int)strcspn(text, "+/"), text);
	return path->count > 1 &&
	       addr_parse(find_name(app, word, known) ? known : word, &address) &&
	       app->run.target.host->is_own(app->run.target.host, &address) ? 1 : 0;
}

void path_edit_check(void *arg, const struct edit_path *path, struct edit_verdict *verdict)
{
	const struct app *app = arg;
	size_t stack = 0, last = 0, dropped = dropped_of(app, path);
	enum carrier carrier = CARRIER_IPIP;
	unsigned depth = 0;
	uint8_t family;

	verdict->mtu = app->run.target.route.mtu;
	for (size_t i = 0; i < path->count; i++) {
		size_t bytes = 0;

		verdict->is_bad[i] = !check_hop(app, path->hop[i].text, &bytes, &carrier,
			verdict->why[i]);
		if (i > 0 && strcmp(path->hop[i].text, path->hop[i - 1].text) == 0) {
			verdict->is_bad[i] = true;
			(void)snprintf(verdict->why[i], EDIT_WHY, "%s",
				_("same as the previous hop"));
		}
		if (i >= dropped && !path->hop[i].is_skipped) {
			stack += 2 * bytes;
			last = bytes;
			depth++;
		}
	}
	if (path->via[0] != '\0') {
		verdict->is_via_bad = !check_word(app, path->via, &family, verdict->via_why);
		stack += last;
	}
	if (carrier_is_routed(carrier) && depth > 0) {
		stack = engine_stack_bytes(depth, ADDR_V6, carrier);
	}
	verdict->bytes = (unsigned)probe_wire_min(stack);
}

static bool join(const struct app *app, const struct edit_path *path, struct strbuf *text,
	struct err *err)
{
	if (path->count == 0) {
		return err_set(err, ERR_USAGE, "the path has no hops");
	}
	if (path->link > path->count) {
		return err_set(err, ERR_USAGE, "the path has no link %u", path->link);
	}
	for (size_t i = 0; i < path->count; i++) {
		char address[ADDR_TEXT_MAX], word[EDIT_TEXT];

		if (path->hop[i].text[0] == '\0' || strchr(path->hop[i].text, ',') != NULL) {
			return err_set(err, ERR_USAGE, "hop %zu is neither an address nor a name", i + 1);
		}
		(void)snprintf(word, sizeof word, "%.*s", (int)strcspn(path->hop[i].text, "/"),
			path->hop[i].text);
		strbuf_printf(text, "%s%s%s", i > 0 ? "," : "", find_name(app, word, address) ? address :
			word, path->hop[i].text + strlen(word));
	}
	return true;
}

static bool is_unknown(const struct app *app, const char *word)
{
	char text[ADDR_TEXT_MAX];
	struct addr address;

	return word[0] != '\0' && strpbrk(word, ",:+") == NULL &&
	       word[strspn(word, "0123456789.")] != '\0' && !addr_parse(word, &address) &&
	       !find_name(app, word, text);
}

bool path_edit_unknown(const struct app *app, const struct edit_path *path,
	char ret_name[EDIT_TEXT])
{
	uint8_t told;

	for (size_t i = 0; i < path->count; i++) {
		(void)snprintf(ret_name, EDIT_TEXT, "%s", path->hop[i].text);
		if (carrier_cut(ret_name, &told) && is_unknown(app, ret_name)) {
			return true;
		}
	}
	(void)snprintf(ret_name, EDIT_TEXT, "%s", path->via);
	return is_unknown(app, ret_name);
}

/* The path as an engine takes it. A leading address of our own was dropped. */
static bool fill_path(const struct edit_path *path, const struct target *target,
	struct engine_path *ret_path, struct err *err)
{
	size_t dropped = path->count - target->path_count;

	if (path->link > 0 && path->link <= dropped) {
		return err_set(err, ERR_USAGE, "hop 1 is this host: no link ends there");
	}
	*ret_path = (struct engine_path){.count = target->path_count, .via = target->via,
		.link = (uint8_t)(path->link > 0 ? path->link - dropped : 0)};
	memcpy(ret_path->hop, target->path, sizeof target->path);
	memcpy(ret_path->other, target->path_other, sizeof target->path_other);
	memcpy(ret_path->carrier, target->path_carrier, sizeof target->path_carrier);
	for (size_t i = dropped; i < path->count; i++) {
		ret_path->skipped |= (uint64_t)path->hop[i].is_skipped << (i - dropped);
	}
	return true;
}

bool path_edit_read(const struct app *app, const struct edit_path *path,
	struct target *ret_target, struct engine_path *ret_path, struct err *err)
{
	struct options options = *app->options;
	char via[ADDR_TEXT_MAX];
	struct strbuf words = {0};
	struct target target;
	bool is_ok;

	options.path = NULL;
	options.via = path->via[0] == '\0' ? NULL : find_name(app, path->via, via) ? via : path->via;
	options.destination = options.from = NULL;
	options.settings = app->run.settings;
	options.settings.is_reverse = options.is_demo = false;
	is_ok = join(app, path, &words, err);
	options.path = words.text;
	is_ok = is_ok && destination_parse(&options, &target, err) &&
	        change_ask_way(&app->run, &options.settings, &target, err) &&
	        fill_path(path, &target, ret_path, err);
	strbuf_finish(&words);
	if (is_ok) {
		*ret_target = target;
	}
	return is_ok;
}

bool path_edit_apply(struct app *app, const struct edit_path *path, struct err *err)
{
	struct run *run = &app->run;
	struct engine_path edited;
	struct target target;

	if (run->session.phase > PHASE_PROBING) {
		return err_set(err, ERR_USAGE, "The run has ended: c with more rounds continues it.");
	}
	/* What was looked for is of no use any more, and there are no counts yet to be kept. */
	if (!path_edit_read(app, path, &target, &edited, err) ||
	    (run->session.phase < PHASE_PROBING && !change_path(run, &target, err))) {
		return false;
	}
	run->edited = edited;
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = run->edited});
	run->target = target;
	return true;
}
