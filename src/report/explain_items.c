/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/explain_items.h"

#include <string.h>

#include "base/i18n.h"

enum { HOPS = 256 };

static bool is_item(const struct explained *found)
{
	return strcmp(found->id, "healthy") != 0 && !found->is_compared;
}

/* What is said of one hop alone. */
static bool is_alike(const struct explained *a, const struct explained *b)
{
	return is_item(a) && is_item(b) && a->sentence == b->sentence && a->report == b->report &&
	       a->low_hop > 0 && a->low_hop == a->high_hop && b->low_hop == b->high_hop;
}

static bool is_said_before(const struct explanation *found, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (is_alike(&found->finding[k], &found->finding[i])) {
			return true;
		}
	}
	return false;
}

static void put_hops(struct strbuf *out, const bool is_of[HOPS])
{
	bool has_any = false;

	for (unsigned first = 0, last; first < HOPS; first++) {
		if (!is_of[first]) {
			continue;
		}
		for (last = first; last + 1 < HOPS && is_of[last + 1]; last++) {
		}
		strbuf_puts(out, has_any ? ", " : "");
		if (last > first + 1) {
			strbuf_printf(out, _("%u to %u"), first, last);
		} else {
			strbuf_printf(out, last > first ? "%u, %u" : "%u", first, last);
		}
		has_any = true;
		first = last;
	}
}

static void put_likewise(struct strbuf *out, const struct explanation *found, size_t i)
{
	struct strbuf hops = {0};
	bool is_of[HOPS] = {false};
	size_t count = 0;

	for (size_t k = i + 1; k < found->count; k++) {
		unsigned hop = found->finding[k].low_hop;

		if (is_alike(&found->finding[i], &found->finding[k]) && hop < HOPS && !is_of[hop]) {
			is_of[hop] = true;
			count++;
		}
	}
	if (count > 0) {
		put_hops(&hops, is_of);
		strbuf_putc(out, ' ');
		strbuf_printf(out, ngettext("The same goes for hop %s.",
			"The same goes for hops %s.", plural_of(count)), strbuf_text(&hops));
	}
	strbuf_finish(&hops);
}

void explain_headline(const struct explanation *found, struct strbuf *text)
{
	strbuf_clear(text);
	strbuf_puts(text, found->finding[0].text);
	put_likewise(text, found, 0);
}

size_t explain_item(const struct explanation *found, size_t i, struct strbuf *text)
{
	strbuf_clear(text);
	while (i < found->count && (!is_item(&found->finding[i]) || is_said_before(found, i))) {
		i++;
	}
	if (i < found->count) {
		strbuf_puts(text, found->finding[i].text);
		put_likewise(text, found, i);
	}
	return i;
}
